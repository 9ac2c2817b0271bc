"""JSON: the same values as the standard library reads, and the bytes they stand in."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hfpin.scan.json_tree import JsonError, read
from hfpin.scan.tree import Mapping, Node, Scalar, Sequence
from hfpin.span import SourceText

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def plain(node: Node, source: SourceText) -> Any:
    """Turn a tree into plain values, each scalar read from its own bytes."""
    if isinstance(node, Mapping):
        return {key.value: plain(value, source) for key, value in node.entries if isinstance(key, Scalar)}
    if isinstance(node, Sequence):
        return [plain(item, source) for item in node.items]
    assert isinstance(node, Scalar)
    value = json.loads(source.slice(node.span))
    assert node.value == (value if isinstance(value, str) else source.slice(node.span))
    return value


@given(value=VALUES, is_ascii=st.booleans(), indent=st.sampled_from([None, 2]))
def test_any_json_reads_as_the_standard_library_reads_it(
    value: Any, *, is_ascii: bool, indent: int | None
) -> None:
    """Values and their bytes agree, whatever the text is."""
    source = SourceText(json.dumps(value, ensure_ascii=is_ascii, indent=indent).encode("utf-8", "replace"))
    (document,) = read(source)
    assert plain(document, source) == json.loads(source.text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('// a\n{/* b\n */ "a": 1, // c\n}', {"a": 1}),
        ("[1, 2,]", [1, 2]),
        ("\ufeff{}", {}),
        ('{"a": {}, "b": []}\r\n', {"a": {}, "b": []}),
        ('"http://a//b"', "http://a//b"),
    ],
)
def test_comments_and_trailing_commas_are_passed_over(text: str, value: Any) -> None:
    """What editors write into their settings can be read."""
    source = SourceText(text.encode())
    assert [plain(node, source) for node in read(source)] == [value]


@pytest.mark.parametrize(
    ("text", "reason", "line", "column"),
    [
        ("", "unexpected end of the file", 1, 1),
        ('{"a": 1', "unexpected end of the file", 1, 8),
        ('{"a" 1}', "expected ':'", 1, 6),
        ('{"a" "b": 1}', "expected ':'", 1, 6),
        ('{"a" {}}', "expected ':'", 1, 6),
        ("{a: 1}", "did not expect 'a'", 1, 2),
        ("{1: 1}", "expected a key in double quotes", 1, 2),
        ("[1 2]", "expected ',' or the end", 1, 4),
        ("[1,,2]", "did not expect ','", 1, 4),
        ("{}\n{}", "expected ',' or the end", 2, 1),
        ("[1}", "did not expect '}'", 1, 3),
        ('{"a":}', "did not expect '}'", 1, 6),
        ("[01]", "did not expect '0'", 1, 2),
        ('["\\x"]', "an escape that JSON does not have", 1, 2),
        ("[,]", "did not expect ','", 1, 2),
    ],
)
def test_what_does_not_parse_says_why_and_where(text: str, reason: str, line: int, column: int) -> None:
    """A mistake is found where it is."""
    with pytest.raises(JsonError) as caught:
        read(SourceText(text.encode()))
    assert (caught.value.reason, caught.value.line, caught.value.column) == (reason, line, column)


def test_depth_exhausts_nothing() -> None:
    """A file may nest as deep as it likes."""
    assert len(read(SourceText(b"[" * 50_000 + b"]" * 50_000))) == 1
