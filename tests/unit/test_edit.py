"""Edits touch the bytes of their spans and no others."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hfpin.edit import Edit, apply
from hfpin.span import Span


@st.composite
def edited(draw: st.DrawFn) -> tuple[bytes, list[Edit], bytes]:
    """Draw a file as the pieces that stay and the pieces that go: what it was, the edits, what it becomes."""
    kept = draw(st.lists(st.binary(max_size=5), min_size=1, max_size=5))
    before, after, edits = kept[0], kept[0], []
    for piece in kept[1:]:
        gone, come = draw(st.binary(max_size=4)), draw(st.binary(max_size=4))
        edits.append(Edit(Span(len(before), len(before) + len(gone)), come))
        before, after = before + gone + piece, after + come + piece
    return before, edits, after


@given(edited())
def test_what_is_outside_the_spans_stays(case: tuple[bytes, list[Edit], bytes]) -> None:
    """Every byte that no edit names comes out as it went in, and every span becomes its replacement."""
    before, edits, after = case
    assert apply(before, edits) == after


@given(edited(), st.data())
def test_edits_of_different_places_may_come_in_any_order(
    case: tuple[bytes, list[Edit], bytes], data: st.DataObject
) -> None:
    """Only edits that start at one place depend on the order in which they are given."""
    before, edits, after = case
    assume(len({edit.span.start for edit in edits}) == len(edits))
    assert apply(before, data.draw(st.permutations(edits))) == after


def test_no_edit_changes_nothing() -> None:
    """Without edits the bytes are the same."""
    assert apply(b"a: 1\n", []) == b"a: 1\n"


def test_insertions_at_one_place_are_made_in_the_order_given() -> None:
    """The first one given stands first."""
    here = Span(1, 1)
    assert apply(b"ad", [Edit(here, b"b"), Edit(here, b"c")]) == b"abcd"


def test_an_insertion_before_a_replacement_at_the_same_place_goes_first() -> None:
    """An insertion where a replaced span begins stands before it, in whichever order they are given."""
    replace, insert = Edit(Span(1, 2), b"X"), Edit(Span(1, 1), b"+")
    assert apply(b"abc", [replace, insert]) == apply(b"abc", [insert, replace]) == b"a+Xc"


@pytest.mark.parametrize(
    ("spans", "message"),
    [
        ([Span(0, 2), Span(1, 3)], "bytes 1 to 3 overlap another edit or the end"),
        ([Span(0, 3), Span(1, 1)], "bytes 1 to 1 overlap another edit or the end"),
        ([Span(0, 1), Span(0, 1)], "bytes 0 to 1 overlap another edit or the end"),
        ([Span(2, 5)], "bytes 2 to 5 overlap another edit or the end"),
        ([Span(4, 4)], "bytes 4 to 4 overlap another edit or the end"),
        ([Span(2, 1)], "bytes 2 to 1 overlap another edit or the end"),
        ([Span(-1, 1)], "bytes -1 to 1 overlap another edit or the end"),
    ],
)
def test_edits_that_cannot_all_be_made_are_refused(spans: list[Span], message: str) -> None:
    """Overlapping spans, and spans that are not in the file, are refused."""
    with pytest.raises(ValueError, match="overlap another edit or the end") as caught:
        apply(b"abc", [Edit(span, b"") for span in spans])
    assert str(caught.value) == message
