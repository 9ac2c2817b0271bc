"""How many cores there are to work with, and which of them have nothing to do."""

from __future__ import annotations

import contextlib
import os
import threading


def cores() -> int:
    """How many cores this process may use: on a cluster often fewer than there are."""
    with contextlib.suppress(AttributeError):  # macOS has no such call
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class SpareCores:
    """Lends cores that no file of its own keeps busy. Its methods may be called from several threads.

    Args:
        count: How many cores there are.
        files: How many files there are to work on, each on a core of its own.
        jobs: How many of them at once, at most.
    """

    def __init__(self, count: int, *, files: int, jobs: int) -> None:
        begun = min(files, jobs)
        self._spare = count - begun
        self._waiting = files - begun
        self._guard = threading.Lock()

    def borrow(self) -> bool:
        """Take a core, if one is spare; tell whether it was."""
        if self._spare <= 0:  # most often, and without the lock: a core too late is soon asked for again
            return False
        with self._guard:
            is_spare = self._spare > 0
            self._spare -= is_spare
        return is_spare

    def give_back(self) -> None:
        """Give a borrowed core back."""
        with self._guard:
            self._spare += 1

    def done(self) -> None:
        """Tell that a file is finished: its core goes to one that waits, or is spare."""
        with self._guard:
            if self._waiting:
                self._waiting -= 1
            else:
                self._spare += 1
