"""Taking turns: one process fetches into a folder, the others wait and then find it done.

It saves work and no more: whatever a file system's locks do, each process writes files of its own and puts
them in place by renaming.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from hfpin import atomic
from hfpin.errors import DestinationError, HfpinError
from hfpin.operations import failure
from hfpin.operations.file_lock import try_lock
from hfpin.operations.partial import Owner, this_process

LOCK_NAME = ".hfpin.lock"
_HOLDER_NAME = ".hfpin.holder"
_ASK_EVERY = 0.05
"""Seconds between two tries to get the lock."""
_LOOK_EVERY = 4
"""Tries after which the folder is looked through: whether its holder gets on."""


@contextlib.contextmanager
def turn(workshop: Path, *, idle: float, waiting: Callable[[str], None]) -> Iterator[None]:
    """Wait for one's turn in a folder, and hold it. A turn ends with its process, however that ends.

    Args:
        workshop: The folder; it is created.
        idle: Seconds to wait for a holder under whose hands nothing in the folder changes.
        waiting: Told once whom we wait for.

    Raises:
        DestinationError: The holder does nothing, or the folder cannot be written to.
        HfpinError: Whoever we waited for failed: that is raised here too, not met again.
    """
    try:
        workshop.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DestinationError(
            f"{workshop} cannot be made: {error.strerror}", hint="Check the path and its permissions."
        ) from None
    before = failure.last(workshop)
    waited, give_back = _acquire(workshop, idle, waiting)
    try:
        if waited:
            _share_failure(workshop, before)
        me = this_process()
        with contextlib.suppress(OSError):
            (workshop / _HOLDER_NAME).unlink(missing_ok=True)
            with (workshop / _HOLDER_NAME).open(
                "x"
            ) as holder:  # a link that somebody put there is not followed
                json.dump({"host": me.host, "pid": me.pid}, holder)
        try:
            yield
        except HfpinError as error:
            failure.leave(workshop, error)
            raise
        failure.clear(workshop)
    finally:
        with contextlib.suppress(OSError):
            (workshop / _HOLDER_NAME).unlink(missing_ok=True)
        give_back()


def _acquire(workshop: Path, idle: float, waiting: Callable[[str], None]) -> tuple[bool, Callable[[], None]]:
    """Get the lock; tell whether it was waited for, and what gives it back."""
    give_back = _try(workshop)
    if give_back is not None:
        return False, give_back
    waiting(_read_holder(workshop))
    seen, deadline = _state(workshop), time.monotonic() + idle
    while True:
        for _ in range(_LOOK_EVERY):
            time.sleep(_ASK_EVERY)
            give_back = _try(workshop)
            if give_back is not None:
                return True, give_back
        now = _state(workshop)
        if now != seen:
            seen, deadline = now, time.monotonic() + idle
        if time.monotonic() > deadline:
            raise DestinationError(
                f"{workshop}: {_read_holder(workshop)} has held the lock for {idle:.0f} s "
                "without fetching a byte",
                hint="See what it does, end it if it hangs, then run the same command again.",
            )


def _try(workshop: Path) -> Callable[[], None] | None:
    try:
        return try_lock(workshop / LOCK_NAME)
    except NotImplementedError:
        return lambda: None  # no locks on this file system: everybody fetches, and all end right
    except OSError as error:
        raise DestinationError(
            f"{workshop} cannot be written to: {error.strerror}", hint="Check its permissions."
        ) from None


def _share_failure(workshop: Path, before: failure.Failure | None) -> None:
    """Raise what went wrong while we waited, if anything did."""
    now = failure.last(workshop)
    if now is not None and (before is None or now.number != before.number):
        raise now.error


def _read_holder(workshop: Path) -> str:
    try:
        holder = json.loads(atomic.a_file(workshop / _HOLDER_NAME).read_text())
        return str(Owner(host=str(holder["host"]), pid=int(holder["pid"])))
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"


def _state(workshop: Path) -> tuple[int, int]:
    """What changes when something is fetched: how many files there are, and their bytes."""
    sizes = []
    for path in workshop.iterdir():
        with contextlib.suppress(OSError):
            sizes.append(path.stat().st_size)
    return len(sizes), sum(sizes)
