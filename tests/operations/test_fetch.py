"""Fetching: into the Hub cache and into a local_dir, through every fault that a network has."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from huggingface_hub import HfApi, snapshot_download

from hfpin.config import Config, Link
from hfpin.dataclass import replace
from hfpin.errors import AccessError, DestinationError, HfpinError, IntegrityError, NetworkError
from hfpin.hub import HuggingFaceHub
from hfpin.lock import LockedFile, LockedPin
from hfpin.operations.download import Downloader, Patience
from hfpin.operations.fetch import Fetcher
from hfpin.operations.fetched import Fetched
from hfpin.operations.partial import this_process
from hfpin.operations.plan import plan
from hfpin.operations.progress import Silent
from hfpin.pin import Pin, Target
from hfpin.places import Places
from hfpin.repo import Repo
from hfpin.snapshot import FileState, write_record
from hfpin.testing import Fault
from tests.support import MIB, Published, ResearchRepo, tree

if TYPE_CHECKING:
    from hfpin.testing import LocalHub

WEIGHTS = "model.safetensors"


def drop(after: int, *, count: int = 1) -> Fault:
    """Break the connection that brings the weights, after so many bytes."""
    return Fault(kind="drop", match="/lfs/", method="GET", after=after, count=count)


def flip(offset: int) -> Fault:
    """Change a byte of the weights, once."""
    return Fault(kind="flip", match="/lfs/", method="GET", offset=offset)


class Counter(Silent):
    """Progress that adds up what it is told."""

    def __init__(self) -> None:
        self.total = 0
        self.seen = 0

    def begin(self, locked: LockedPin, total: int) -> None:
        """Remember the total."""
        super().begin(locked, total)
        self.total = total

    def advance(self, count: int) -> None:
        """Add it up."""
        self.seen += count


class Run:
    """Fetches with a patience that does not wait, and remembers for how long it would have."""

    def __init__(self, places: Places, hub: HuggingFaceHub) -> None:
        self.places = places
        self.hub = hub
        self.config = Config()
        self.waits: list[float] = []
        self.progress = Counter()

    def __call__(self, locked: LockedPin, *, again: tuple[LockedFile, ...] = ()) -> Fetched:
        """Fetch one pin."""
        downloader = Downloader(progress=self.progress, patience=Patience(), sleep=self.waits.append)
        fetcher = Fetcher(places=self.places, config=self.config, hub=self.hub, downloader=downloader)
        return fetcher.fetch(locked, again=again)


@pytest.fixture
def run(repo: ResearchRepo, client: HuggingFaceHub) -> Run:
    """Fetch into the research repo's places."""
    return Run(repo.places, client)


def failure(result: Fetched) -> HfpinError:
    """The error of a fetch that must have failed."""
    assert result.error is not None
    return result.error


