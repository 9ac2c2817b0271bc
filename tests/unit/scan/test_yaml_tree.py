"""The YAML tree: values as they are written, and the bytes they stand in."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from hfpin.scan.tree import Alias, Mapping, Node, Scalar, Sequence, leaves, resolve
from hfpin.scan.yaml_tree import YamlError, read
from hfpin.span import SourceText


def tree(text: str) -> tuple[Node, ...]:
    """Read a text."""
    return read(SourceText(text.encode()))


def value_at(text: str, key: str) -> Node:
    """Give the value of a key of the first document."""
    document = tree(text)[0]
    assert isinstance(document, Mapping)
    (value,) = document.own(key)
    return value


@pytest.mark.parametrize(
    ("written", "value", "quote", "bytes_"),
    [
        ("main", "main", "", "main"),
        ("main  # why", "main", "", "main"),
        ("'it''s'", "it's", "'", "'it''s'"),
        ('"ma\\u0069n"', "main", '"', '"ma\\u0069n"'),
        ("1e5", "1e5", "", "1e5"),
        ("yes", "yes", "", "yes"),
        ("größe 😀", "größe 😀", "", "größe 😀"),
        ("&x main", "main", "", "main"),
        ("!!str main", "main", "", "main"),
        ("!!str &x 'main'", "main", "'", "'main'"),
        ("&x !local main", "main", "", "main"),
        ("!!str # why\n  main", "main", "", "main"),
        ("&x # why\n  # still\n  main", "main", "", "main"),
        ("'#main'", "#main", "'", "'#main'"),
        ("a\n  b", "a b", "", "a\n  b"),
    ],
)
def test_a_scalar_is_its_text_and_its_bytes(written: str, value: str, quote: str, bytes_: str) -> None:
    """A value is text, never a number, and its span holds its quotes but no anchor, tag or comment."""
    for mark in ("", "\ufeff"):
        text = f"{mark}😀: 界\nkey: {written}\nnext: 1\n"
        scalar = value_at(text, "key")
        assert isinstance(scalar, Scalar)
        assert (scalar.value, scalar.quote) == (value, quote)
        assert SourceText(text.encode()).slice(scalar.span) == bytes_
        assert scalar.anchored == ("&x" in written)


@pytest.mark.parametrize("written", ["", "~", "null", "Null", "NULL"])
def test_null_has_five_spellings(written: str) -> None:
    """What YAML reads as nothing is told apart from the same word in quotes."""
    plain, quoted = value_at(f"a: {written}\n", "a"), value_at(f"a: '{written}'\n", "a")
    assert isinstance(plain, Scalar)
    assert isinstance(quoted, Scalar)
    assert (plain.is_null, quoted.is_null) == (True, False)


@pytest.mark.parametrize(("style", "is_block"), [("|", True), (">-", True), ("'x'", False), ("x", False)])
def test_a_block_scalar_is_told_apart(style: str, *, is_block: bool) -> None:
    """A value over several lines is known as one."""
    scalar = value_at(f"a: {style}\n  b\n" if is_block else f"a: {style}\n", "a")
    assert isinstance(scalar, Scalar)
    assert scalar.is_block is is_block


def test_the_inside_of_a_scalar_has_no_quotes() -> None:
    """`inner` is what stands between the quotes, or all of a plain value."""
    text = "a: 'main'\nb: main\n"
    source = SourceText(text.encode())
    for key in "ab":
        scalar = value_at(text, key)
        assert isinstance(scalar, Scalar)
        assert source.slice(scalar.inner) == "main"


def test_an_alias_has_its_own_place_and_its_anchors_value() -> None:
    """An alias stands where it is written, not where its anchor is."""
    text = "a: &x main\nb: *x\n"
    alias = value_at(text, "b")
    assert isinstance(alias, Alias)
    assert SourceText(text.encode()).slice(alias.span) == "*x"
    assert resolve(alias) is alias.target
    assert isinstance(alias.target, Scalar)
    assert alias.target.value == "main"


def test_an_alias_means_the_last_anchor_before_it() -> None:
    """An anchor may be set again, and ends with its document."""
    first = value_at("a: &x 1\nb: *x\nc: &x 2\nd: *x\n", "b")
    last = value_at("a: &x 1\nb: *x\nc: &x 2\nd: *x\n", "d")
    assert [getattr(resolve(alias), "value", None) for alias in (first, last)] == ["1", "2"]
    (_, second) = tree("a: &x 1\n---\nb: *x\n")
    assert isinstance(second, Mapping)
    assert resolve(second.own("b")[0]) is None


@pytest.mark.parametrize("text", ["a: &x\n  b: *x\n", "c: &x 1\na: &x\n  b: *x\n"])
def test_an_alias_inside_its_own_anchor_stands_for_nothing(text: str) -> None:
    """A cycle ends where it would begin, and does not fall back on an older anchor."""
    outer = value_at(text, "a")
    assert isinstance(outer, Mapping)
    assert resolve(outer.own("b")[0]) is None


def test_keys_that_stand_twice_are_all_kept() -> None:
    """A mistake can only be reported where it can be seen."""
    (document,) = tree("a: 1\nb: 2\na: 3\n")
    assert isinstance(document, Mapping)
    assert [getattr(value, "value", None) for value in document.own("a")] == ["1", "3"]
    assert document.own("c") == ()


@pytest.mark.parametrize(
    ("merge", "value"),
    [
        ("<<: *a", "1"),
        ("<<: [*b, *a]", "2"),
        ("<<: {key: 3}", "3"),
        ("<<: [*c, *a]", "1"),
        ("<<: *c", None),
        ("<<: *d", None),
        ("x: 1", None),
    ],
)
def test_a_merge_key_brings_the_first_value_there_is(merge: str, value: str | None) -> None:
    """Of several bases the first that has a key counts, and a base that is no mapping brings nothing."""
    text = f"a: &a {{key: 1}}\nb: &b {{key: 2}}\nc: &c {{}}\nd: &d text\ne:\n  {merge}\n"
    mapping = value_at(text, "e")
    assert isinstance(mapping, Mapping)
    assert getattr(mapping.merged("key"), "value", None) == value


@pytest.mark.parametrize(
    ("text", "flow"), [("{a: 1}", True), ("a: 1", False), ("[1]", True), ("- 1", False), ("[a: 1]", True)]
)
def test_the_style_of_a_collection_is_known(text: str, *, flow: bool) -> None:
    """Braces and brackets are told apart from indents and dashes."""
    (node,) = tree(text)
    assert isinstance(node, Mapping | Sequence)
    assert node.flow is flow


@pytest.mark.parametrize(
    ("text", "reason", "line", "column"),
    [
        ("a: [1\n", "while parsing a flow sequence did not find expected ',' or ']'", 2, 1),
        ("a: b: c\n", "mapping values are not allowed in this context", 1, 5),
        ("a: 'x\n", "while scanning a quoted scalar found unexpected end of stream", 2, 1),
        (
            "größe: 😀\n\ta: 1\n",
            "while scanning a plain scalar found a tab character that violates indentation",
            2,
            1,
        ),
        ("a: 1\n b: 2\n", "mapping values are not allowed in this context", 2, 3),
        ("# \u2028# ü\na: b: c\n", "mapping values are not allowed in this context", 2, 5),
        ("ü: 1\na: ü\0\n", "YAML does not allow the character U+0000", 2, 5),
    ],
)
def test_what_does_not_parse_says_why_and_where(text: str, reason: str, line: int, column: int) -> None:
    """The parser's words and place, in one line."""
    with pytest.raises(YamlError) as caught:
        tree(text)
    assert (caught.value.reason, caught.value.line, caught.value.column) == (reason, line, column)


