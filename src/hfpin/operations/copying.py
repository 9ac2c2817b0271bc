"""Copy a file and hash it on the way: on one core, or side by side where a second one has nothing to do."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import BinaryIO

from hfpin.digest import Hasher, aligned
from hfpin.errors import DestinationError
from hfpin.lock import LockedFile
from hfpin.operations.cores import SpareCores, cores

_CHUNK = 1 << 19
"""Bytes that are read, written and hashed at once: most of them stay in a core's own cache meanwhile."""

_WAITING = 4
"""How many chunks may wait for the hash: 2 MiB of a file, which the cache that cores share holds."""


def copy(  # noqa: PLR0913  # what, to where, how much, and who is told
    source: FileIO,
    out: FileIO,
    hasher: Hasher,
    *,
    limit: int,
    advance: Callable[[int], None],
    spare: SpareCores | None = None,
) -> int:
    """Copy a file from where it stands, and hash what is written: the same bytes, in one pass.

    A hash is one sequence, and takes about as long as a copy in memory. Where every core has a file of its
    own, that core does both. One that has none takes over the hash, also in the middle of a file: hashlib and
    the system's calls let other threads run meanwhile.

    Args:
        source: The file.
        out: Where to write.
        hasher: Takes every byte that was written.
        limit: Bytes at most.
        advance: Told of every chunk that is written. What it raises ends the copy.
        spare: Lends cores; where None, there is no other file to work on.

    Returns:
        Bytes that were written: fewer than `limit` where the file ends before.

    Raises:
        DestinationError: The source cannot be read.
        OSError: The disk refused to take more.
    """
    spare = spare or SpareCores(cores(), files=1, jobs=1)
    memory = aligned(_CHUNK * (_WAITING + 1))  # what is not used of it takes none
    buffers = deque([memory[:_CHUNK]])
    copied = 0
    chunks = _copied(source, out, buffers, limit)
    for chunk in chunks:
        hasher.update(chunk)
        copied += len(chunk)
        advance(len(chunk))
        if spare.borrow():
            break
    else:
        return copied
    buffers.extend(memory[start : start + _CHUNK] for start in range(_CHUNK, len(memory), _CHUNK))
    try:
        with hashed_behind(hasher) as hashed:
            for chunk in chunks:
                hashed(chunk)
                copied += len(chunk)
                advance(len(chunk))
    finally:
        spare.give_back()
    return copied


def _copied(source: FileIO, out: FileIO, buffers: deque[memoryview], limit: int) -> Iterator[memoryview]:
    """Give each chunk of a file once it is written, in the next of the buffers."""
    left = limit
    while left:
        buffer = buffers[0][:left]
        buffers.rotate(-1)
        count = _read(source, buffer)
        if not count:
            return
        write_all(out, buffer[:count])
        left -= count
        yield buffer[:count]


@contextmanager
def hashed_behind(hasher: Hasher) -> Iterator[Callable[[bytes | memoryview], None]]:
    """Give a function that hashes what it is given, in a thread of its own, in that order.

    When it returns, at most `_WAITING` are not hashed yet. When the context ends, all of them are.
    """
    from queue import SimpleQueue  # here: where every core has a file of its own none is needed

    places: SimpleQueue[None] = SimpleQueue()
    for _ in range(_WAITING):
        places.put(None)
    waiting: SimpleQueue[bytes | memoryview | None] = SimpleQueue()

    def hash_behind() -> None:
        while (data := waiting.get()) is not None:
            hasher.update(data)
            places.put(None)

    def put(data: bytes | memoryview) -> None:
        places.get()
        waiting.put(data)

    thread = threading.Thread(target=hash_behind, daemon=True)  # dies with an interrupted process
    thread.start()
    try:
        yield put
    finally:
        waiting.put(None)
        thread.join()


def copy_right(source: Path, target: Path, file: LockedFile) -> bool:
    """Copy a file, and tell whether it has the bytes that the lock says; if not, there is no copy.

    Args:
        source: The file.
        target: The copy. Nothing may be there: a link would be followed.
        file: Its size and digest.

    Raises:
        DestinationError: The source cannot be read.
        OSError: The disk refused.
    """
    hasher = Hasher(file.digest.algorithm, file.size)
    with open_source(source) as old, target.open("xb", buffering=0) as new:
        copy(old, new, hasher, limit=file.size, advance=lambda _: None)
    is_right = hasher.digest() == file.digest
    if not is_right:
        target.unlink()
    return is_right


def open_source(path: Path) -> FileIO:
    """Open a file for `copy`.

    Raises:
        DestinationError: It is gone, or may not be read.
    """
    try:
        return path.open("rb", buffering=0)
    except FileNotFoundError:
        raise DestinationError(
            f"{path} is gone", hint="Where there is a network, `hfpin fetch` brings it again."
        ) from None
    except OSError as error:
        raise DestinationError(
            f"{path} cannot be read: {error.strerror}", hint="Check its permissions, and those of its folder."
        ) from None


def write_all(out: BinaryIO, data: bytes | memoryview) -> None:
    """Write all of it: an unbuffered file may take less at once."""
    rest = memoryview(data)
    while rest:
        rest = rest[out.write(rest) :]


def _read(source: FileIO, buffer: memoryview) -> int:
    try:
        return source.readinto(buffer)
    except OSError as error:
        raise DestinationError(
            f"{source.name} cannot be read: {error.strerror}",
            hint="Check the disk that it is on. `hfpin verify` reads every byte.",
        ) from None