class TestCache:
    """The standard Hub cache."""

    def test_layout(self, run: Run, locked: Callable[..., LockedPin], tiny: Published) -> None:
        """Blobs are named by digest and the snapshot links to them, relatively."""
        pin = locked()
        result = run(pin)
        assert (result.error, result.files) == (None, 3)
        assert result.fetched == sum(map(len, tiny.files.values()))
        folder = run.places.cache_dir / "models--acme--tiny"
        assert tree(folder / "snapshots" / tiny.first) == tiny.files
        assert {path.name for path in (folder / "blobs").iterdir()} - {".hfpin.lock"} == {
            file.digest.hex for file in pin.files
        }
        link = folder / "snapshots" / tiny.first / "sub" / "tokenizer.json"
        assert link.readlink().parts[:4] == ("..", "..", "..", "blobs")

    def test_one_get_a_file(
        self, run: Run, locked: Callable[..., LockedPin], tiny: Published, hf_local_hub: LocalHub
    ) -> None:
        """Each file costs one GET by commit, and the large one its redirect; there is no HEAD."""
        pin = locked()
        hf_local_hub.clear_requests()
        run(pin)
        asked = [(record.method, record.path.partition("?")[0]) for record in hf_local_hub.requests]
        assert sorted(path for _, path in asked if "/resolve/" in path) == [
            f"/acme/tiny/resolve/{tiny.first}/{path}" for path in sorted(tiny.files)
        ]
        assert {method for method, _ in asked} == {"GET"}
        assert len([path for _, path in asked if "/lfs/" in path]) == 1

    def test_again_is_quiet(self, run: Run, locked: Callable[..., LockedPin], hf_local_hub: LocalHub) -> None:
        """A second fetch makes no request."""
        pin = locked()
        run(pin)
        hf_local_hub.clear_requests()
        assert run(pin) == Fetched(locked=pin)
        assert hf_local_hub.requests == ()

    def test_used_by_huggingface_hub(
        self, run: Run, locked: Callable[..., LockedPin], tiny: Published
    ) -> None:
        """huggingface_hub finds the snapshot without a network."""
        run(locked(ignore=()))
        path = snapshot_download(
            tiny.repo_id, revision=tiny.first, cache_dir=run.places.cache_dir, local_files_only=True
        )
        assert tree(Path(path)).keys() == {*tiny.files, ".gitattributes"}

    @pytest.mark.parametrize("ways", [("symlink_to",), ("symlink_to", "hardlink_to")])
    def test_without_links(
        self,
        run: Run,
        locked: Callable[..., LockedPin],
        tiny: Published,
        hf_local_hub: LocalHub,
        monkeypatch: pytest.MonkeyPatch,
        ways: tuple[str, ...],
    ) -> None:
        """Where links cannot be made, as on Windows, files are plain, and stored once if that can be done."""

        def refuse(path: Path, _target: object) -> None:
            raise OSError(errno.EPERM, "A required privilege is not held by the client", str(path))

        for way in ways:
            monkeypatch.setattr(Path, way, refuse)
        pin = locked(ignore=())
        assert run(pin).error is None
        weights = run.places.snapshot(pin.pin.target) / "model.safetensors"
        assert not weights.is_symlink()
        assert weights.stat().st_nlink == (1 if len(ways) > 1 else 2)
        found = snapshot_download(
            tiny.repo_id, revision=tiny.first, cache_dir=run.places.cache_dir, local_files_only=True
        )
        assert tree(Path(found)).items() >= tiny.files.items()
        hf_local_hub.clear_requests()
        assert run(pin) == Fetched(locked=pin)
        assert run(locked(commit=tiny.second)).error is None
        assert [one for one in hf_local_hub.requests if "/lfs/" in one.path] == []

    def test_folder_in_the_way_is_named(self, run: Run, locked: Callable[..., LockedPin]) -> None:
        """What stands where a file belongs is said by its own name, not by that of a file beside it."""
        pin = locked()
        folder = run.places.snapshot(pin.pin.target) / "config.json"
        folder.mkdir(parents=True)
        error = failure(run(pin))
        assert isinstance(error, DestinationError)
        assert error.message == f"{folder}: {os.strerror(errno.EISDIR)}"

    def test_shares_blobs(
        self, run: Run, locked: Callable[..., LockedPin], tiny: Published, hf_local_hub: LocalHub
    ) -> None:
        """A second commit fetches only what differs."""
        run(locked())
        second = locked(commit=tiny.second)
        hf_local_hub.clear_requests()
        result = run(second)
        assert [record.path for record in hf_local_hub.requests if "/resolve/" in record.path] == [
            f"/acme/tiny/resolve/{tiny.second}/config.json"
        ]
        assert (result.fetched, result.kept) == (9, 3 * MIB + 3)

    def test_purged_file_comes_back(
        self, run: Run, locked: Callable[..., LockedPin], tiny: Published
    ) -> None:
        """A blob that a purge took is seen as missing, and fetched alone."""
        pin = locked()
        run(pin)
        weights = run.places.snapshot(pin.pin.target) / WEIGHTS
        weights.resolve().unlink()
        assert [(file.path, state) for file, state in plan(run.places, pin).states] == [
            (WEIGHTS, FileState.MISSING)
        ]
        assert run(pin).fetched == 3 * MIB
        assert weights.read_bytes() == tiny.files[WEIGHTS]

    def test_truncated_file_comes_back(
        self, run: Run, locked: Callable[..., LockedPin], tiny: Published
    ) -> None:
        """A blob of the wrong size is replaced, not trusted."""
        pin = locked()
        run(pin)
        weights = run.places.snapshot(pin.pin.target) / WEIGHTS
        weights.resolve().write_bytes(b"short")
        run(pin)
        assert weights.read_bytes() == tiny.files[WEIGHTS]


