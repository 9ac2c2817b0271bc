"""Partial files: what has come of a file so far, under a name that says whose it is.

`<digest>.<host>.<pid>.hfpin.incomplete`: the digest says what it will be, host and process who is writing it.
Two processes never write one file, even where the file system's locks lie. What a dead process left is taken
over by renaming it, which one process wins.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hfpin.lock import LockedFile

SUFFIX = ".hfpin.incomplete"

_ABANDONED = 600.0
"""Seconds without a write after which another host's partial file is taken for abandoned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """A process, on a host."""

    host: str
    pid: int

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host}"


def this_process() -> Owner:
    """Who we are."""
    return Owner(host=socket.gethostname().replace(".", "-") or "localhost", pid=os.getpid())


def is_alive(owner: Owner) -> bool | None:
    """Whether a process still runs; None where that cannot be told from this host."""
    if owner.host != this_process().host:
        return None
    try:
        os.kill(owner.pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OSError):
        return True
    return True


def claim(workshop: Path, file: LockedFile) -> Path:
    """Give the partial file that this process may write, with what others left of the same file.

    Args:
        workshop: The folder that partial files gather in.
        file: The file that is wanted.
    """
    me = this_process()
    own = workshop / f"{file.digest.hex}.{me.host}.{me.pid}{SUFFIX}"
    left = [path for path in _abandoned(workshop, file) if path != own]
    for path in sorted(left, key=_size, reverse=True):
        if _size(path) > _size(own):
            try:
                path.replace(own)
            except FileNotFoundError:
                continue  # another process was quicker
        else:
            path.unlink(missing_ok=True)  # less than we have: of no use to anybody
    return own


def _abandoned(workshop: Path, file: LockedFile) -> Iterator[Path]:
    for path in workshop.glob(f"{file.digest.hex}.*{SUFFIX}"):
        host, _, pid = path.name.removesuffix(SUFFIX).removeprefix(f"{file.digest.hex}.").rpartition(".")
        if not host or not pid.isdecimal():
            continue
        alive = is_alive(Owner(host=host, pid=int(pid)))
        if alive is False or (alive is None and time.time() - _modified(path) > _ABANDONED):
            yield path


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return -1


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return time.time()
