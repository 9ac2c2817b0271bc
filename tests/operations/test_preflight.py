"""Preflight: what could not end well is refused before the first byte."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hfpin.digest import Digest
from hfpin.errors import AccessError, DestinationError, NetworkError
from hfpin.hub import HuggingFaceHub
from hfpin.lock import LockedFile, LockedPin
from hfpin.operations import preflight as preflight_module
from hfpin.operations.plan import plan
from hfpin.operations.preflight import preflight
from hfpin.operations.room import find_room
from hfpin.places import Places
from hfpin.repo import Repo
from hfpin.testing import LocalHub
from tests.support import MIB, Published, ResearchRepo, tree

Look = Callable[..., None]


@pytest.fixture
def look(repo: ResearchRepo, client: HuggingFaceHub, hf_local_hub: LocalHub) -> Look:
    """Run preflight for pins, from a cleared log of requests."""

    def run(*pins: LockedPin, places: Places = repo.places, hub: HuggingFaceHub = client) -> None:
        hf_local_hub.clear_requests()
        preflight(places, [plan(places, pin) for pin in pins], hub)

    return run


def test_one_question_for_each_repo(
    repo: ResearchRepo,
    lay: Callable[[Places, LockedPin], None],
    tiny: Published,
    locked: Callable[..., LockedPin],
    look: Look,
    hf_local_hub: LocalHub,
) -> None:
    """A repo that something must come of is asked about once; nothing is written or fetched."""
    pins = (locked(), locked(commit=tiny.second), locked(local_dir="m"))
    look(*pins)
    assert [record.path for record in hf_local_hub.requests] == ["/api/models/acme/tiny/auth-check"]
    assert tree(repo.root) == {"pyproject.toml": b""}
    assert not repo.places.cache_dir.exists()
    for pin in pins:
        lay(repo.places, pin)
    look(*pins)
    assert hf_local_hub.requests == ()


def test_no_access(
    tiny: Published,
    locked: Callable[..., LockedPin],
    look: Look,
    client: HuggingFaceHub,
    hf_local_hub: LocalHub,
) -> None:
    """A gated repo is refused before its first file, with where to ask."""
    assert tiny.first
    pin = locked()
    hf_local_hub.set_access("acme/tiny", gated=True)
    with pytest.raises(AccessError) as caught:
        look(pin, hub=replace(client, token=hf_local_hub.reader_token))
    assert (caught.value.message, caught.value.hint) == (
        "acme/tiny is gated, and this token may not read it",
        f"Ask for access at {hf_local_hub.endpoint}/acme/tiny, then `hf auth login` or set HF_TOKEN.",
    )
    with pytest.raises(NetworkError, match=r"^no answer from http://127\.0\.0\.1:9 about acme/tiny"):
        look(pin, hub=replace(client, endpoint="http://127.0.0.1:9"))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one MiB and 16 inodes of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m,nr_inodes=16", "tmpfs", str(folder)]
    if sys.platform != "linux" or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("no file system can be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_disk_that_is_too_small(
    repo: ResearchRepo, locked: Callable[..., LockedPin], look: Look, small_disk: Path, hf_local_hub: LocalHub
) -> None:
    """A real small disk is refused before the Hub is asked, in bytes and in inodes; the disk stays empty."""
    pin = locked()
    places = Places(root=repo.root, cache=small_disk / "hub")
    with pytest.raises(DestinationError) as caught:
        look(pin, places=places)
    free = os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize
    needs = 3 * MIB + 9 + 3
    assert caught.value.message == (
        f"{small_disk}/hub has no room for {needs:,} bytes: {free:,} are free, {needs - free:,} lack"
    )
    many = tuple(
        LockedFile(path=f"{number}.txt", size=1, digest=Digest("git-sha1", f"{number:040x}"))
        for number in range(9)
    )
    with pytest.raises(DestinationError, match=r"has no room for 19 files \(inodes\): 15 are free, 4 lack\n"):
        look(replace(pin, files=many), places=places)
    assert hf_local_hub.requests == ()
    assert list(small_disk.iterdir()) == []


def test_a_link_to_a_disk_that_was_purged(repo: ResearchRepo, locked: Callable[..., LockedPin]) -> None:
    """A cache that is a link to nowhere is called that, before anything is fetched."""
    cache = repo.places.cache_dir
    cache.parent.mkdir(parents=True, exist_ok=True)
    cache.symlink_to(repo.root / "purged")
    with pytest.raises(DestinationError) as caught:
        find_room(repo.places, [plan(repo.places, locked())])
    assert caught.value.message == f"{cache} is a link to {repo.root / 'purged'}, which is not there"


def test_a_file_where_the_cache_should_be(
    repo: ResearchRepo, locked: Callable[..., LockedPin], look: Look
) -> None:
    """What is no folder cannot hold a cache."""
    (repo.root / "hub").touch()
    with pytest.raises(DestinationError) as caught:
        look(locked(), places=Places(root=repo.root, cache=repo.root / "hub"))
    assert (caught.value.message, caught.value.hint) == (
        f"{repo.root}/hub cannot be written to: Not a directory",
        "Ask whoever owns it, or set [tool.hfpin] cache-dir to a folder of your own.",
    )


class TestLinks:
    """Links to folders, on the way to the files and among them."""

    @pytest.mark.parametrize("local_dir", ["data", "data/m"])
    def test_above_the_files_they_are_followed(
        self, online: ResearchRepo, tiny: Published, local_dir: str
    ) -> None:
        """People link `data` to a scratch disk, and a model of the cache to another one."""
        scratch = online.root.parent / "scratch"
        for name in ("data", "model"):
            (scratch / name).mkdir(parents=True)
        (online.root / "data").symlink_to(scratch / "data")
        online.places.cache_dir.mkdir(parents=True)
        online.places.repo_folder(Repo("acme/tiny")).symlink_to(scratch / "model")
        online.write(
            "config.yaml",
            f"a: {{repo_id: acme/tiny, revision: {tiny.first}, ignore_patterns: .git*}}\n"
            f"b: {{repo_id: acme/tiny, revision: {tiny.first}, ignore_patterns: .git*, "
            f"local_dir: {local_dir}}}\n",
        )
        for command in ("lock", "fetch", "verify"):
            assert online.hfpin(command).returncode == 0
        found = scratch / "data" / local_dir.removeprefix("data").removeprefix("/")
        assert tree(found) == tiny.files
        assert (scratch / "model" / "snapshots" / tiny.first / "config.json").exists()

    @pytest.mark.parametrize("name", ["sub", ".cache", ".cache/huggingface/hfpin"])
    def test_among_the_files_they_are_refused(
        self, repo: ResearchRepo, locked: Callable[..., LockedPin], look: Look, name: str
    ) -> None:
        """Below a `local_dir` a link to a folder would carry files to where nobody said."""
        outside = repo.root.parent / "outside"
        outside.mkdir()
        link = repo.root / "m" / name
        link.parent.mkdir(parents=True)
        link.symlink_to(outside)
        with pytest.raises(DestinationError) as caught:
            look(locked(local_dir="m"))
        assert (caught.value.message, caught.value.hint) == (
            f"{link} is a link to {outside}: files would go there",
            "Remove the link; a folder above it may be one, and so may the Hub cache.",
        )

    def test_out_of_the_project_git_has_none(
        self, repo: ResearchRepo, locked: Callable[..., LockedPin], look: Look
    ) -> None:
        """A link that leads out is followed where it is this machine's, and refused where it came along."""
        outside = repo.root.parent / "outside"
        outside.mkdir()
        (repo.root / "kept").mkdir()
        (repo.root / "kept" / "data").symlink_to(outside)
        (repo.root / "in").symlink_to("kept")
        pin = locked(local_dir="in/data/m")
        look(pin)
        assert repo.run("git", "init", "-q").returncode == 0
        look(pin)
        assert repo.run("git", "add", "in").returncode == 0
        look(pin)
        assert repo.run("git", "add", "kept/data").returncode == 0
        with pytest.raises(DestinationError) as caught:
            look(pin)
        link = repo.root.resolve() / "kept" / "data"
        assert (caught.value.message, caught.value.hint) == (
            f"{repo.root}/in/data/m leads to {outside}, out of the project, by a link that git has: {link}",
            "If it is yours, keep it out of git: git rm --cached, and a line in .gitignore.",
        )

    def test_a_loop_is_refused(
        self, repo: ResearchRepo, locked: Callable[..., LockedPin], look: Look
    ) -> None:
        """So is one that leads to itself, in words and not by a traceback."""
        link = repo.root / "m" / "sub"
        link.parent.mkdir()
        link.symlink_to("sub")
        with pytest.raises(DestinationError, match=f"{link} is a link to "):
            look(locked(local_dir="m"))

    @pytest.mark.parametrize("name", ["snapshots", "snapshots/COMMIT", "snapshots/COMMIT/sub"])
    def test_among_the_names_of_the_cache_they_are_refused(
        self, repo: ResearchRepo, locked: Callable[..., LockedPin], look: Look, name: str
    ) -> None:
        """So it is below a repo's folder in the cache."""
        pin = locked()
        outside = repo.root.parent / "outside"
        outside.mkdir()
        link = repo.places.repo_folder(pin.pin.repo) / name.replace("COMMIT", pin.pin.commit)
        link.parent.mkdir(parents=True)
        link.symlink_to(outside)
        with pytest.raises(DestinationError) as caught:
            look(pin)
        assert caught.value.message == f"{link} is a link to {outside}: files would go there"

    def test_into_git_they_are_refused(
        self, repo: ResearchRepo, locked: Callable[..., LockedPin], look: Look
    ) -> None:
        """No link leads a `local_dir` to where git keeps the programs that it runs."""
        hooks = repo.root / ".git" / "hooks"
        hooks.mkdir(parents=True)
        (repo.root / "data").symlink_to(hooks)
        with pytest.raises(DestinationError) as caught:
            look(locked(local_dir="data"))
        assert (caught.value.message, caught.value.hint) == (
            f"{repo.root}/data leads into {hooks}, which is git's own",
            "Choose another local_dir.",
        )


def test_names_that_differ_by_case_alone(
    locked: Callable[..., LockedPin], look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are two files where case counts; where it does not, one would replace the other, so none comes."""
    pin = locked()
    twice = replace(pin, files=(*pin.files, replace(pin.files[0], path="Config.json")))
    look(twice)
    monkeypatch.setattr(preflight_module, "_tells_case_apart", lambda folder: not folder.is_dir())
    look(pin)
    with pytest.raises(DestinationError) as caught:
        look(twice)
    assert (caught.value.message, caught.value.hint) == (
        (
            f"tiny (acme/tiny at {pin.pin.commit[:8]}): 'config.json' and 'Config.json' "
            "are one file on this disk: it ignores case"
        ),
        "Leave one out with ignore_patterns, or fetch to a disk that tells case apart.",
    )
