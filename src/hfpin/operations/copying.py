"""Copy a file and hash it on the way, side by side: two things that take a core each."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import BinaryIO

from hfpin.digest import Hasher, aligned
from hfpin.errors import DestinationError
from hfpin.lock import LockedFile

_CHUNK = 1 << 19
_CHUNKS = 4
"""How many are under way between the copy and the hash: 2 MiB for a file, which a processor's caches hold."""


def copy(source: FileIO, out: FileIO, hasher: Hasher, *, limit: int, advance: Callable[[int], None]) -> int:
    """Copy a file from where it stands, and hash what is written, in a thread of its own.

    A hash is one sequence, and takes about as long as a copy in memory. One after the other they would take
    twice as long; hashlib and the system's calls let other threads run meanwhile.

    Args:
        source: The file.
        out: Where to write.
        hasher: Takes every byte that was written.
        limit: Bytes at most.
        advance: Told of every chunk that is written. What it raises ends the copy.

    Returns:
        Bytes that were written: fewer than `limit` where the file ends before.

    Raises:
        DestinationError: The source cannot be read.
        OSError: The disk refused to take more.
    """
    memory = aligned(_CHUNK * _CHUNKS)
    free: queue.SimpleQueue[memoryview] = queue.SimpleQueue()
    for start in range(0, len(memory), _CHUNK):
        free.put(memory[start : start + _CHUNK])
    written: queue.SimpleQueue[tuple[memoryview, int] | None] = queue.SimpleQueue()

    def hash_behind() -> None:
        while (item := written.get()) is not None:
            buffer, count = item
            hasher.update(buffer[:count])
            free.put(buffer)

    thread = threading.Thread(target=hash_behind, daemon=True)  # dies with an interrupted process
    thread.start()
    left = limit
    try:
        while left:
            buffer = free.get()
            count = _read(source, buffer[:left])
            if not count:
                break
            write_all(out, buffer[:count])
            written.put((buffer, count))
            left -= count
            advance(count)
    finally:
        written.put(None)
        thread.join()
    return limit - left


@contextmanager
def hashed_behind(hasher: Hasher) -> Iterator[Callable[[bytes | memoryview], None]]:
    """Give a function that hashes what it is given, in a thread of its own, in that order.

    At most `_CHUNKS` wait to be hashed. When the context ends, all of them have been.
    """
    waiting: queue.Queue[bytes | memoryview | None] = queue.Queue(_CHUNKS)

    def hash_behind() -> None:
        while (data := waiting.get()) is not None:
            hasher.update(data)

    thread = threading.Thread(target=hash_behind, daemon=True)  # dies with an interrupted process
    thread.start()
    try:
        yield waiting.put
    finally:
        waiting.put(None)
        thread.join()


def copy_right(source: Path, target: Path, file: LockedFile) -> bool:
    """Copy a file, and tell whether it has the bytes that the lock says; if not, there is no copy.

    Args:
        source: The file.
        target: The copy; one that is there is replaced.
        file: Its size and digest.

    Raises:
        DestinationError: The source cannot be read.
        OSError: The disk refused.
    """
    hasher = Hasher(file.digest.algorithm, file.size)
    with open_source(source) as old, target.open("wb", buffering=0) as new:
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
