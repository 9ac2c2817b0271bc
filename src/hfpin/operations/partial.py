"""Partial files: what has come of a file so far, under a name that says whose it is.

`<digest>.<host>.<pid>.hfpin.incomplete`: the digest says what it will be, host and process who is writing it.
Two processes never write one file, even where the file system's locks lie. What a dead process left is taken
over by renaming it, which one process wins.
"""

from __future__ import annotations

import contextlib
import os
import time
from io import FileIO
from pathlib import Path

from hfpin.dataclass import dataclass
from hfpin.lock import LockedFile

SUFFIX = ".hfpin.incomplete"

_NO_LINK = getattr(os, "O_NOFOLLOW", 0)

_ABANDONED = 600.0
"""Seconds without a write after which another host's partial file is taken for abandoned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """A process, on a host."""

    host: str
    pid: int

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host}"


NOBODY = Owner(host="nobody", pid=0)
"""Whoever owns a partial file that something else than hfpin has brought, and is done with."""


def host_name() -> str:
    """What this machine is called."""
    if hasattr(os, "uname"):
        return os.uname().nodename  # as gethostname(2) gives it, without 5 ms for the module
    import socket

    return socket.gethostname()


def this_process() -> Owner:
    """Who we are."""
    return Owner(host=host_name().replace(".", "-") or "localhost", pid=os.getpid())


def is_alive(owner: Owner) -> bool | None:
    """Whether a process still runs; None where that cannot be told from this host."""
    if owner.host != this_process().host:
        return None
    try:
        os.kill(owner.pid, 0)
    except ProcessLookupError:
        return False
    except OverflowError:
        return False  # no process has such a number: nothing of ours wrote that name
    except OSError:
        return True  # another user's, say
    return True


def left_by_nobody(folder: Path, file: LockedFile) -> Path:
    """Where something else than hfpin may leave bytes of a file, for a fetch to hash and go on from."""
    return folder / f"{file.digest.hex}.{NOBODY.host}.{NOBODY.pid}{SUFFIX}"


def open_partial(path: Path, mode: str) -> FileIO:
    """Open a partial file to write it.

    Args:
        path: The file.
        mode: As for `open`; bytes are meant.

    Raises:
        OSError: It cannot be opened, or is a link: one that came with a repository, or that somebody put into
            a shared cache, could lead to any file of this user's.
    """
    return FileIO(path, mode, opener=lambda name, flags: os.open(name, flags | _NO_LINK, 0o666))


class Workshop:
    """A folder that partial files gather in, looked through once: it may hold thousands of files.

    Args:
        path: The folder.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._me = this_process()
        self._left: dict[str, list[tuple[int, Path]]] = {}
        with os.scandir(path) as entries:
            for entry in entries:
                if not entry.name.endswith(SUFFIX) or not entry.is_file(follow_symlinks=False):
                    continue
                with contextlib.suppress(FileNotFoundError):  # another process was quicker
                    if _is_abandoned(entry):
                        digest = entry.name.partition(".")[0]
                        self._left.setdefault(digest, []).append((entry.stat().st_size, Path(entry.path)))

    def claim(self, file: LockedFile) -> Path:
        """Give the partial file that this process may write, with the most that others left of the same file.

        Args:
            file: The file that is wanted.
        """
        own = self._path / f"{file.digest.hex}.{self._me.host}.{self._me.pid}{SUFFIX}"
        taken = False
        for _, path in sorted(self._left.pop(file.digest.hex, ()), reverse=True):
            if path == own:
                taken = True
                continue
            # another process was quicker, or it is another user's, who may go on from it
            with contextlib.suppress(FileNotFoundError, PermissionError):
                if taken:
                    path.unlink()  # less than we have: of no use to anybody
                elif os.access(path, os.R_OK | os.W_OK):
                    path.replace(own)
                    taken = True
        return own


def _is_abandoned(entry: os.DirEntry[str]) -> bool:
    """Whether nobody else writes a partial file any more."""
    host, _, pid = entry.name.removesuffix(SUFFIX).partition(".")[2].rpartition(".")
    if not host or not pid.isdecimal():
        return False
    owner = Owner(host=host, pid=int(pid))
    if owner in (this_process(), NOBODY):
        return True
    alive = is_alive(owner)
    return alive is False or (alive is None and time.time() - entry.stat().st_mtime > _ABANDONED)
