"""Which names are taken from strangers."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hfpin.paths import colliding, folded, has_control, is_device, is_record_path, is_safe_path

TRICKY = st.text(st.sampled_from("aGgit.~1/\\: \0\x1b\u200d\u202e\ufeffé\ud800"), max_size=10)


@given(TRICKY | st.text(max_size=10))
def test_a_safe_path_stays_below_its_folder_on_every_system(path: str) -> None:
    """Joined to a folder, a path that is taken gives one below it, and no part of it is git's."""
    if not is_safe_path(path):
        return
    for kind in (PurePosixPath, PureWindowsPath):
        joined = kind("base") / path
        assert joined.is_relative_to(kind("base"))
        assert joined != kind("base")
        assert ".." not in joined.parts
    assert not has_control(path)
    assert ".git" not in {folded(part) for part in path.split("/")}


@given(st.lists(st.sampled_from(["a", "B.json", "größe", "模 型", "x.y", "_-"]), min_size=1))
def test_ordinary_names_are_taken(parts: list[str]) -> None:
    """Letters of any script, digits, spaces, dots and dashes are safe at any depth."""
    assert is_safe_path("/".join(parts))


@pytest.mark.parametrize(
    ("path", "same"),
    [
        ("README.md", "readme.MD"),
        ("Gro\u0308ße", "gröSSE"),
        ("a/b. .", "A/B"),
        ("x\u200dy", "XY"),
        ("a/./b", "a/./b"),
    ],
)
def test_what_a_careless_file_system_takes_for_one(path: str, same: str) -> None:
    """Case, accents, invisible characters and trailing dots make no difference there."""
    assert folded(path) == folded(same)
    assert folded(folded(path)) == folded(path)


def test_collisions_are_given_in_pairs() -> None:
    """Each path is held against the first that it collides with; equal paths are one."""
    assert list(colliding(["A", "b", "a", "b", "B", "dir/x"])) == [("A", "a"), ("b", "B")]


@pytest.mark.parametrize(
    ("path", "taken"),
    [
        (".cache/huggingface", True),
        (".cache/huggingface/hfpin/files.json", True),
        (".CACHE/HuggingFace/hfpin/files.json", True),
        (".cache/huggingface/download/a.lock", True),
        (".cache/huggingfaces", False),
        ("a/.cache/huggingface/hfpin/files.json", False),
        (".cache/other", False),
    ],
)
def test_where_the_record_is_kept(path: str, *, taken: bool) -> None:
    """Only the folders at the top of a `local_dir` are spoken for."""
    assert is_record_path(path) is taken


@pytest.mark.parametrize(
    ("path", "device"),
    [
        ("aux", True),
        ("a/CON.txt", True),
        ("lpt1", True),
        ("com¹.x", True),
        ("nul .tar.gz", True),
        ("auxiliary", False),
        ("con-fig", False),
        ("com0x", False),
        ("a.con", False),
    ],
)
def test_a_name_that_is_a_device_on_windows(path: str, *, device: bool) -> None:
    """A device's name is one with any ending, and not as part of a longer word."""
    assert is_device(path) is device
