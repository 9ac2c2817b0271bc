"""What git leaves of a merge: each side's text comes out as it went in."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hfpin.lock import sides

LINES = st.lists(st.sampled_from(["a", " {", "<<<<<<<x", "=======x", "", "|||||||x", ">>>>>>"]), max_size=3)


@st.composite
def merges(draw: st.DrawFn) -> tuple[str, str, str]:
    """A file with the marks of a merge, and what the two sides had."""
    end = draw(st.sampled_from(["\n", "\r\n"]))
    ours, theirs, merged = list[str](), list[str](), list[str]()
    for is_common in draw(st.lists(st.booleans(), max_size=4)):
        mine, base, other = draw(LINES), draw(st.none() | LINES), draw(LINES)
        if is_common:
            for side in (ours, theirs, merged):
                side.extend(mine)
            continue
        ours.extend(mine)
        theirs.extend(other)
        merged.extend(["<<<<<<< HEAD", *mine])
        merged.extend([] if base is None else ["||||||| 0123456", *base])
        merged.extend(["=======", *other, ">>>>>>> branch"])
    text, our, their = ("".join(line + end for line in side) for side in (merged, ours, theirs))
    return text, our, their


@given(merges())
def test_each_side_is_whole(merge: tuple[str, str, str]) -> None:
    """Whatever the two changed, with or without what both came from, at any ends of lines."""
    text, ours, theirs = merge
    assert sides(text) == (None if text == ours else (ours, theirs))


@pytest.mark.parametrize("style", ["merge", "diff3", "zdiff3"])
def test_as_git_writes_it(tmp_path: Path, style: str) -> None:
    """The marks are those of the real git, in each of its styles."""
    texts = {"ours": "a\nours\nz\n", "base": "a\nb\nz\n", "theirs": "a\ntheirs\nz\n"}
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    merged = subprocess.run(
        ["git", "-c", f"merge.conflictStyle={style}", "merge-file", "-p", "ours", "base", "theirs"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    ).stdout
    assert sides(merged) == (texts["ours"], texts["theirs"])
    assert sides(texts["ours"]) is None
