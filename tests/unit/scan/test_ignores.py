"""The comments that ignore findings: where they are seen, and which line each is about."""

from __future__ import annotations

import pytest

from hfpin.reference import Ignore
from hfpin.scan import scan
from hfpin.span import Position


def ignores(path: str, text: str) -> list[tuple[int, int, int, tuple[str, ...]]]:
    """Give line, column, line that is meant, and codes of each."""
    found = scan(path, text.encode()).ignores
    return [(one.position.line, one.position.column, one.line, one.codes) for one in found]


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        ("a.yaml", "a: 1  # hfpin: ignore[HFP001] for a reason\n", [(1, 9, 1, ("HFP001",))]),
        ("a.yaml", "é: ö #hfpin:ignore[ HFP001 , HFP007 ]", [(1, 7, 1, ("HFP001", "HFP007"))]),
        ("a.yaml", "# hfpin: ignore[HFP001]\na: 1\n", [(1, 3, 2, ("HFP001",))]),
        (
            "a.yaml",
            "# hfpin: ignore[HFP001]\n# prose\n  # hfpin: ignore[HFP007]\na: 1\n",
            [(1, 3, 4, ("HFP001",)), (3, 5, 4, ("HFP007",))],
        ),
        ("a.yaml", "a: 1  # hfpin: ignore\n", [(1, 9, 1, ())]),
        ("a.yaml", "run: |\n  serve org/a  # hfpin: ignore[HFP001]\n", [(2, 18, 2, ("HFP001",))]),
        ("a.yaml", "[: # hfpin: ignore[HFP000]\n", [(1, 6, 1, ("HFP000",))]),
        ("a.toml", "a = 1  # hfpin: ignore[HFP001]\r\n", [(1, 10, 1, ("HFP001",))]),
        ("a.jsonc", '{"a": 1} // hfpin: ignore[HFP001]\n', [(1, 13, 1, ("HFP001",))]),
        ("a.yaml", "a: '  # hfpin: ignore[HFP001]'\nb: \"# hfpin: ignore[HFP001]\"\n", []),
        ("a.yaml", "a: x# hfpin: ignore[HFP001]\n", []),
        ("a.yaml", "# hfpin: ignored\n# see hfpin: ignore[HFP001]\n", []),
        ("a.json", '{"a": "// hfpin: ignore[HFP001]"}', []),
    ],
)
def test_ignores(path: str, text: str, found: list[tuple[int, int, int, tuple[str, ...]]]) -> None:
    """A comment is one, a quoted text is not; one that has a line to itself is about the next line."""
    assert ignores(path, text) == found


def test_what_is_kept_of_one() -> None:
    """Its place and its width leave the reason out."""
    (found,) = scan("a.yaml", b"a: 1  # hfpin: ignore[HFP001] why\n").ignores
    assert found == Ignore(position=Position(1, 9), width=21, codes=("HFP001",), line=1)


def test_many_take_linear_time() -> None:
    """A file of nothing but ignores and quoted texts is read in one pass."""
    text = "# hfpin: ignore[HFP001]\n- 'hfpin: x'\n" * 2_000 + "# hfpin: ignore[HFP001]\n" * 2_000
    found = scan("a.yaml", text.encode()).ignores
    assert (len(found), found[0].line, found[-1].line) == (4_000, 2, 6_001)
    on_one_line = scan("a.yaml", ("a: 1" + "  # hfpin: ignore[HFP001]" * 5_000).encode()).ignores
    assert {one.line for one in on_one_line} == {1}
    orphans = "m:\n" + "".join(
        f"  k{number}: {{revision: abcdef{number:07}, allow_patterns: x}}\n" for number in range(1_000)
    )
    assert len(scan("a.yaml", orphans.encode()).orphans) == 1_000
