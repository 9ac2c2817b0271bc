"""How the bytes of a file come from the Hub, in order: by one connection, by several ranges, or by Xet."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from typing import NamedTuple, Protocol

from hfpin.digest import aligned
from hfpin.errors import NetworkError
from hfpin.hub import Stream
from hfpin.operations.ranges import LARGE, RANGE, in_order


class Opener(Protocol):
    """Opens a file on the Hub, as `Hub.open` does for one that is settled."""

    def __call__(self, *, start: int, end: int | None, plain: bool) -> AbstractContextManager[Stream]:
        """Open it at a byte offset, by any way or over plain HTTP."""


class Arrived(NamedTuple):
    """Bytes that are new, and how many came over the network for them."""

    new: bytes | memoryview
    came: int


def arriving(  # noqa: PLR0913  # of what, from where to where, and how
    opener: Opener, have: int, size: int, buffers: threading.Semaphore, *, fast: float, plain: bool
) -> Iterator[Arrived]:
    """Give a file's bytes from where it stands: a large one in several ranges, unless Xet brings it.

    The first range tells whether more of them would be faster: one connection may fill the line.

    Args:
        opener: Opens the file.
        have: The first byte that is wanted.
        size: The file's size.
        buffers: What ranges are held in.
        fast: Bytes a second from which one connection is enough.
        plain: Whether only plain HTTP will do.

    Raises:
        HubError: The Hub refuses, or breaks off; what was given before is right as far as it goes.
    """
    is_large = size - have >= LARGE
    began = time.monotonic()
    with opener(start=have, end=have + RANGE if is_large else None, plain=plain) as stream:
        skip = have - stream.start  # a server that ignores Range sends it all
        for data in _within(stream.chunks, skip + size - have):
            new: bytes | memoryview = data[skip:][: size - have]
            skip = max(0, skip - len(data))
            have += len(new)
            yield Arrived(new, len(data))
    if not stream.is_ranged:
        return
    if fast * (time.monotonic() - began) <= RANGE:
        with opener(start=have, end=size, plain=True) as rest:
            if rest.start != have:
                raise _no_longer_ranged()
            yield from (Arrived(data, len(data)) for data in _within(rest.chunks, size - have))
        return
    for new in in_order(partial(_get, opener), have, size, buffers):
        yield Arrived(new, len(new))


def _within(chunks: Iterable[bytes], limit: int) -> Iterator[bytes]:
    """Give what comes, and no more than there can be: what a broken server sends may have no end."""
    for data in chunks:
        yield data[:limit]
        if len(data) > limit:
            return
        limit -= len(data)


def _get(opener: Opener, start: int, end: int) -> memoryview:
    """Bring one range into memory that goes back to the system with it, not to an allocator that keeps it."""
    data, have = aligned(end - start), 0
    with opener(start=start, end=end, plain=True) as stream:
        if stream.start != start:
            raise _no_longer_ranged()
        for new in _within(stream.chunks, len(data)):
            data[have : have + len(new)] = new
            have += len(new)
    return data[:have]


def _no_longer_ranged() -> NetworkError:
    return NetworkError("the server no longer gives ranges", hint="Run the same command again.")
