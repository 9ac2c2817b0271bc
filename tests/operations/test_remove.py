"""Removing: what only one pin has a use for, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from hfpin.errors import DestinationError
from hfpin.hub import HuggingFaceHub
from hfpin.lock import LockedPin
from hfpin.operations.remove import Removal, decide, look, remove
from hfpin.pin import Pin
from tests.support import MIB, Published, ResearchRepo, fetch_all, tree

SMALL = ("config.json", "sub/tokenizer.json")


@pytest.fixture
def fetched(
    repo: ResearchRepo, client: HuggingFaceHub, locked: Callable[..., LockedPin]
) -> Callable[..., LockedPin]:
    """Lock and fetch a commit of the tiny model."""

    def make(**settings: object) -> LockedPin:
        pin = locked(**settings)
        fetch_all(repo.places, pin, client)
        return pin

    return make


def decided(repo: ResearchRepo, pin: LockedPin, *others: LockedPin) -> Removal:
    """What is decided for a pin of a lock that has these."""
    return decide(repo.places, pin, (pin, *others), look(repo.places, pin, (pin, *others)))


def folder(repo: ResearchRepo, pin: LockedPin) -> Path:
    """The pin's snapshot."""
    return repo.places.snapshot(pin.pin.target)


def blobs(repo: ResearchRepo, pin: LockedPin) -> set[str]:
    """The blobs of the pin's repo, by name."""
    paths = (repo.places.repo_folder(pin.pin.repo) / "blobs").iterdir()
    return {path.name for path in paths if not path.name.startswith(".")}


def test_a_lone_pin_goes(repo: ResearchRepo, fetched: Callable[..., LockedPin]) -> None:
    """Names first, then the blobs that they link to, then the folders; the bytes are summed."""
    pin = fetched()
    removal = decided(repo, pin)
    names = [(folder(repo, pin) / file.path, 0) for file in pin.files]
    bytes_of = [(repo.places.blob(pin.pin.repo, file), file.size) for file in pin.files]
    assert removal == Removal(locked=pin, files=(*names, *bytes_of), kept=())
    assert removal.size == pin.size
    remove(repo.places, removal)
    assert not folder(repo, pin).exists()
    assert blobs(repo, pin) == set()
    assert decided(repo, pin) == Removal(locked=pin, files=(), kept=())


def test_deciding_touches_nothing(repo: ResearchRepo, fetched: Callable[..., LockedPin]) -> None:
    """What is only decided is still there."""
    pin = fetched()
    before = tree(repo.places.cache_dir)
    decided(repo, pin)
    assert tree(repo.places.cache_dir) == before


def test_a_blob_of_another_commit_stays(
    repo: ResearchRepo, fetched: Callable[..., LockedPin], tiny: Published
) -> None:
    """Bytes that another snapshot links to stay, whether a pin names that snapshot or not."""
    old, new = fetched(commit=tiny.first), fetched(commit=tiny.second)
    removal = decided(repo, old)
    files = {file.path: repo.places.blob(old.pin.repo, file) for file in old.files}
    used = f"snapshots/{tiny.second}"
    assert removal.kept == (
        (files["model.safetensors"], f"{used}/model.safetensors uses it"),
        (files["sub/tokenizer.json"], f"{used}/sub/tokenizer.json uses it"),
    )
    assert removal.size == len(tiny.files["config.json"])
    remove(repo.places, removal)
    assert not folder(repo, old).exists()
    assert decided(repo, new).size == new.size
    assert tree(folder(repo, new)) == {**tiny.files, "config.json": b'{"a": 2}\n'}


def test_a_pin_of_the_same_commit_keeps_its_files(
    repo: ResearchRepo, fetched: Callable[..., LockedPin], tiny: Published
) -> None:
    """Two pins of one commit share a folder: each takes only what the other does not name."""
    everything = fetched()
    weights = fetched(ignore=("*.json", ".gitattributes"))
    weights = LockedPin(
        pin=Pin(name="weights", target=weights.pin.target, revision="v1"), files=weights.files
    )
    removal = decided(repo, everything, weights)
    assert removal.kept == ((folder(repo, everything) / "model.safetensors", "weights uses it"),)
    remove(repo.places, removal)
    kept = "model.safetensors"
    assert tree(folder(repo, weights)) == {kept: tiny.files[kept]}


def test_what_somebody_else_fetched_of_the_commit_stays(
    repo: ResearchRepo, fetched: Callable[..., LockedPin], tiny: Published
) -> None:
    """A file that the pin's patterns drop is not the pin's to remove."""
    fetched()
    weights = fetched(ignore=("*.json", ".gitattributes"))
    remove(repo.places, decided(repo, weights))
    assert tree(folder(repo, weights)) == {name: tiny.files[name] for name in SMALL}


@pytest.mark.parametrize("ref", ["main", "refs/pr/1"])
def test_a_ref_keeps_the_commit(repo: ResearchRepo, fetched: Callable[..., LockedPin], ref: str) -> None:
    """Where a branch of the cache points at the commit, somebody asks for it by that name: refused."""
    pin = fetched()
    place = repo.places.repo_folder(pin.pin.repo)
    path = place / "refs" / ref
    path.parent.mkdir(parents=True)
    path.write_text(pin.pin.commit)
    with pytest.raises(DestinationError) as caught:
        decided(repo, pin)
    assert str(caught.value) == (
        f"{pin.pin} stays: {place} has it as {ref!r}\n"
        f"Whoever asks for {ref!r} offline gets these files. "
        f"If nobody does, delete refs/{ref} there, then run this again."
    )


