"""Several ranges of one file at once, given in order: one connection to a CDN is seldom the whole line.

Ranges are held in memory until it is their turn, so what reaches the disk is always the file's beginning: its
length says how far it came, and it is hashed as it arrives. What a crash loses is in memory, and no more than
`WINDOW` ranges of a file.
"""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Iterator
from typing import TypeAlias

from hfpin.errors import NetworkError

_Bytes: TypeAlias = "bytes | memoryview"

LARGE = 64 << 20
"""Bytes from which a file is fetched in ranges: below it the further requests cost more than they bring."""

RANGE = 8 << 20
"""Bytes of a range."""

FAST = 64 << 20
"""Bytes a second from which one connection is taken to be the whole line: half of a gigabit and more."""

WINDOW = 4
"""Ranges of one file at once."""

BUFFERS = 6
"""Ranges of all files together: 48 MiB of memory."""


def in_order(
    get: Callable[[int, int], _Bytes], start: int, size: int, buffers: threading.Semaphore
) -> Iterator[_Bytes]:
    """Give a file's bytes from `start` to `size`, range by range, fetching the next ones meanwhile.

    Args:
        get: Brings the bytes from one offset up to another.
        start: The first byte that is wanted.
        size: The file's size.
        buffers: One is held for each range from its beginning until it was given.

    Raises:
        NetworkError: A range came short. What `get` raises is raised too.
    """
    offsets = iter(range(start, size, RANGE))
    under_way: deque[tuple[int, queue.SimpleQueue[_Bytes | BaseException]]] = deque()

    def begin() -> bool:
        # The first range of a window waits for a buffer, which others give back; a further one takes a free
        # one, or none.
        if not buffers.acquire(blocking=not under_way):
            return False
        offset = next(offsets, None)
        if offset is None:
            buffers.release()
            return False
        end = min(offset + RANGE, size)
        result: queue.SimpleQueue[_Bytes | BaseException] = queue.SimpleQueue()
        threading.Thread(target=_run, args=(get, offset, end, result), daemon=True).start()
        under_way.append((end - offset, result))
        return True

    try:
        while True:
            while len(under_way) < WINDOW and begin():
                pass
            if not under_way:
                return
            length, result = under_way[0]
            data = result.get()
            if isinstance(data, BaseException):
                raise data
            if len(data) != length:
                raise NetworkError(f"a range of {length} bytes came with {len(data)}", hint="Run it again.")
            yield data
            under_way.popleft()
            buffers.release()
    finally:
        for _ in under_way:
            buffers.release()


def _run(
    get: Callable[[int, int], _Bytes], start: int, end: int, result: queue.SimpleQueue[_Bytes | BaseException]
) -> None:
    try:
        result.put(get(start, end))
    except BaseException as error:  # noqa: BLE001  # raised again where it is waited for
        result.put(error)