class TestFaults:
    """What goes wrong between the Hub and the disk."""

    def test_drop_resumes(
        self, run: Run, locked: Callable[..., LockedPin], tiny: Published, hf_local_hub: LocalHub
    ) -> None:
        """A broken connection goes on from the byte it broke at."""
        pin = locked()
        hf_local_hub.inject(drop(2 * MIB))
        hf_local_hub.clear_requests()
        result = run(pin)
        assert result.error is None
        first, second = (record for record in hf_local_hub.requests if "/lfs/" in record.path)
        assert first.range is None
        assert second.range is not None
        start = int(second.range.removeprefix("bytes=").removesuffix("-"))
        assert MIB <= start <= 2 * MIB
        assert second.bytes_sent == 3 * MIB - start
        assert tree(run.places.snapshot(pin.pin.target)) == tiny.files

    def test_stops_resumable(
        self, run: Run, locked: Callable[..., LockedPin], tiny: Published, hf_local_hub: LocalHub
    ) -> None:
        """When nothing comes any more it gives up; the next run goes on from what was kept."""
        pin = locked()
        hf_local_hub.inject(drop(MIB + 7))
        hf_local_hub.inject(drop(0, count=5))
        result = run(pin)
        assert isinstance(failure(result), NetworkError)
        assert not (run.places.snapshot(pin.pin.target) / WEIGHTS).exists()
        hf_local_hub.clear_faults()
        again = run(pin)
        assert again.error is None
        assert again.kept >= MIB
        assert result.fetched + again.kept + again.fetched == 3 * MIB + 12
        assert tree(run.places.snapshot(pin.pin.target)) == tiny.files

    def test_flip_is_fetched_again(
        self, run: Run, locked: Callable[..., LockedPin], tiny: Published, hf_local_hub: LocalHub
    ) -> None:
        """A wrong byte is noticed on arrival, and the file fetched once more."""
        pin = locked()
        hf_local_hub.inject(flip(MIB))
        result = run(pin)
        assert result.error is None
        assert result.fetched == 6 * MIB + 12
        assert tree(run.places.snapshot(pin.pin.target)) == tiny.files

    def test_file_that_is_not_there_is_named(self, run: Run, locked: Callable[..., LockedPin]) -> None:
        """What the lock names and the commit lacks is named; `hfpin lock` alone would keep it."""
        pin = locked()
        error = failure(run(replace(pin, files=(replace(pin.files[0], path="other.json"),))))
        assert (error.message, error.hint) == (
            f"acme/tiny at {pin.pin.commit} has no file other.json",
            "Restore hfpin.lock from git; or delete it, and `hfpin lock` asks the Hub anew.",
        )

    def test_shorter_than_locked_is_refused(self, run: Run, locked: Callable[..., LockedPin]) -> None:
        """A file that ends before the lock says so is told apart from a connection that broke."""
        pin = locked()
        config = replace(pin.files[0], size=pin.files[0].size + 1)
        error = failure(run(replace(pin, files=(config,))))
        assert isinstance(error, IntegrityError)
        assert error.message == (
            f"{config.path}: the Hub has no more than {config.size - 1} bytes of it, "
            "hfpin.lock says there are"
        )

    @pytest.mark.parametrize("path", [WEIGHTS, "config.json"])
    def test_flip_twice_is_refused(
        self, run: Run, locked: Callable[..., LockedPin], hf_local_hub: LocalHub, path: str
    ) -> None:
        """A file that stays wrong is refused with both digests, and nothing of it is linked or kept."""
        pin = locked()
        match = "/lfs/" if path == WEIGHTS else path
        hf_local_hub.inject(Fault(kind="flip", match=match, method="GET", offset=3, count=None))
        error = failure(run(pin))
        file = next(file for file in pin.files if file.path == path)
        assert isinstance(error, IntegrityError)
        assert error.exit_code == 3
        assert file.digest.hex[:12] in error.message
        assert not (run.places.snapshot(pin.pin.target) / path).exists()
        assert not list(run.places.cache_dir.rglob(f"{file.digest.hex}*"))

    @pytest.mark.parametrize(
        ("status", "headers", "waits"),
        [(503, {}, [1.0]), (429, {"Retry-After": "7"}, [7.0]), (429, {"Retry-After": "3600"}, [60.0])],
    )
    def test_waits_when_asked(
        self,
        run: Run,
        locked: Callable[..., LockedPin],
        hf_local_hub: LocalHub,
        status: int,
        headers: dict[str, str],
        waits: list[float],
    ) -> None:
        """A Hub in trouble is asked again after a while; Retry-After is honoured up to a minute."""
        pin = locked()
        hf_local_hub.inject(Fault(kind="status", match="config.json", status=status, headers=headers))
        assert run(pin).error is None
        assert run.waits == waits

    def test_backs_off_then_gives_up(
        self, run: Run, locked: Callable[..., LockedPin], hf_local_hub: LocalHub
    ) -> None:
        """Waits double; after five tries in a row the fetch ends with what to do."""
        pin = locked()
        hf_local_hub.inject(Fault(kind="status", match="config.json", status=503, count=None))
        error = failure(run(pin))
        assert run.waits == [1.0, 2.0, 4.0, 8.0]
        assert str(error) == (
            "the Hub is in trouble (HTTP 503, acme/tiny)\n"
            "Run the same command again later: what was fetched is kept."
        )

    def test_no_retry_without_access(
        self, run: Run, locked: Callable[..., LockedPin], hf_local_hub: LocalHub
    ) -> None:
        """A gated repo is refused at once."""
        pin = locked()
        hf_local_hub.set_access("acme/tiny", gated=True)
        error = failure(run(pin))
        assert isinstance(error, AccessError)
        assert error.message == "acme/tiny is gated, and someone without a token may not read it"
        assert run.waits == []

    def test_progress_adds_up(
        self, run: Run, locked: Callable[..., LockedPin], hf_local_hub: LocalHub
    ) -> None:
        """Whatever went wrong on the way, progress ends at the total."""
        pin = locked()
        hf_local_hub.inject(flip(9))
        hf_local_hub.inject(drop(MIB))
        run(pin)
        assert run.progress.seen == run.progress.total == 3 * MIB + 12


