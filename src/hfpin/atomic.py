"""Writes a file beside its place, then puts it there in one step: a reader sees the old or the new, whole."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from pathlib import Path


def write(path: Path, data: bytes, *, follow: bool = True) -> None:
    """Replace a file's content, or create it.

    An existing file keeps its permissions. If anything goes wrong the old content is still there and nothing
    is left beside it. What is there and no file, `/dev/null` or a pipe, is written to and stays what it is.

    Args:
        path: The file.
        data: All that it is to hold.
        follow: Whether a link is followed, and stays a link. What hfpin keeps for itself is written in its
            place: one that came with a repository could lead to any file of its user's.

    Raises:
        OSError: The folder cannot be written to, or the disk is full.
    """
    if follow and path.exists() and not path.is_file() and not path.is_dir():
        path.write_bytes(data)
        return
    # unlike Path.resolve(), which does not say a loop as the system does
    path = Path(os.path.realpath(path if follow else path.parent), "" if follow else path.name)
    mode = _mode(path)
    descriptor, beside = _new(path)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.chmod(mode)
        beside.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise


def a_file(path: Path) -> Path:
    """Give back the path of what can be read to its end: a file, or a folder, which fails by itself.

    A repository that is a stranger's can hold a link to a device without an end, a shared cache a pipe.

    Raises:
        OSError: It is something else, or is not there.
    """
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise OSError(errno.EINVAL, "it is no file", str(path))
    return path


def ignore(folder: Path) -> None:
    """Keep git from committing what a folder holds, unless something stands there by that name already.

    Raises:
        OSError: The folder cannot be written to.
    """
    with contextlib.suppress(FileExistsError), (folder / ".gitignore").open("x") as file:  # follows no link
        file.write("*\n")


def try_folder(folder: Path) -> None:
    """Make a file in a folder, and take it away.

    Raises:
        OSError: The folder cannot be written to.
    """
    descriptor, path = _new(folder / "hfpin")
    os.close(descriptor)
    path.unlink()


def _new(path: Path) -> tuple[int, Path]:
    """Make and open a file beside another one, for this user alone; `tempfile` takes 3 ms to load."""
    beside = path.with_name(f".{path.name}.{os.urandom(8).hex()}")
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    return os.open(beside, flags, 0o600), beside


def _mode(path: Path) -> int:
    """A file's permissions; what the umask leaves for one that is new, or that takes the place of a link."""
    with contextlib.suppress(FileNotFoundError):
        mode = path.lstat().st_mode
        if not stat.S_ISLNK(mode):
            return mode & 0o7777
    return 0o666 & ~_umask()


def _umask() -> int:
    # Python has no way to read it but to set it.
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
