"""Files of the same bytes, stored once where that can be done."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

_FICLONE = 0x40049409  # linux/fs.h: share a file's blocks until one of the two is written


def share(source: Path, target: Path) -> bool:
    """Make a file of the same bytes without copying them; tell whether that could be done."""
    return any(_try(way, source, target) for way in (_reflink, _hardlink, _symlink))


def share_blob(source: Path, target: Path) -> bool:
    """Let one cache have a blob of another without copying it; tell whether that could be done.

    A symbolic link will not do: the cache that it leads to may be gone, or slow, when it is read.
    """
    if source.stat().st_dev != target.parent.stat().st_dev:
        return False  # and nothing is opened: on a shared file system that costs its servers
    return _try(_reflink, source, target) or _try(_link_blob, source, target)


def _try(way: Callable[[Path, Path], None], source: Path, target: Path) -> bool:
    try:
        way(source, target)
    except (OSError, NotImplementedError):
        target.unlink(missing_ok=True)
        return False
    return True


def _link_blob(source: Path, target: Path) -> None:
    target.hardlink_to(source)  # nobody writes to a blob: it is named by its digest


def _reflink(source: Path, target: Path) -> None:
    try:
        import fcntl
    except ImportError:  # Windows
        raise NotImplementedError from None
    with source.open("rb") as old, target.open("xb") as new:
        fcntl.ioctl(new.fileno(), _FICLONE, old.fileno())


def _hardlink(source: Path, target: Path) -> None:
    target.hardlink_to(source)
    _protect(source)


def _symlink(source: Path, target: Path) -> None:
    target.symlink_to(source)
    _protect(source)


def _protect(source: Path) -> None:
    """Let nobody write to shared bytes by mistake: an edit in the folder would change the cache too."""
    with contextlib.suppress(OSError):
        source.chmod(source.stat().st_mode & ~0o222)
