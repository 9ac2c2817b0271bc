"""Writing a file whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from hfpin import atomic


def test_a_new_file_gets_the_permissions_that_the_umask_leaves(tmp_path: Path) -> None:
    """A file that was not there is made as `open` would make it."""
    before = os.umask(0o027)
    try:
        atomic.write(tmp_path / "new", b"x")
        assert os.umask(0o027) == 0o027, "the umask is put back"
    finally:
        os.umask(before)
    assert (tmp_path / "new").read_bytes() == b"x"
    assert (tmp_path / "new").stat().st_mode & 0o7777 == 0o640


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_what_is_no_file_stays_what_it_is(tmp_path: Path) -> None:
    """A pipe, or /dev/null, is written to: root could replace it, for everybody."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        atomic.write(path, b"new")
        assert (path.is_fifo(), os.read(reader, 10)) == (True, b"new")
    finally:
        os.close(reader)


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o755, 0o444])
def test_an_existing_file_keeps_its_permissions(tmp_path: Path, mode: int) -> None:
    """Only the content is replaced."""
    path = tmp_path / "file"
    path.write_bytes(b"old")
    path.chmod(mode)
    atomic.write(path, b"new")
    assert (path.read_bytes(), path.stat().st_mode & 0o7777) == (b"new", mode)


def test_what_is_hfpins_own_is_written_in_the_place_of_a_link(tmp_path: Path) -> None:
    """A link that came with a repository has nothing written through it, whether it leads anywhere or not."""
    victim = tmp_path / "victim"
    victim.write_bytes(b"old")
    for name, target in (("link", victim), ("nowhere", tmp_path / "gone")):
        link = tmp_path / name
        link.symlink_to(target)
        atomic.write(link, b"new", follow=False)
        assert (link.is_symlink(), link.read_bytes(), link.stat().st_mode & 0o111) == (False, b"new", 0)
    assert (victim.read_bytes(), (tmp_path / "gone").exists()) == (b"old", False)


@pytest.mark.parametrize("what", ["file", "link", "nothing"])
def test_a_gitignore_that_is_there_stays(tmp_path: Path, what: str) -> None:
    """One is made where nothing has its name, and no link is followed."""
    victim, ignored = tmp_path / "victim", tmp_path / ".gitignore"
    victim.write_text("old")
    if what == "file":
        ignored.write_text("mine")
    if what == "link":
        ignored.symlink_to(victim)
    atomic.ignore(tmp_path)
    assert (victim.read_text(), ignored.read_text()) == (
        "old",
        {"file": "mine", "link": "old", "nothing": "*\n"}[what],
    )


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """What a link points at is replaced, in the folder where it is."""
    target, link = tmp_path / "there" / "target", tmp_path / "link"
    target.parent.mkdir()
    target.write_bytes(b"old")
    link.symlink_to("there/target")
    atomic.write(link, b"new")
    assert (link.is_symlink(), link.readlink(), target.read_bytes()) == (True, Path("there/target"), b"new")


def test_a_link_to_nothing_creates_what_it_points_at(tmp_path: Path) -> None:
    """A link whose target is gone is not replaced either."""
    link = tmp_path / "link"
    link.symlink_to("target")
    atomic.write(link, b"new")
    assert (link.is_symlink(), (tmp_path / "target").read_bytes()) == (True, b"new")


def test_nothing_is_left_beside_the_file(tmp_path: Path) -> None:
    """The folder holds the file and nothing else."""
    atomic.write(tmp_path / "file", b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """If writing fails, the old content is whole and nothing is left beside it."""

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    path = tmp_path / "file"
    path.write_bytes(b"old")
    monkeypatch.setattr(*((os, "fsync", fail) if step == "fsync" else (Path, "replace", fail)))
    with pytest.raises(OSError, match="No space left") as caught:
        atomic.write(path, b"new")
    assert caught.value.errno == errno.ENOSPC
    assert path.read_bytes() == b"old"
    assert [inner.name for inner in tmp_path.iterdir()] == ["file"]


def test_an_interruption_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C in the middle of a write is no different from a full disk."""

    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    path = tmp_path / "file"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        atomic.write(path, b"new")
    assert [(inner.name, inner.read_bytes()) for inner in tmp_path.iterdir()] == [("file", b"old")]


def test_a_folder_is_not_replaced(tmp_path: Path) -> None:
    """A folder in the file's place stands, and nothing is left beside it."""
    (tmp_path / "folder").mkdir()
    with pytest.raises(IsADirectoryError):
        atomic.write(tmp_path / "folder", b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_a_missing_folder_is_not_made(tmp_path: Path) -> None:
    """Where a file goes is decided elsewhere: a typing error in a path makes no folders."""
    with pytest.raises(FileNotFoundError):
        atomic.write(tmp_path / "no" / "file", b"x")
    assert list(tmp_path.iterdir()) == []


def test_what_is_read_is_a_file(tmp_path: Path) -> None:
    """What would be read for ever, or without an end, is refused before it is opened."""
    file, link = tmp_path / "file", tmp_path / "link"
    file.touch()
    assert atomic.a_file(file) == file
    link.symlink_to(os.devnull)
    with pytest.raises(OSError, match="it is no file") as caught:
        atomic.a_file(link)
    assert caught.value.strerror == "it is no file"
    with pytest.raises(FileNotFoundError):
        atomic.a_file(tmp_path / "none")
