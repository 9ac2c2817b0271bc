"""A lock on a file, which ends with the process that has it.

Where the system has flock(2) that is ten lines, and to load `filelock` for them takes as long as to stage
60 MB. So it serves only where there is no flock, on Windows.
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Callable
from pathlib import Path

_HELD = frozenset({errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK})
_NO_LOCKS = frozenset({errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP, errno.EBADF})


def try_lock(path: Path) -> Callable[[], None] | None:
    """Lock a file, if nobody else has it locked.

    Args:
        path: The file. It is made, and stays: to remove it would split those who wait. Nothing is written.

    Returns:
        What gives the lock back; None where somebody else has it.

    Raises:
        NotImplementedError: This file system has no locks, or none for whoever may only read.
        OSError: The file cannot be opened; a link is not followed.
    """
    try:
        import fcntl
    except ImportError:
        return _by_filelock(path)
    opened = _open(path)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(opened)
        if error.errno in _HELD:
            return None
        if error.errno in _NO_LOCKS:
            raise NotImplementedError from None
        raise

    def give_back() -> None:
        fcntl.flock(opened, fcntl.LOCK_UN)  # also for a forked child, which has the same open file
        os.close(opened)

    return give_back


def _open(path: Path) -> int:
    """Open the file to lock; for reading alone where it is another user's, in a cache that several share.

    That is enough for flock(2), but where NFS makes a lock of another kind of it.
    """
    flags = os.O_NONBLOCK | os.O_NOFOLLOW
    try:
        return os.open(path, flags | os.O_RDWR | os.O_CREAT, 0o666)  # less what the umask takes
    except PermissionError:
        with contextlib.suppress(OSError):
            return os.open(path, flags | os.O_RDONLY)
        raise


def _by_filelock(path: Path) -> Callable[[], None] | None:
    from filelock import FileLock, Timeout

    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return None
    return lock.release
