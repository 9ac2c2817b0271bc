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
from typing import Any

from hfpin.errors import DestinationError, HfpinError
from hfpin.operations import failure
from hfpin.operations.partial import Owner, this_process

LOCK_NAME = ".hfpin.lock"
_HOLDER_NAME = ".hfpin.holder"
_ASK_EVERY = 0.2


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
    from filelock import FileLock  # here: a fetch with nothing to do need not pay for it

    try:
        workshop.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DestinationError(
            f"{workshop} cannot be made: {error.strerror}", hint="Check the path and its permissions."
        ) from None
    before = failure.last(workshop)
    lock = FileLock(workshop / LOCK_NAME)
    waited = _acquire(lock, workshop, idle, waiting)
    try:
        if waited:
            _share_failure(workshop, before)
        me = this_process()
        with contextlib.suppress(OSError):
            (workshop / _HOLDER_NAME).write_text(json.dumps({"host": me.host, "pid": me.pid}))
        try:
            yield
        except HfpinError as error:
            failure.leave(workshop, error)
            raise
        failure.clear(workshop)
    finally:
        with contextlib.suppress(OSError):
            (workshop / _HOLDER_NAME).unlink(missing_ok=True)
        lock.release()


def _acquire(lock: Any, workshop: Path, idle: float, waiting: Callable[[str], None]) -> bool:
    """Get the lock, and tell whether it was waited for."""
    from filelock import Timeout

    deadline = time.monotonic() + idle
    seen, told = _state(workshop), False
    while True:
        try:
            lock.acquire(timeout=_ASK_EVERY if told else 0)
        except Timeout:
            holder = _read_holder(workshop)
            if not told:
                waiting(holder)
                told = True
            now = _state(workshop)
            if now != seen:
                seen, deadline = now, time.monotonic() + idle
            if time.monotonic() > deadline:
                raise DestinationError(
                    f"{workshop}: {holder} has held the lock for {idle:.0f} s without fetching a byte",
                    hint="See what it does, end it if it hangs, then run the same command again.",
                ) from None
        except NotImplementedError:
            return told  # no locks on this file system: everybody fetches, and all end right
        except OSError as error:
            raise DestinationError(
                f"{workshop} cannot be written to: {error.strerror}", hint="Check its permissions."
            ) from None
        else:
            return told


def _share_failure(workshop: Path, before: failure.Failure | None) -> None:
    """Raise what went wrong while we waited, if anything did."""
    now = failure.last(workshop)
    if now is not None and (before is None or now.number != before.number):
        raise now.error


def _read_holder(workshop: Path) -> str:
    try:
        holder = json.loads((workshop / _HOLDER_NAME).read_text())
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