class TestLocalDir:
    """Files in a folder of the project."""

    def test_plain_files(self, run: Run, locked: Callable[..., LockedPin], tiny: Published) -> None:
        """The files are there as files, and git does not see the record beside them."""
        pin = locked(local_dir="data/tiny")
        assert run(pin).error is None
        folder = run.places.root / "data" / "tiny"
        assert tree(folder) == tiny.files
        assert not any(path.is_symlink() for path in folder.rglob("*"))
        assert (folder / ".cache/huggingface/hfpin" / ".gitignore").read_text() == "*\n"
        assert plan(run.places, pin).is_complete

    def test_update_replaces_its_own(
        self, run: Run, locked: Callable[..., LockedPin], tiny: Published, hf_local_hub: LocalHub
    ) -> None:
        """Another commit replaces what hfpin put there, takes away what is gone, and leaves the rest."""
        run(locked(local_dir="m"))
        stranger = run.places.root / "m" / "notes.txt"
        stranger.write_text("mine")
        third = hf_local_hub.commit(tiny.repo_id, {"sub/tokenizer.json": None})
        assert run(locked(local_dir="m", commit=third)).error is None
        assert tree(run.places.root / "m") == {
            "config.json": b'{"a": 2}\n',
            WEIGHTS: tiny.files[WEIGHTS],
            "notes.txt": b"mine",
        }

    @pytest.mark.parametrize("commit", ["first", "second"])
    def test_edited_file_is_refused(
        self, run: Run, locked: Callable[..., LockedPin], tiny: Published, commit: str
    ) -> None:
        """A file that somebody edited is not overwritten, and nothing else is fetched either."""
        run(locked(local_dir="m"))
        edited = run.places.root / "m" / "config.json"
        edited.write_text('{"mine": 1}')
        (run.places.root / "m" / WEIGHTS).unlink()
        error = failure(run(locked(local_dir="m", commit=getattr(tiny, commit))))
        assert isinstance(error, DestinationError)
        assert error.message == f"{edited} is in the way: it is not what hfpin put there"
        assert edited.read_text() == '{"mine": 1}'
        assert not (run.places.root / "m" / WEIGHTS).exists()

    def test_foreign_file_is_refused(self, run: Run, locked: Callable[..., LockedPin]) -> None:
        """A file that was there before hfpin came is not overwritten."""
        other = run.places.root / "m" / "config.json"
        other.parent.mkdir()
        other.write_text("something")
        assert isinstance(failure(run(locked(local_dir="m"))), DestinationError)
        assert other.read_text() == "something"

    def test_folder_in_the_way_is_refused(self, run: Run, locked: Callable[..., LockedPin]) -> None:
        """A folder where a recorded file was is somebody's, and is called by its name."""
        run(locked(local_dir="m"))
        folder = run.places.root / "m" / "config.json"
        folder.unlink()
        folder.mkdir()
        error = failure(run(locked(local_dir="m")))
        assert error.message == f"{folder} is in the way: it is not what hfpin put there"

    @pytest.mark.parametrize("path", ["../outside", "link/outside"])
    def test_record_stays_inside(self, run: Run, locked: Callable[..., LockedPin], path: str) -> None:
        """A record may come with a repository: what it says of files elsewhere takes none of them away."""
        outside = run.places.root / "outside"
        outside.write_bytes(b"mine")
        pin = locked(local_dir="m")
        digest = "sha256:" + hashlib.sha256(b"mine").hexdigest()
        write_record(run.places, pin.pin.target, {path: digest})
        (run.places.root / "m" / "link").symlink_to(run.places.root)
        assert run(pin).error is None
        assert outside.read_bytes() == b"mine"

    @pytest.mark.filterwarnings("ignore:hf_xet:DeprecationWarning")  # of huggingface_hub before 1.33
    def test_is_uploaded_as_it_is(
        self, run: Run, locked: Callable[..., LockedPin], tiny: Published, hf_local_hub: LocalHub
    ) -> None:
        """What was fetched can be published: an upload passes over the account of a `local_dir`."""
        assert run(locked(local_dir="m")).error is None
        api = HfApi(endpoint=hf_local_hub.endpoint, token=hf_local_hub.writer_token)
        api.create_repo("tester/again")
        api.upload_folder(repo_id="tester/again", folder_path=run.places.root / "m")
        assert api.list_repo_files("tester/again") == [".gitattributes", *sorted(tiny.files)]

    @pytest.mark.parametrize("of", [WEIGHTS, "config.json"])
    @pytest.mark.parametrize("owner", ["nobody.0", None])
    def test_no_link_is_written_through(
        self, run: Run, locked: Callable[..., LockedPin], of: str, owner: str | None
    ) -> None:
        """A link where a fetch works, which may have come with a repository, leads it to no other file."""
        precious = run.places.root / "precious"
        precious.write_bytes(b"mine")
        pin = locked(local_dir="m")
        digest = next(file.digest.hex for file in pin.files if file.path == of)
        me = this_process()
        folder = run.places.root / "m/.cache/huggingface/hfpin"
        folder.mkdir(parents=True)
        links = (f"{digest}.{owner or f'{me.host}.{me.pid}'}.hfpin.incomplete", ".hfpin.holder")
        for name in links:
            (folder / name).symlink_to(precious)
        result = run(pin)
        assert precious.read_bytes() == b"mine"
        assert (result.error is None) == (owner is not None)

    @pytest.mark.parametrize("link", ["auto", "copy"])
    def test_longest_name(
        self, run: Run, client: HuggingFaceHub, hf_local_hub: LocalHub, tiny: Published, link: Link
    ) -> None:
        """A name as long as a file system takes is put in place from the cache, and mended there."""
        name = "n" * 255
        commit = hf_local_hub.commit(tiny.repo_id, {name: b"long"})
        repo = Repo(tiny.repo_id)
        target = Target(repo=repo, commit=commit)
        pins = [
            LockedPin(
                pin=Pin(name="tiny", target=one, revision="v1"),
                files=tuple(file for file in client.files(repo, commit) if file.path == name),
            )
            for one in (target, replace(target, local_dir="m"))
        ]
        run.config = Config(link=link)
        assert run(pins[0]).error is None
        wrong = run.places.snapshot(target) / name
        wrong.unlink()
        wrong.symlink_to("nowhere")
        assert [run(pin).error for pin in pins] == [None, None]
        assert wrong.read_bytes() == b"long"
        assert tree(run.places.root / "m") == {name: b"long"}

    def test_right_files_are_adopted(
        self, run: Run, locked: Callable[..., LockedPin], tiny: Published, hf_local_hub: LocalHub
    ) -> None:
        """Files that somebody else put there, and that are right, are hashed once and kept."""
        for name, content in tiny.files.items():
            path = run.places.root / "m" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        pin = locked(local_dir="m")
        hf_local_hub.clear_requests()
        result = run(pin)
        assert (result.error, result.fetched, result.files) == (None, 0, 3)
        assert hf_local_hub.requests == ()
        assert plan(run.places, pin).is_complete

    def test_resumes(
        self, run: Run, locked: Callable[..., LockedPin], tiny: Published, hf_local_hub: LocalHub
    ) -> None:
        """A broken-off fetch goes on here too."""
        pin = locked(local_dir="m")
        hf_local_hub.inject(drop(2 * MIB))
        hf_local_hub.inject(drop(0, count=5))
        assert run(pin).error is not None
        hf_local_hub.clear_faults()
        assert run(pin).kept >= MIB
        assert tree(run.places.root / "m") == tiny.files


