"""Configs that stand in a text of another one: a ConfigMap's file, JSON in a variable."""

from __future__ import annotations

from hfpin.dataclass import dataclass
from hfpin.scan import commands
from hfpin.scan.keys import KeyKind, kind
from hfpin.scan.places import Place
from hfpin.scan.tree import Mapping, Node, ReadError, Scalar, Sequence
from hfpin.span import SourceText
from hfpin.vocabulary import elsewhere, services

_FEWEST_LINES = 4
"""Of a block and its header: a shorter one is a text that has a colon in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedded:
    """A config within a config.

    Args:
        source: Its text.
        start: The byte of the file at which it starts.
        documents: Its tree, with places in its own text.
    """

    source: SourceText
    start: int
    documents: tuple[Node, ...]


def read(source: SourceText, place: Place, scalar: Scalar) -> Embedded | None:
    """Read the text at a place as the config that it is as a whole; None where it is none."""
    above = place.governing
    if above in elsewhere.PROSE_KEYS or above in services.REQUEST_KEYS or kind(above) is KeyKind.ELSEWHERE:
        return None
    start, end = scalar.inner.start, scalar.inner.end
    if scalar.is_block:
        start = source.data.find(b"\n", start, end) + 1
    data = source.data[start:end]
    is_json = data.lstrip()[:1] in (b"{", b"[")
    if not is_json and (scalar.quote != "|" or not _is_config(source, scalar)):
        return None
    if not scalar.is_block and data != scalar.value.encode():
        return None
    inner = SourceText(data)
    documents = _documents(inner, is_json=is_json)
    is_one = any(isinstance(one, Mapping | Sequence) for one in documents)
    return Embedded(source=inner, start=start, documents=documents) if is_one else None


def _is_config(source: SourceText, scalar: Scalar) -> bool:
    text = source.slice(scalar.inner)
    return text.count("\n", 0, 1000) + 1 >= _FEWEST_LINES and commands.is_config(text)


def _documents(inner: SourceText, *, is_json: bool) -> tuple[Node, ...]:
    from hfpin.scan import json_tree, line_tree, yaml_tree  # here: few files have any

    try:
        return json_tree.read(inner) if is_json else yaml_tree.read(inner)
    except ReadError:
        return () if is_json else line_tree.read(inner)
