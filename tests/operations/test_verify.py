"""Verifying: every byte on disk against the lock."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from hfpin.errors import DestinationError
from hfpin.hub import HuggingFaceHub
from hfpin.lock import LockedPin
from hfpin.operations.download import Downloader
from hfpin.operations.fetch import fetch
from hfpin.operations.open_snapshot import open_snapshot
from hfpin.operations.progress import Silent
from hfpin.operations.verify import Fault, Verified, verify
from hfpin.snapshot import FileState
from tests.support import MIB, Published, ResearchRepo


@pytest.fixture(params=[None, "data/tiny"], ids=["cache", "local_dir"])
def fetched(
    request: pytest.FixtureRequest,
    repo: ResearchRepo,
    client: HuggingFaceHub,
    locked: Callable[..., LockedPin],
) -> LockedPin:
    """A pin that has just been fetched."""
    pin = locked(local_dir=request.param)
    assert fetch(repo.places, pin, client, Downloader(progress=Silent())).error is None
    return pin


def on_disk(repo: ResearchRepo, pin: LockedPin, path: str) -> Path:
    """The file behind a name of the snapshot."""
    return (repo.places.snapshot(pin.pin.target) / path).resolve()


def test_whole(repo: ResearchRepo, fetched: LockedPin) -> None:
    """What was fetched is what the lock says."""
    assert verify(repo.places, [fetched]) == (Verified(locked=fetched),)


def test_every_fault(repo: ResearchRepo, fetched: LockedPin) -> None:
    """A flipped byte, a truncated and a missing file are each found and named."""
    weights = on_disk(repo, fetched, "model.safetensors")
    content = bytearray(weights.read_bytes())
    content[MIB] ^= 1
    weights.write_bytes(content)
    on_disk(repo, fetched, "config.json").write_bytes(b"{}")
    on_disk(repo, fetched, "sub/tokenizer.json").unlink()
    files = {file.path: file for file in fetched.files}
    config, flipped, missing = verify(repo.places, [fetched])[0].faults
    assert config == Fault(file=files["config.json"], state=FileState.SIZE, found="2")
    assert missing == Fault(file=files["sub/tokenizer.json"], state=FileState.MISSING, found=None)
    assert (flipped.file.path, flipped.state) == ("model.safetensors", FileState.DIGEST)
    assert flipped.found not in (None, flipped.file.digest.hex)


def test_open_snapshot(repo: ResearchRepo, fetched: LockedPin, tiny: Published) -> None:
    """A complete snapshot is handed out with its path and commit."""
    snapshot = open_snapshot(repo.places, fetched)
    assert (snapshot.name, snapshot.repo_id, snapshot.revision) == ("tiny", "acme/tiny", tiny.first)
    assert (snapshot.path / "config.json").read_bytes() == b'{"a": 1}\n'


def test_open_incomplete(repo: ResearchRepo, fetched: LockedPin, tiny: Published) -> None:
    """An incomplete one is refused, with what is missing and the command that brings it."""
    on_disk(repo, fetched, "config.json").unlink()
    folder = repo.places.snapshot(fetched.pin.target)
    with pytest.raises(DestinationError) as caught:
        open_snapshot(repo.places, fetched)
    assert str(caught.value) == (
        f"tiny (acme/tiny at {tiny.first[:8]}) is not complete here: 1 of 3 files are not in {folder}\n"
        "Where there is a network, `doit fetch:tiny` or `hfpin fetch tiny` brings it."
    )
