"""The watchdog of a Xet transfer."""

from __future__ import annotations

import threading

import pytest

from hfpin.errors import NetworkError
from hfpin.hub.xet import watched


class Stream:
    """A transfer that gives some chunks and then ends, fails, or is silent until it is cancelled."""

    def __init__(self, *chunks: bytes, then: str) -> None:
        self._chunks = list(chunks)
        self._then = then
        self.cancelled = threading.Event()

    def __next__(self) -> bytes:
        """Give the next chunk."""
        if self._chunks:
            return self._chunks.pop(0)
        if self._then == "fail":
            raise RuntimeError("401 https://cas.example/?token=secret")
        if self._then == "stall":
            assert self.cancelled.wait(30)
        raise StopIteration

    def cancel(self) -> None:
        """End it."""
        self.cancelled.set()


def test_ends() -> None:
    """A transfer that ends is given whole, and not cancelled."""
    stream = Stream(b"ab", b"c", then="end")
    assert list(watched(stream, 30)) == [b"ab", b"c"]
    assert not stream.cancelled.is_set()


@pytest.mark.parametrize(
    ("then", "message"),
    [("fail", "Xet broke off (RuntimeError)"), ("stall", "Xet sent nothing for 0 s")],
)
def test_does_not_end(then: str, message: str) -> None:
    """One that fails or stalls is a network error, after what came; the client's text is not passed on."""
    chunks = watched(Stream(b"ab", then=then), 0.05)
    assert next(chunks) == b"ab"
    with pytest.raises(NetworkError) as caught:
        next(chunks)
    assert caught.value.message == message