class TestSettings:
    """What `[tool.hfpin]` decides about a fetch."""

    @pytest.mark.parametrize(("link", "is_shared"), [("auto", True), ("copy", False)])
    def test_link(
        self, run: Run, locked: Callable[..., LockedPin], tiny: Published, link: Link, *, is_shared: bool
    ) -> None:
        """What the cache has is not fetched for a local_dir; its bytes are shared, or copied on request."""
        run(locked())
        run.config = Config(link=link)
        result = run(locked(local_dir="m"))
        assert (result.error, result.fetched, result.kept) == (None, 0, 3 * MIB + 12)
        assert tree(run.places.root / "m") == tiny.files
        weights = run.places.root / "m" / WEIGHTS
        blob = (run.places.snapshot(locked().pin.target) / WEIGHTS).resolve()
        is_same = weights.samefile(blob)
        assert is_same <= is_shared  # a reflink shares, and is another file
        assert is_same == (not blob.stat().st_mode & 0o200)  # what is one file is protected

    def test_write_refs(self, run: Run, locked: Callable[..., LockedPin], tiny: Published) -> None:
        """The tag that was asked for is written where there is none, and only when the project says so."""
        refs = run.places.repo_folder(locked().pin.repo) / "refs"
        run(locked())
        assert not refs.exists()
        run.config = Config(write_refs=True)
        run(locked(commit=tiny.second))
        assert (refs / "v1").read_text() == tiny.second
        (run.places.snapshot(locked().pin.target) / "config.json").unlink()
        run(locked())
        assert (refs / "v1").read_text() == tiny.second

    @pytest.mark.parametrize("jobs", [1, 3])
    def test_jobs(self, run: Run, locked: Callable[..., LockedPin], tiny: Published, jobs: int) -> None:
        """However many files come at once, all come."""
        run.config = Config(jobs=jobs)
        assert run(locked()).error is None
        assert tree(run.places.snapshot(locked().pin.target)) == tiny.files


