"""The bounds and the watchdog of a Xet transfer."""

from __future__ import annotations

import importlib
import threading
from pathlib import Path

import pytest
from huggingface_hub import constants

from hfpin.errors import NetworkError
from hfpin.hub.xet import open_session, watched

MIB = 1 << 20


class Stream:
    """A transfer that gives some chunks and then ends, fails, or is silent until it is aborted."""

    def __init__(self, *chunks: bytes, then: str) -> None:
        self._chunks = list(chunks)
        self._then = then
        self.aborted = threading.Event()

    def __next__(self) -> bytes:
        """Give the next chunk."""
        if self._chunks:
            return self._chunks.pop(0)
        if self._then == "fail":
            raise RuntimeError("401 https://cas.example/?token=secret")
        if self._then == "stall":
            assert self.aborted.wait(30)
            raise RuntimeError("Data sender was dropped before sending data.")
        raise StopIteration

    def abort(self) -> None:
        """End it."""
        self.aborted.set()


def test_ends() -> None:
    """A transfer that ends is given whole, and not aborted."""
    stream = Stream(b"ab", b"c", then="end")
    assert list(watched(stream, stream.abort, 30)) == [b"ab", b"c"]
    assert not stream.aborted.is_set()


@pytest.mark.parametrize(
    ("then", "message"),
    [("fail", "Xet broke off (RuntimeError)"), ("stall", "Xet sent nothing for 0 s")],
)
def test_does_not_end(then: str, message: str) -> None:
    """One that fails or stalls is a network error, after what came; the client's text is not passed on."""
    stream = Stream(b"ab", then=then)
    chunks = watched(stream, stream.abort, 0.05)
    assert next(chunks) == b"ab"
    with pytest.raises(NetworkError) as caught:
        next(chunks)
    assert caught.value.message == message


@pytest.mark.parametrize("is_high", [False, True], ids=["bounded", "HF_XET_HIGH_PERFORMANCE"])
def test_bounds(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    is_high: bool,  # noqa: FBT001  # a parameter of the test
) -> None:
    """hf_xet asks for little at once, and holds little, unless its user wants all that the machine has."""
    monkeypatch.setenv("HF_HOME", str(tmp_path))  # where hf_xet writes a log when it is imported
    hf_xet = importlib.import_module("hf_xet")
    monkeypatch.setattr(constants, "HF_XET_HIGH_PERFORMANCE", is_high)
    monkeypatch.setattr(hf_xet, "XetSession", dict)
    ours, theirs = open_session(), dict(hf_xet.XetConfig().items())
    changed = {name: value for name, value in ours.items() if value != theirs[name]}
    assert changed == (
        {}
        if is_high
        else {
            "reconstruction.min_reconstruction_fetch_size": 4 * MIB,
            "reconstruction.max_reconstruction_fetch_size": 4 * MIB,
            "reconstruction.download_buffer_size": 48 * MIB,
            "reconstruction.download_buffer_perfile_size": 48 * MIB,
            "reconstruction.download_buffer_limit": 48 * MIB,
            "reconstruction.min_prefetch_buffer": 48 * MIB,
        }
    )
