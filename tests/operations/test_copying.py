"""Copying a file, hashed on the way, and the lock under which that is done."""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hfpin.digest import Digest, Hasher
from hfpin.errors import DestinationError, StoppedError
from hfpin.lock import LockedFile
from hfpin.operations.copying import copy, copy_right, open_source
from hfpin.operations.cores import SpareCores
from hfpin.operations.file_lock import try_lock
from tests.support import MIB

CONTENT = os.urandom(4 * MIB)  # more than all the buffers of a copy
EDGES = st.sampled_from([0, 1, 4095, MIB // 2, MIB, 2 * MIB + 1, len(CONTENT) - 1, len(CONTENT)])


def locked(content: bytes) -> LockedFile:
    """What a lock says of a file."""
    digest = Digest("sha256", hashlib.sha256(content).hexdigest())
    return LockedFile(path="model.safetensors", size=len(content), digest=digest)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A file."""
    path = tmp_path / "source"
    path.write_bytes(CONTENT)
    return path


@settings(max_examples=25, deadline=None)
@given(start=EDGES, limit=EDGES, cores=st.integers(1, 3), finished_at=st.integers(0, len(CONTENT)))
def test_copies_and_hashes_what_it_copied(start: int, limit: int, cores: int, finished_at: int) -> None:
    """From where the source stands to its end or the limit: copy, digest and count are of the same bytes.

    On one core, on two, and where another file is finished meanwhile.
    """
    wanted = CONTENT[start:][:limit]
    hasher = Hasher("sha256", len(wanted))
    told: list[int] = []
    spare = SpareCores(cores, files=2, jobs=2)

    def advance(count: int) -> None:
        told.append(count)
        if sum(told) - count <= finished_at < sum(told):
            spare.done()

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "source")
        path.write_bytes(CONTENT)
        with open_source(path) as old, Path(folder, "copy").open("wb", buffering=0) as new:
            old.seek(start)
            assert copy(old, new, hasher, limit=limit, advance=advance, spare=spare) == len(wanted)
        assert Path(folder, "copy").read_bytes() == wanted
    assert hasher.digest().hex == hashlib.sha256(wanted).hexdigest()
    assert sum(told) == len(wanted)


@pytest.mark.parametrize("cores", [1, 2])
def test_stops(source: Path, tmp_path: Path, cores: int) -> None:
    """What is raised by whoever is told ends the copy at that chunk, its thread, and the loan of its core."""
    spare = SpareCores(cores, files=1, jobs=1)
    told: list[int] = []

    def stop(count: int) -> None:
        told.append(count)
        if len(told) == 2:  # the first chunk after that a second core could help
            raise StoppedError("enough")

    before = threading.active_count()
    with open_source(source) as old, (tmp_path / "copy").open("wb", buffering=0) as new:
        with pytest.raises(StoppedError):
            copy(old, new, Hasher("sha256", len(CONTENT)), limit=len(CONTENT), advance=stop, spare=spare)
        assert 0 < new.tell() < len(CONTENT)
    assert threading.active_count() == before
    assert spare.borrow() is (cores == 2)


@given(cores=st.integers(1, 4), files=st.integers(1, 9), jobs=st.integers(1, 4))
def test_cores_are_lent_once(cores: int, files: int, jobs: int) -> None:
    """None is lent while each has a file; later those without one are, once until they are given back."""
    spare = SpareCores(cores, files=files, jobs=jobs)
    for left in range(files, -1, -1):
        lent = 0
        while spare.borrow():
            lent += 1
        assert lent == max(0, cores - min(left, jobs))
        for _ in range(lent):
            spare.give_back()
        if left:
            spare.done()


def test_who_is_to_blame(source: Path, tmp_path: Path) -> None:
    """A source that is gone or cannot be read is named; a target that refuses raises what the system says."""
    with pytest.raises(DestinationError, match=f"{source}x is gone"):
        open_source(source.with_name("sourcex"))
    with pytest.raises(DestinationError, match="cannot be read"):
        open_source(tmp_path)
    hasher = Hasher("sha256", 1)
    unreadable = Path("/proc/self/mem")  # its first page is not there: EIO, as on a failing disk
    if unreadable.exists():
        with (
            open_source(unreadable) as old,
            (tmp_path / "copy").open("wb", buffering=0) as new,
            pytest.raises(DestinationError, match="/proc/self/mem cannot be read: Input/output error"),
        ):
            copy(old, new, hasher, limit=1, advance=lambda _: None)
    if Path("/dev/full").exists():
        with (
            open_source(source) as old,
            Path("/dev/full").open("wb", buffering=0) as full,
            pytest.raises(OSError, match="No space left"),
        ):
            copy(old, full, hasher, limit=1, advance=lambda _: None)


@pytest.mark.parametrize(
    "content",
    [CONTENT, CONTENT[:MIB] + b"\0" + CONTENT[MIB + 1 :], CONTENT[:-1], CONTENT + b"\0"],
    ids=["right", "flipped", "short", "long"],
)
def test_only_right_copies_stay(source: Path, tmp_path: Path, content: bytes) -> None:
    """A copy that has not the bytes of the lock is taken away; what is beyond them is not copied."""
    source.write_bytes(content)
    is_right = content.startswith(CONTENT)
    assert copy_right(source, tmp_path / "copy", locked(CONTENT)) is is_right
    assert (tmp_path / "copy").exists() is is_right
    assert not is_right or (tmp_path / "copy").read_bytes() == CONTENT


def opened() -> int:
    """How many files this process has open, where the system tells."""
    return sum(1 for _ in Path("/proc/self/fd").glob("*"))


class TestFileLock:
    """A lock on a file."""

    @pytest.mark.parametrize("has_flock", [True, False])
    def test_one_at_a_time(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_flock: bool) -> None:  # noqa: FBT001  # a parameter of the test
        """Who comes second gets nothing until it is given back; with flock and without."""
        if not has_flock:
            pytest.importorskip("filelock")  # which looks for flock when it is loaded
            monkeypatch.setitem(__import__("sys").modules, "fcntl", None)
        give_back = try_lock(tmp_path / "lock")
        assert give_back is not None
        assert try_lock(tmp_path / "lock") is None
        give_back()
        again = try_lock(tmp_path / "lock")
        assert again is not None
        again()

    def test_is_for_all_who_may_write(self, tmp_path: Path) -> None:
        """The lock of a cache that a group shares is writable for the group, where the umask lets it be."""
        before = os.umask(0o002)
        try:
            give_back = try_lock(tmp_path / "lock")
        finally:
            os.umask(before)
        assert give_back is not None
        give_back()
        assert (tmp_path / "lock").stat().st_mode & 0o777 == 0o664

    def test_link_is_not_followed(self, tmp_path: Path) -> None:
        """A link in its place is refused."""
        (tmp_path / "lock").symlink_to(tmp_path / "elsewhere")
        with pytest.raises(OSError, match="symbolic links"):
            try_lock(tmp_path / "lock")
        assert not (tmp_path / "elsewhere").exists()

    @pytest.mark.parametrize(
        ("number", "raised"), [(errno.ENOSYS, NotImplementedError), (errno.EIO, OSError)], ids=str
    )
    def test_no_locks(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, raised: type[Exception]
    ) -> None:
        """A file system without locks is told from one that fails, and no file stays open."""
        fcntl = pytest.importorskip("fcntl")

        def refuse(*_: int) -> None:
            raise OSError(number, "no")

        before = opened()
        monkeypatch.setattr(fcntl, "flock", refuse)
        with pytest.raises(raised):
            try_lock(tmp_path / "lock")
        assert opened() == before