def test_a_ref_of_another_commit_does_not(repo: ResearchRepo, fetched: Callable[..., LockedPin]) -> None:
    """A branch that is elsewhere by now has no part in it."""
    pin = fetched()
    refs = repo.places.repo_folder(pin.pin.repo) / "refs"
    refs.mkdir()
    (refs / "main").write_text("0" * 40)
    assert decided(repo, pin).size == pin.size


def test_a_blob_that_a_local_dir_links_to_stays(
    repo: ResearchRepo, fetched: Callable[..., LockedPin]
) -> None:
    """Where a local_dir of the project shares bytes with the cache by a link, they are not taken away."""
    pin, local = fetched(), fetched(local_dir="data/tiny")
    (weights,) = (file for file in pin.files if file.path == "model.safetensors")
    blob = repo.places.blob(pin.pin.repo, weights)
    borrowed = folder(repo, local) / weights.path
    borrowed.unlink()
    borrowed.symlink_to(blob)
    removal = decided(repo, pin, local)
    assert removal.kept == ((blob, f"{borrowed} links to it"),)
    remove(repo.places, removal)
    assert borrowed.stat().st_size == weights.size


def test_a_cache_without_links(repo: ResearchRepo, fetched: Callable[..., LockedPin]) -> None:
    """Where the snapshot holds files of their own, those go; a link to elsewhere goes, and not its target."""
    pin = fetched(ignore=("model.*", ".gitattributes"))
    elsewhere = repo.write("elsewhere.json", "{}\n")
    config, tokenizer = (folder(repo, pin) / name for name in SMALL)
    config.unlink()
    config.write_bytes(b'{"a": 1}\n')
    tokenizer.unlink()
    tokenizer.symlink_to(elsewhere)
    removal = decided(repo, pin)
    assert removal.files[:2] == ((config, 9), (tokenizer, 0))
    remove(repo.places, removal)
    assert not folder(repo, pin).exists()
    assert elsewhere.read_text() == "{}\n"


def test_a_linked_folder_is_not_entered(repo: ResearchRepo, fetched: Callable[..., LockedPin]) -> None:
    """A folder that somebody linked into the snapshot is not emptied."""
    pin = fetched()
    (folder(repo, pin) / "sub" / "tokenizer.json").unlink()
    (folder(repo, pin) / "sub").rmdir()
    elsewhere = repo.write("elsewhere/tokenizer.json", "{}\n")
    (folder(repo, pin) / "sub").symlink_to(elsewhere.parent)
    remove(repo.places, decided(repo, pin))
    assert elsewhere.read_text() == "{}\n"


class TestLocalDir:
    """A `local_dir` holds what people put there, too."""

    @pytest.fixture
    def pin(self, fetched: Callable[..., LockedPin]) -> LockedPin:
        """A pin in a `local_dir`."""
        return fetched(local_dir="data/tiny")

    def test_all_ours(self, repo: ResearchRepo, pin: LockedPin) -> None:
        """The files, the record and the folder go; the folder above stays."""
        removal = decided(repo, pin)
        assert removal.size == pin.size
        remove(repo.places, removal)
        assert list((repo.root / "data").iterdir()) == []

    def test_edited_and_foreign_files_stay(self, repo: ResearchRepo, pin: LockedPin) -> None:
        """What was edited stays and is named, and stays recorded as it was; what is somebody's stays."""
        place = folder(repo, pin)
        (place / "config.json").write_bytes(b'{"a": 7}\n')
        (place / "notes.txt").write_bytes(b"mine")
        removal = decided(repo, pin)
        assert removal.kept == ((place / "config.json", "it was edited"),)
        assert removal.size == 3 * MIB + 3
        remove(repo.places, removal)
        assert tree(place) == {"config.json": b'{"a": 7}\n', "notes.txt": b"mine"}
        assert decided(repo, pin).kept == removal.kept

    def test_without_a_record_nothing_goes(self, repo: ResearchRepo, pin: LockedPin) -> None:
        """Files that hfpin has no record of are taken for somebody's own."""
        repo.places.record(pin.pin.target).unlink()
        removal = decided(repo, pin)
        assert removal.files == ()
        assert {why for _, why in removal.kept} == {"hfpin did not put it there"}

    def test_a_record_cannot_lead_elsewhere(self, repo: ResearchRepo, pin: LockedPin) -> None:
        """A record that names a path outside is not followed."""
        (config,) = (file for file in pin.files if file.path == "config.json")
        outside = repo.write("data/precious.json", '{"a": 1}\n')
        record = repo.places.record(pin.pin.target)
        (folder(repo, pin) / "link").symlink_to(outside.parent)
        named = ("../precious.json", "/precious", "link/precious.json")
        record.write_text(json.dumps(dict.fromkeys(named, str(config.digest))))
        assert decided(repo, pin).files == ()
        assert outside.read_text() == '{"a": 1}\n'
