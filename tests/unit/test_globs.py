"""Globs mean without the disk what pathlib finds on it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hfpin.globs import covers, is_match

FILES = (
    "a.yaml",
    "b.yml",
    "conf/a.yaml",
    "conf/x/a.yaml",
    "conf/x/y/b.yaml",
    "conf/[x].yaml",
    "conf/.h/a.yaml",
)
NAMES = st.sampled_from(
    [
        "*",
        "**",
        "conf",
        "x",
        "y",
        "*.yaml",
        "*.y*ml",
        "a.*",
        "?.yaml",
        "[ab].*",
        "[!a].y*",
        "[[]x].yaml",
        ".h",
    ]
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with those files."""
    root = tmp_path_factory.mktemp("globs")
    for name in FILES:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    return root


@settings(max_examples=75, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(NAMES, min_size=1, max_size=4).filter(lambda parts: parts[-1] != "**"))
def test_a_glob_matches_what_pathlib_finds(folder: Path, parts: list[str]) -> None:
    """For any glob, the files that match are those that `Path.glob` gives."""
    glob = "/".join(parts)
    found = {path.relative_to(folder).as_posix() for path in folder.glob(glob) if path.is_file()}
    assert {name for name in FILES if is_match(name, glob)} == found


@pytest.mark.parametrize(
    ("glob", "covered"),
    [
        ("conf", {"conf/a.yaml", "conf/x/a.yaml", "conf/x/y/b.yaml", "conf/[x].yaml", "conf/.h/a.yaml"}),
        ("conf/x/", {"conf/x/a.yaml", "conf/x/y/b.yaml"}),
        ("conf/x/**", {"conf/x/a.yaml", "conf/x/y/b.yaml"}),
        ("./a.yaml", {"a.yaml"}),
        ("**/y", {"conf/x/y/b.yaml"}),
        ("con", set()),
        ("*.yaml", {"a.yaml"}),
    ],
)
def test_a_glob_of_a_folder_covers_what_is_in_it(glob: str, covered: set[str]) -> None:
    """A folder stands for all below it, however deep; a part of a name for nothing."""
    assert {name for name in FILES if covers(glob, name)} == covered


@pytest.mark.parametrize("glob", ["[z-a].yaml", "[!].yaml", "[!z-a].yaml"])
def test_a_set_that_holds_nothing_matches_its_own_name(glob: str) -> None:
    """A range that runs backwards is no error: there is only one name that it can mean."""
    assert [name for name in ("a.yaml", "!.yaml", glob) if is_match(name, glob)] == [glob]
