"""Files on disk, held against the lock."""

from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path

import pytest
from huggingface_hub.file_download import repo_folder_name

from hfpin.digest import Digest
from hfpin.lock import LockedFile
from hfpin.pin import Target
from hfpin.places import Places
from hfpin.repo import REPO_TYPES, Repo, RepoType
from hfpin.snapshot import (
    FileState,
    files_below,
    full_state,
    quick_states,
    read_record,
    write_record,
)

COMMIT = "26bca36bde8333b5d7f72e9ed20ccda6a618af24"
CONTENT = b"weights"
FILE = LockedFile(path="deep/model.bin", size=7, digest=Digest("sha256", hashlib.sha256(CONTENT).hexdigest()))
CACHED = Target(repo=Repo("org/tiny"), commit=COMMIT)
LOCAL = Target(repo=Repo("org/tiny"), commit=COMMIT, local_dir="data/tiny")


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """Give a project and a cache that are empty."""
    return Places(root=tmp_path / "project", cache=tmp_path / "hub")


def put(places: Places, target: Target, content: bytes) -> Path:
    """Put a file where a target's snapshot has it."""
    path = places.snapshot(target) / FILE.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def seen(places: Places, target: Target) -> FileState:
    """Compare name and size of the file."""
    ((file, state),) = quick_states(places, target, [FILE])
    assert file == FILE
    return state


@pytest.mark.parametrize("repo_id", ["gpt2", "org/tiny", "org/a.b-c_d"])
@pytest.mark.parametrize("repo_type", REPO_TYPES)
def test_a_repos_folder_is_the_one_of_huggingface_hub(
    places: Places, repo_id: str, repo_type: RepoType
) -> None:
    """The cache is the standard one: huggingface_hub finds there what hfpin puts there."""
    folder = places.repo_folder(Repo(repo_id, repo_type))
    assert folder == places.cache_dir / repo_folder_name(repo_id=repo_id, repo_type=repo_type)


def test_files_have_their_places(places: Places) -> None:
    """Bytes are named by their digest, snapshots by their commit, and a `local_dir` by itself."""
    folder = places.cache_dir / "models--org--tiny"
    assert places.blob(CACHED.repo, FILE) == folder / "blobs" / FILE.digest.hex
    assert places.snapshot(CACHED) == folder / "snapshots" / COMMIT
    assert places.snapshot(LOCAL) == places.root / "data" / "tiny"
    assert places.record(LOCAL) == places.root / "data" / "tiny" / ".cache/huggingface/hfpin" / "files.json"


@pytest.mark.parametrize(
    ("content", "quick", "full", "found"),
    [
        (None, FileState.MISSING, FileState.MISSING, None),
        (CONTENT, FileState.PRESENT, FileState.PRESENT, None),
        (b"", FileState.SIZE, FileState.SIZE, "0"),
        (CONTENT + b"!", FileState.SIZE, FileState.SIZE, "8"),
        (b"WEIGHTS", FileState.PRESENT, FileState.DIGEST, hashlib.sha256(b"WEIGHTS").hexdigest()),
    ],
    ids=["missing", "right", "empty", "longer", "other bytes"],
)
def test_a_file_is_compared_with_the_lock(
    places: Places, content: bytes | None, quick: FileState, full: FileState, found: str | None
) -> None:
    """Name and size are looked at quickly; that bytes differ is seen by reading them."""
    path = places.snapshot(CACHED) / FILE.path
    if content is not None:
        assert put(places, CACHED, content) == path
    assert seen(places, CACHED) is quick
    assert full_state(path, FILE) == (full, found)


def test_a_link_to_nothing_is_missing(places: Places) -> None:
    """A snapshot whose blob was purged is not there, though its link is."""
    path = put(places, CACHED, CONTENT)
    path.unlink()
    path.symlink_to("../../../blobs/gone")
    assert seen(places, CACHED) is FileState.MISSING
    assert full_state(path, FILE) == (FileState.MISSING, None)


def test_without_a_snapshot_every_file_is_missing(places: Places) -> None:
    """Where the folder is not there, nothing in it is."""
    assert seen(places, CACHED) is FileState.MISSING
    assert seen(places, LOCAL) is FileState.MISSING


