"""Our dataclasses are what the standard library's are."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hfpin import dataclass as ours
from hfpin.span import Span


def both(**options: bool) -> tuple[Any, Any]:
    """One class, made by each of the two."""

    def build(dataclass: Any, field: Any) -> Any:
        @dataclass(**options)
        class Value:
            """A value."""

            first: int
            second: str = "two"
            third: list[int] = field(default_factory=list)
            hidden: int = field(default=0, compare=False, repr=False)

            @property
            def double(self) -> int:
                return self.first * 2

        return Value

    return build(ours.dataclass, ours.field), build(dataclasses.dataclass, dataclasses.field)


OPTIONS: list[dict[str, bool]] = [
    {"frozen": True, "slots": True, "kw_only": True},
    {"frozen": True, "slots": True, "order": True},
    {"frozen": True, "kw_only": True},
    {"slots": True},
]


def result(call: Callable[[], Any]) -> Any:
    """What a call gives, or the kind of error it raises."""
    try:
        return call()
    except (TypeError, AttributeError) as error:
        return type(error)


ARGUMENTS = st.dictionaries(
    st.sampled_from(["first", "second", "third", "hidden", "unknown"]), st.integers(0, 3), max_size=5
)


@pytest.mark.parametrize("options", OPTIONS)
@given(
    before=st.sampled_from([0, 20]),
    places=st.lists(st.integers(0, 3), max_size=5),
    names=ARGUMENTS,
    other=ARGUMENTS,
)
def test_behaves_as_the_standard_one(
    options: dict[str, bool], before: int, places: list[int], names: dict[str, Any], other: dict[str, Any]
) -> None:
    """Making, showing, comparing, hashing, ordering, replacing and freezing give what they give there.

    It does so for the first instances of a class, and for those after many others.
    """
    kinds = both(**options)
    for kind in kinds:
        assert [kind(first=number).first for number in range(before)] == list(range(before))
    answers = [behaviour(kind, places, names, other) for kind in kinds]
    assert answers[0] == answers[1]


def behaviour(kind: Any, places: list[int], names: dict[str, Any], other: dict[str, Any]) -> list[Any]:
    """What a class does with its instances."""
    try:
        one = kind(*places, **names)
        two = kind(**other)
    except TypeError:
        return ["refused"]
    copied = ours.replace if hasattr(kind, "__hfpin_fields__") else dataclasses.replace
    return [
        repr(one),
        one == two,
        one == 1,
        one.double,
        kind.__match_args__,
        result(lambda: one < two),
        result(lambda: isinstance(hash(one), int)),
        result(lambda: setattr(one, "first", 9)),
        result(lambda: delattr(one, "first")),
        result(lambda: repr(dataclasses.replace(one, second="new"))),
        result(lambda: repr(copied(one, second="new"))),
    ]


def test_is_taken_for_a_standard_one() -> None:
    """`dataclasses` sees its fields, and copies and pickles are equal to it."""
    span = Span(1, 2)
    assert dataclasses.is_dataclass(span)
    assert dataclasses.asdict(span) == {"start": 1, "end": 2}
    assert [one.name for one in dataclasses.fields(Span)] == ["start", "end"]
    assert copy.deepcopy(span) == pickle.loads(pickle.dumps(span)) == span
    assert {span: 1}[Span(1, 2)] == 1


def test_fields_are_not_inherited() -> None:
    """A class of ours that inherits from another is refused, rather than made wrong."""
    with pytest.raises(TypeError, match="inherits fields, which is not provided for"):
        ours.dataclass(slots=True)(type("Inner", (Span,), {"__annotations__": {"more": "int"}}))