@pytest.mark.parametrize(("text", "count"), [("", 0), ("# only\n", 0), ("---\n", 1), ("a\n---\nb\n", 2)])
def test_every_document_has_a_node(text: str, count: int) -> None:
    """A stream gives one node a document, and none where there is none."""
    assert len(tree(text)) == count


def test_depth_exhausts_nothing() -> None:
    """A file may nest as deep as it likes."""
    depth = 5000
    ((path, value),) = leaves(tree("[" * depth + "x" + "]" * depth))
    assert (len(path), value) == (depth + 1, "x")


def test_leaves_are_every_value_with_its_path() -> None:
    """A path is the document's number, then keys and positions; nothing is expanded."""
    text = "a: [1, {b: 2}]\nc: {}\nd: []\ne: &x 3\nf: *x\n? [g]\n: 4\n---\nh\n"
    assert sorted(leaves(tree(text)), key=repr) == sorted(
        [
            ((0, "a", 0), "1"),
            ((0, "a", 1, "b"), "2"),
            ((0, "c"), "{}"),
            ((0, "d"), "[]"),
            ((0, "e"), "3"),
            ((0, "f"), "*x"),
            ((0, "?", 0), "g"),
            ((0, "?"), "4"),
            ((1,), "h"),
        ],
        key=repr,
    )


def values_of(text: str) -> list[str]:
    """Read every scalar of a file with PyYAML, in order."""
    return [
        event.value for event in yaml.parse(text, yaml.CSafeLoader) if isinstance(event, yaml.ScalarEvent)
    ]


SCALARS = st.sampled_from(["a", "'b c'", '"é\\n"', "界😀", "&x1 d", "!!str 'e'", "~", "f # g\n"])


@given(st.lists(SCALARS, min_size=1, max_size=8), st.sampled_from(["\n", "\r\n"]))
def test_spans_hold_what_the_values_say(scalars: list[str], newline: str) -> None:
    """Reading a span by itself gives the value again, as PyYAML reads it."""
    text = "".join(f"- {scalar}\n" for scalar in scalars).replace("\n", newline)
    source = SourceText(text.encode())
    (document,) = read(source)
    assert isinstance(document, Sequence)
    items = [item for item in document.items if isinstance(item, Scalar)]
    assert [item.value for item in items] == values_of(text)
    assert [values_of(source.slice(item.span)) for item in items] == [[item.value] for item in items]
