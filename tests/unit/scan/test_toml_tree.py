"""TOML: the same values as the standard library reads, and the bytes they stand in."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from hfpin.scan.toml_tree import TomlError, read
from hfpin.scan.tree import Mapping, Node, Scalar, Sequence
from hfpin.span import SourceText

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


def plain(node: Node, source: SourceText) -> Any:
    """Turn a tree into plain values, each scalar read from its own bytes."""
    if isinstance(node, Mapping):
        return {key.value: plain(value, source) for key, value in node.entries if isinstance(key, Scalar)}
    if isinstance(node, Sequence):
        return [plain(item, source) for item in node.items]
    assert isinstance(node, Scalar)
    value = tomllib.loads(f"x = {source.slice(node.span)}")["x"]
    assert node.value == (value if isinstance(value, str) else source.slice(node.span))
    return value


TEXTS = [
    "",
    "# only\n",
    "a = \"x\" # why\r\nb = 'y'\r\n",
    "\ufeffa = 1\n",
    'größe = "😀"\n'.replace("größe", '"größe"'),
    "a = 1_000\nb = 0xff\nc = 1e5\nd = inf\ne = true\n",
    "a = 1979-05-27T07:32:00Z\nb = 1979-05-27 07:32:00\nc = 07:32:00\n",
    'a = """\nx\n  "y" \\\n  z"""\nb = \'\'\'x\ny\'\'\'\nc = """a""""\n',
    'a = "q\\"q\\u00e9"\n',
    "a.b.c = 1\na.b.d = 2\n",
    '[x]\na = 1\n[x.y]\nb = 2\n["x".z]\nc = 3\n',
    "[[x]]\na = 1\n[[x]]\na = 2\n[x.y]\nb = 1\n[[x.z]]\nc = 1\n",
    "a = [1, [2, 3], # why\n  {b = 1, c.d = 'x'},\n]\nb = {}\nc = []\n",
    "[ x . y ]\n a . b = 1\n",
]


@pytest.mark.parametrize("text", TEXTS)
def test_any_toml_reads_as_the_standard_library_reads_it(text: str) -> None:
    """Values and their bytes agree."""
    source = SourceText(text.encode())
    (document,) = read(source)
    assert plain(document, source) == tomllib.loads(source.text)


@pytest.mark.parametrize(
    ("text", "line", "column"), [("a = 1\nb = = 2\n", 2, 5), ("a = 1\na = 2\n", 2, 6), ('a = "', 1, 1)]
)
def test_what_does_not_parse_says_where(text: str, line: int, column: int) -> None:
    """The standard library's words and place."""
    with pytest.raises(TomlError) as caught:
        read(SourceText(text.encode()))
    assert caught.value.reason
    assert (caught.value.line, caught.value.column) == (line, column)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("[" * 9_000 + "]" * 9_000, "nests too deep"),
        ("9" * 9_000, "a number in it has more digits than Python reads"),
    ],
)
def test_what_python_cannot_follow(value: str, reason: str) -> None:
    """What the standard library gives up on is a file that cannot be read, and no traceback."""
    with pytest.raises(TomlError) as caught:
        read(SourceText(f"a = {value}\n".encode()))
    assert caught.value.reason == reason