def test_a_file_in_the_place_of_a_folder_is_missing(places: Places) -> None:
    """Where `deep` is a file, there is no `deep/model.bin`."""
    places.snapshot(CACHED).mkdir(parents=True)
    (places.snapshot(CACHED) / "deep").write_bytes(b"")
    assert seen(places, CACHED) is FileState.MISSING
    assert full_state(places.snapshot(CACHED) / FILE.path, FILE) == (FileState.MISSING, None)


def test_a_folder_in_the_place_of_a_file_is_not_the_file(places: Places) -> None:
    """A folder is never taken for what the lock names."""
    path = places.snapshot(CACHED) / FILE.path
    path.mkdir(parents=True)
    assert seen(places, CACHED) is FileState.NOT_A_FILE
    assert full_state(path, FILE) == (FileState.NOT_A_FILE, None)


def test_a_pipe_is_not_waited_for(places: Places) -> None:
    """What is no plain file is never opened."""
    path = places.snapshot(CACHED) / FILE.path
    path.parent.mkdir(parents=True)
    os.mkfifo(path)
    assert full_state(path, FILE) == (FileState.NOT_A_FILE, None)


def test_a_loop_of_links_cannot_be_read(places: Places) -> None:
    """What the system refuses to follow is a state of the file, with the system's own words."""
    path = places.snapshot(CACHED) / FILE.path
    path.parent.mkdir(parents=True)
    path.symlink_to(path.name)
    assert seen(places, CACHED) is FileState.UNREADABLE
    assert full_state(path, FILE) == (FileState.UNREADABLE, os.strerror(errno.ELOOP))


def test_files_below_a_folder(tmp_path: Path) -> None:
    """Links are named and not entered; a folder that is not there is empty."""
    assert list(files_below(tmp_path / "none")) == []
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "c").touch()
    (tmp_path / "d").symlink_to("a")
    assert sorted(files_below(tmp_path)) == ["a/b/c", "d"]


@pytest.mark.parametrize(
    ("record", "state"),
    [
        ({FILE.path: str(FILE.digest)}, FileState.PRESENT),
        ({FILE.path: f"sha256:{'0' * 64}"}, FileState.UNRECORDED),
        ({"other": str(FILE.digest)}, FileState.UNRECORDED),
        ({}, FileState.UNRECORDED),
    ],
)
def test_in_a_local_dir_only_a_recorded_file_counts(
    places: Places, record: dict[str, str], state: FileState
) -> None:
    """The right size is not enough where people edit files: the record must name this very digest."""
    put(places, LOCAL, CONTENT)
    write_record(places, LOCAL, record)
    assert seen(places, LOCAL) is state


def test_a_record_takes_the_place_of_a_link(places: Places, tmp_path: Path) -> None:
    """A repository that brings links where the record belongs has nothing written through them."""
    victim, path = tmp_path / "victim", places.record(LOCAL)
    victim.write_text("old")
    path.parent.mkdir(parents=True)
    path.symlink_to(victim)
    (path.parent / ".gitignore").symlink_to(victim)
    write_record(places, LOCAL, {"b": "sha256:2"})
    assert (victim.read_text(), read_record(places, LOCAL)) == ("old", {"b": "sha256:2"})


def test_a_record_is_read_as_it_was_written(places: Places) -> None:
    """The record comes back, is sorted, and keeps itself out of git."""
    write_record(places, LOCAL, {"b": "sha256:2", "ä": "git-sha1:1"})
    assert read_record(places, LOCAL) == {"b": "sha256:2", "ä": "git-sha1:1"}
    assert (places.record(LOCAL).parent / ".gitignore").read_bytes() == b"*\n"
    assert places.record(LOCAL).read_bytes() == b'{\n "b": "sha256:2",\n "\\u00e4": "git-sha1:1"\n}'


def test_the_cache_has_no_record(places: Places) -> None:
    """In the cache a name is a digest already."""
    assert read_record(places, CACHED) == {}


@pytest.mark.parametrize("content", [None, b"", b"{", b"[]", b"null", b"\xff", b"1", b"[" * 99_999])
def test_a_record_that_cannot_be_read_records_nothing(places: Places, content: bytes | None) -> None:
    """Without a record, files are hashed before they are trusted or replaced: nothing is lost but time."""
    if content is not None:
        places.record(LOCAL).parent.mkdir(parents=True)
        places.record(LOCAL).write_bytes(content)
    assert read_record(places, LOCAL) == {}
