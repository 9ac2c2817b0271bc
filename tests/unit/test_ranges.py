"""Ranges of a file, several at once and given in order."""

from __future__ import annotations

import threading
import time

import pytest

from hfpin.errors import NetworkError
from hfpin.operations.ranges import BUFFERS, RANGE, WINDOW, in_order

SIZE = 5 * RANGE + 7
CONTENT = bytes(SIZE)


def test_in_order() -> None:
    """What comes early waits for what comes late."""

    def get(start: int, end: int) -> bytes:
        time.sleep(0.05 if start == 0 else 0)
        return start.to_bytes(4, "big") + bytes(end - start - 4)

    pieces = list(in_order(get, 0, SIZE, threading.Semaphore(BUFFERS)))
    assert [int.from_bytes(piece[:4], "big") for piece in pieces] == [0, *(n * RANGE for n in range(1, 6))]
    assert sum(map(len, pieces)) == SIZE


@pytest.mark.parametrize("buffers", [1, 2, BUFFERS])
def test_bounded(buffers: int) -> None:
    """No more ranges are begun than there are buffers and room, and every buffer is given back."""
    begun, given, most = 0, 0, 0
    guard = threading.Lock()

    def get(start: int, end: int) -> bytes:
        nonlocal begun, most
        with guard:
            begun += 1
            most = max(most, begun - given)
        return CONTENT[start:end]

    semaphore = threading.Semaphore(buffers)
    for _ in in_order(get, 3, SIZE, semaphore):
        with guard:
            given += 1
    assert most <= min(buffers, WINDOW) + 1
    assert all(semaphore.acquire(blocking=False) for _ in range(buffers))


def test_failure_is_raised() -> None:
    """What goes wrong with a range is raised in its place, after those before it."""

    def get(start: int, end: int) -> bytes:
        if start >= 2 * RANGE:
            raise NetworkError("gone")
        return CONTENT[start:end]

    semaphore = threading.Semaphore(BUFFERS)
    pieces = in_order(get, 0, SIZE, semaphore)
    assert len(next(pieces)) + len(next(pieces)) == 2 * RANGE
    with pytest.raises(NetworkError, match="gone"):
        next(pieces)
    assert all(semaphore.acquire(blocking=False) for _ in range(BUFFERS))


def test_short_range_is_refused() -> None:
    """A range that comes short is a broken connection, not the end of the file."""
    with pytest.raises(NetworkError, match=f"a range of {RANGE} bytes came with 3"):
        list(in_order(lambda _start, _end: b"abc", 0, SIZE, threading.Semaphore(BUFFERS)))
