"""Gathering what the doctor judges, from a real disk."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hfpin.errors import AccessError
from hfpin.hub import HuggingFaceHub
from hfpin.lock import LockedPin
from hfpin.operations.doctor import Facts, gather
from hfpin.operations.doctor.facts import Folder
from hfpin.operations.doctor.gather import ask, try_flock
from hfpin.testing import LocalHub
from tests.support import MIB, ResearchRepo, fetch_all

Gather = Callable[..., Facts]


@pytest.fixture
def gathered(repo: ResearchRepo) -> Gather:
    """Gather facts about the research repo."""

    def make(*pins: LockedPin, **environ: str) -> Facts:
        home = Path(repo.env["HOME"])
        return gather(repo.project, pins, {**repo.env, **environ}, home, has_token=False)

    return make


def test_an_empty_project(repo: ResearchRepo, gathered: Gather) -> None:
    """Nothing there is nothing wrong: the folders above tell of disk and locks."""
    facts = gathered()
    assert (facts.rooms, facts.partials, facts.folders, facts.unreadable) == ((), (), (), ())
    assert facts.cache_dir == facts.default_cache == repo.places.cache_dir
    assert facts.second_cache is None
    assert not repo.places.cache_dir.exists()


def test_no_secret_is_gathered(gathered: Gather) -> None:
    """That a token is set is a fact; what it is is not."""
    facts = gathered(HF_TOKEN="hf_secret", HUGGING_FACE_HUB_TOKEN="hf_older")
    assert "hf_secret" not in repr(facts)
    assert "hf_older" not in repr(facts)
    assert facts.variables["HUGGING_FACE_HUB_TOKEN"] == "set"


def test_room(
    repo: ResearchRepo, gathered: Gather, client: HuggingFaceHub, locked: Callable[..., LockedPin]
) -> None:
    """What is to be fetched is summed by file system, and what is there does not count."""
    pins = locked(), locked(local_dir="data/tiny")
    (room,) = gathered(*pins).rooms
    assert (room.needed, room.writable) == (2 * (3 * MIB + 12), True)
    assert room.free > 0
    fetch_all(repo.places, pins[0], client)
    assert gathered(*pins).needed == 3 * MIB + 12


def test_a_link_to_purged_scratch(repo: ResearchRepo, gathered: Gather, tmp_path: Path) -> None:
    """A cache behind a link that leads nowhere is no empty cache."""
    assert gathered().dead_link is None
    link, scratch = repo.places.cache_dir.parent, tmp_path / "purged"
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(scratch)
    assert gathered().dead_link == (link, scratch)
    scratch.mkdir()
    assert gathered().dead_link is None


def test_partials(repo: ResearchRepo, gathered: Gather, locked: Callable[..., LockedPin]) -> None:
    """Partial files are found in every repo of the cache and in a local_dir, ours and huggingface_hub's."""
    left = [
        repo.places.cache_dir / "models--other--one" / "blobs" / "abc.123.incomplete",
        repo.places.cache_dir / "models--other--one" / "blobs" / "abc.hfpin.incomplete",
        repo.root / "data" / "tiny" / ".cache/huggingface/hfpin" / "def.hfpin.incomplete",
        repo.root / "data" / "tiny" / ".cache" / "huggingface" / "download" / "sub" / "x.incomplete",
    ]
    for path in left:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"1234")
        os.utime(path, (0, 0))
    found = gathered(locked(local_dir="data/tiny")).partials
    assert [(partial.path, partial.size) for partial in found] == [(path, 4) for path in left]
    assert all(partial.age > 1e9 for partial in found)


def test_folders(repo: ResearchRepo, gathered: Gather, locked: Callable[..., LockedPin]) -> None:
    """The cache, and the folders of the repos that are pinned, with the bits that matter for a group."""
    pin = locked()
    blobs = repo.places.repo_folder(pin.pin.repo) / "blobs"
    blobs.mkdir(parents=True)
    for folder, mode in ((blobs, 0o2775), (blobs.parent, 0o775), (repo.places.cache_dir, 0o755)):
        folder.chmod(mode)
    mine = {"uid": os.getuid(), "gid": blobs.stat().st_gid}
    assert gathered(pin).folders == (
        Folder(path=repo.places.cache_dir, mode=0o40755, **mine),
        Folder(path=blobs.parent, mode=0o40775, **mine),
        Folder(path=blobs, mode=0o42775, **mine),
    )


def test_unreadable(repo: ResearchRepo, gathered: Gather, locked: Callable[..., LockedPin]) -> None:
    """A file that is there and cannot be looked at is named; one that is not there is not."""
    pin = locked()
    path = repo.places.snapshot(pin.pin.target) / "config.json"
    path.parent.mkdir(parents=True)
    path.symlink_to(path.name)
    assert gathered(pin).unreadable == (path,)


def test_a_second_cache(repo: ResearchRepo, gathered: Gather) -> None:
    """The cache of HF_HOME counts where it holds repos and another is in use."""
    other = repo.root.parent / "other"
    (other / "hub" / "models--a--b" / "snapshots").mkdir(parents=True)
    assert gathered(HF_HOME=str(other)).second_cache == other / "hub"
    assert gathered().second_cache is None


@pytest.mark.skipif(sys.platform == "win32", reason="there is no flock")
def test_flock(tmp_path: Path) -> None:
    """Two real processes try: on a local disk one keeps the other out, and nothing is left."""
    assert try_flock(tmp_path) is True
    assert list(tmp_path.iterdir()) == []


def test_flock_that_cannot_be_tried(tmp_path: Path) -> None:
    """Where no file can be made nothing is told."""
    assert try_flock(tmp_path / "none") is None


def test_ask(hf_local_hub: LocalHub, locked: Callable[..., LockedPin], client: HuggingFaceHub) -> None:
    """The Hub is asked once whether a pin may be read; what it refuses is told in its words."""
    pin = locked()
    hf_local_hub.clear_requests()
    assert list(ask(client, [pin])) == []
    (request,) = hf_local_hub.requests
    assert request.path == "/api/models/acme/tiny/auth-check"
    hf_local_hub.delete_repo("acme/tiny")
    (refusal,) = ask(client, [pin])
    assert refusal.name == "tiny"
    assert not isinstance(refusal.error, AccessError)
    assert refusal.error.message == "the Hub has no model acme/tiny that someone without a token may see"