def test_same_bytes_come_once(run: Run, client: HuggingFaceHub, hf_local_hub: LocalHub) -> None:
    """Files of the same bytes are fetched once, and empty ones not at all."""
    hf_local_hub.create_repo("acme/twins")
    content = {"a.txt": b"twin", "b/a.txt": b"twin", "c.txt": b"", "d.txt": b""}
    target = Target(repo=Repo("acme/twins"), commit=hf_local_hub.commit("acme/twins", dict(content)))
    files = tuple(file for file in client.files(target.repo, target.commit) if file.path in content)
    hf_local_hub.clear_requests()
    pin = LockedPin(pin=Pin(name="twins", target=target, revision=target.commit), files=files)
    assert run(pin).error is None
    assert tree(run.places.snapshot(target)) == content
    assert len([record for record in hf_local_hub.requests if "/resolve/" in record.path]) == 1


def test_other_bytes_are_fetched_on_demand(
    run: Run, locked: Callable[..., LockedPin], tiny: Published
) -> None:
    """A file whose bytes changed under the same size is there for `fetch`; `again` brings it."""
    pin = locked()
    run(pin)
    weights = run.places.snapshot(pin.pin.target) / WEIGHTS
    weights.resolve().write_bytes(bytes(3 * MIB))
    assert run(pin).files == 0
    again = tuple(file for file in pin.files if file.path == WEIGHTS)
    assert run(pin, again=again).fetched == 3 * MIB
    assert weights.read_bytes() == tiny.files[WEIGHTS]
