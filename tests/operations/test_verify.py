"""Verifying: every byte on disk against the lock."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hfpin.errors import DestinationError
from hfpin.hub import HuggingFaceHub
from hfpin.lock import LockedPin
from hfpin.operations.open_snapshot import open_snapshot
from hfpin.operations.verify import Fault, Verified, verify
from hfpin.snapshot import FileState
from tests.support import MIB, Published, ResearchRepo, fetch_all


@pytest.fixture(params=[None, "data/tiny"], ids=["cache", "local_dir"])
def fetched(
    request: pytest.FixtureRequest,
    repo: ResearchRepo,
    client: HuggingFaceHub,
    locked: Callable[..., LockedPin],
) -> LockedPin:
    """A pin that has just been fetched."""
    pin = locked(local_dir=request.param)
    fetch_all(repo.places, pin, client)
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


def test_quick(repo: ResearchRepo, fetched: LockedPin) -> None:
    """Names and sizes are compared without reading: a flipped byte is not seen, a short file is."""
    weights = on_disk(repo, fetched, "model.safetensors")
    weights.write_bytes(b"0" * weights.stat().st_size)
    assert verify(repo.places, [fetched], quick=True)[0].faults == ()
    weights.write_bytes(b"0")
    (fault,) = verify(repo.places, [fetched], quick=True)[0].faults
    assert (fault.file.path, fault.state, fault.found) == ("model.safetensors", FileState.SIZE, "1")


def test_quick_needs_no_record(repo: ResearchRepo, fetched: LockedPin) -> None:
    """What stands there under its name with its size is enough, whoever put it there."""
    repo.places.record(fetched.pin.target).unlink(missing_ok=True)
    assert verify(repo.places, [fetched], quick=True)[0].faults == ()


def test_extra(repo: ResearchRepo, fetched: LockedPin) -> None:
    """A file that nothing explains is named; it is wrong in a commit's own folder, and not in a local_dir."""
    folder = repo.places.snapshot(fetched.pin.target)
    (folder / "sub" / "modeling.py").write_text("import os")
    (result,) = verify(repo.places, [fetched])
    assert (result.faults, result.extra) == ((), ("sub/modeling.py",))
    in_cache = fetched.pin.target.local_dir is None
    assert result.intruders == (result.extra if in_cache else ())
    assert result.is_right is not in_cache


def test_explained_in_the_cache(
    repo: ResearchRepo, client: HuggingFaceHub, locked: Callable[..., LockedPin]
) -> None:
    """Files of the commit that the patterns drop, or that another pin names, are not extra."""
    everything, weights = locked(), locked(ignore=("*.json", ".gitattributes"))
    for pin in (everything, weights):
        fetch_all(repo.places, pin, client)
    assert verify(repo.places, [weights])[0].extra == ()
    fewer = LockedPin(pin=everything.pin, files=everything.files[1:])
    assert verify(repo.places, [fewer])[0].extra == ("config.json",)
    assert verify(repo.places, [fewer], others=[everything])[0].extra == ()


def test_recorded_in_a_local_dir(
    repo: ResearchRepo, client: HuggingFaceHub, locked: Callable[..., LockedPin]
) -> None:
    """What hfpin itself put there for an earlier lock is not extra: the next fetch removes it."""
    pin = locked(local_dir="data/tiny")
    fetch_all(repo.places, pin, client)
    assert verify(repo.places, [LockedPin(pin=pin.pin, files=pin.files[1:])])[0].extra == ()


def test_two_names_of_one_file(
    repo: ResearchRepo, client: HuggingFaceHub, locked: Callable[..., LockedPin], tiny: Published
) -> None:
    """A blob that two commits share is read once, and a fault in it is one of both."""
    pins = [locked(commit=commit) for commit in (tiny.first, tiny.second)]
    for pin in pins:
        fetch_all(repo.places, pin, client)
    weights = on_disk(repo, pins[0], "model.safetensors")
    weights.write_bytes(b"0" * weights.stat().st_size)
    opened: list[str] = []

    def see(event: str, args: tuple[object, ...]) -> None:
        if watching and event == "open" and str(args[0]).endswith("model.safetensors"):
            opened.append(str(args[0]))

    watching = True
    sys.addaudithook(see)
    results = verify(repo.places, pins)
    watching = False
    assert len(opened) == 1
    assert [[fault.file.path for fault in result.faults] for result in results] == [["model.safetensors"]] * 2


def test_in_the_way(repo: ResearchRepo, fetched: LockedPin) -> None:
    """A folder in a file's place and a link that leads to itself are states, not tracebacks."""
    folder = repo.places.snapshot(fetched.pin.target)
    (folder / "config.json").unlink()
    (folder / "config.json").mkdir()
    (folder / "model.safetensors").unlink()
    (folder / "model.safetensors").symlink_to("model.safetensors")
    faults = verify(repo.places, [fetched])[0].faults
    assert [(fault.file.path, fault.state, fault.found) for fault in faults] == [
        ("config.json", FileState.NOT_A_FILE, None),
        ("model.safetensors", FileState.UNREADABLE, os.strerror(errno.ELOOP)),
    ]


def test_a_snapshot_that_may_not_be_read(repo: ResearchRepo, fetched: LockedPin) -> None:
    """Files that the system refuses are not called missing, and no fetch is said to bring them."""
    folder = repo.places.snapshot(fetched.pin.target)
    shutil.rmtree(folder.parent)
    folder.parent.symlink_to(folder.parent)  # a loop is refused to root, too
    count = len(fetched.files)
    with pytest.raises(DestinationError) as caught:
        open_snapshot(repo.places, fetched)
    assert caught.value.message == (
        f"{fetched.pin} cannot be read here: the system refuses {count} of {count} files in {folder}"
    )
    assert caught.value.hint == (
        "Ask whoever owns them to let you read them; `hfpin doctor` looks at permissions."
    )


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
