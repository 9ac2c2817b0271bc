"""Reads YAML into a tree, by libyaml's events.

Events, not composed nodes: they give an alias its own place in the file (a composed alias has the place of
its anchor), keep duplicate and merge keys apart, and expand nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hfpin.dataclass import dataclass, field
from hfpin.regex import lazily
from hfpin.scan.tree import Alias, Mapping, Node, ReadError, Scalar, Sequence
from hfpin.span import SourceText, Span

# What may stand between the start of a node's event and its value: an anchor and a tag, in either order, and
# comments after them.
_PROPERTIES = lazily(rb"(?:[&!][^\s]*\s+(?:#[^\r\n]*\s+)*)+")


class YamlError(ReadError):
    """The text is not YAML."""


@dataclass(slots=True)
class _Open:
    """A collection whose end has not been read yet."""

    flow: bool
    is_mapping: bool
    anchor: str | None
    tag: str
    is_bare: bool
    children: list[Node] = field(default_factory=list)

    def close(self) -> Sequence | Mapping:
        if self.is_mapping:
            pairs = zip(self.children[::2], self.children[1::2], strict=True)
            return Mapping(entries=tuple(pairs), flow=self.flow, tag=self.tag, is_bare=self.is_bare)
        return Sequence(items=tuple(self.children), flow=self.flow, tag=self.tag)


def read(source: SourceText) -> tuple[Node, ...]:
    """Parse a YAML stream.

    Returns:
        One node for each document that is not empty.

    Raises:
        YamlError: It does not parse.
    """
    from ruamel.yaml.error import MarkedYAMLError, YAMLError  # here: 0.03 s that JSON should not pay

    builder = _Builder(source)
    try:
        for event in _events(source.text):
            builder.take(event)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = " ".join(str(part) for part in (error.context, error.problem) if part)
        # not the mark's own line: YAML 1.1 has line endings that no editor counts
        at = source.position(source.byte_offset(mark.index if mark else 0))
        raise YamlError(reason, at.line, at.column) from None
    except YAMLError as error:
        raise _of_character(source, error) or YamlError(" ".join(str(error).split()), 1, 1) from None
    return tuple(builder.documents)


def _of_character(source: SourceText, error: Exception) -> YamlError | None:
    """What libyaml says of a character that YAML does not have: it counts bytes, and gives no line."""
    offset, character = getattr(error, "position", None), getattr(error, "character", None)
    if not isinstance(offset, int) or not isinstance(character, int):
        return None
    at = source.position(source.byte_offset(0) + offset)
    return YamlError(f"YAML does not allow the character U+{character:04X}", at.line, at.column)


def _events(text: str) -> Iterator[Any]:
    """Give the events of a text: from libyaml itself where it is there, which ruamel.yaml wraps."""
    try:
        from _ruamel_yaml import CParser
    except ImportError:
        from ruamel.yaml import YAML

        yield from YAML(typ="safe").parse(text)
        return
    yield from iter(CParser(text).get_event, None)


def parses(source: SourceText) -> bool:
    """Tell whether a text is YAML, by libyaml alone: ten times as fast as making its events known to Python.

    Without libyaml there is no such way, and the answer is no.
    """
    try:
        from _ruamel_yaml import CParser  # what ruamel.yaml itself reads by
    except ImportError:
        return False
    try:
        CParser(source.text).raw_parse()
    except Exception:  # noqa: BLE001  # whatever it is: the full reading finds it again, and says what it is
        return False
    return True


class _Builder:
    """Builds nodes from events with a stack of its own, so that no depth of nesting can exhaust Python's."""

    def __init__(self, source: SourceText) -> None:
        self._source = source
        self._stack: list[_Open] = []
        self._anchors: dict[str, Scalar | Sequence | Mapping | None] = {}
        self.documents: list[Node] = []

    def take(self, event: Any) -> None:
        kind = event.__class__.__name__
        if kind == "ScalarEvent":
            scalar = self._scalar(event)
            if scalar.anchored:
                self._anchors[event.anchor] = scalar
            self._add(scalar)
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            if event.anchor is not None:
                self._anchors[event.anchor] = None  # until it ends: an alias inside it is a cycle
            is_mapping, is_flow, tag = kind == "MappingStartEvent", bool(event.flow_style), _tag(event)
            is_bare = is_mapping and is_flow and not (event.anchor or tag) and not self._has_brace(event)
            self._stack.append(_Open(is_flow, is_mapping, event.anchor, tag, is_bare))
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            ended = self._stack.pop()
            node = ended.close()
            if ended.anchor is not None:
                self._anchors[ended.anchor] = node
            self._add(node)
        elif kind == "AliasEvent":
            span = self._span(event)
            self._add(Alias(name=event.anchor, target=self._anchors.get(event.anchor), span=span))
        elif kind == "DocumentStartEvent":
            self._anchors.clear()

    def _add(self, node: Node) -> None:
        if self._stack:
            self._stack[-1].children.append(node)
        else:
            self.documents.append(node)

    def _has_brace(self, event: Any) -> bool:
        return self._source.text.startswith("{", event.start_mark.index)

    def _span(self, event: Any) -> Span:
        offset = self._source.byte_offset
        return Span(offset(event.start_mark.index), offset(event.end_mark.index))

    def _scalar(self, event: Any) -> Scalar:
        span = self._span(event)
        if event.anchor is not None or event.tag is not None:
            properties = _PROPERTIES.match(self._source.data, span.start, span.end)
            if properties is not None:
                span = Span(properties.end(), span.end)
        return Scalar(
            value=event.value,
            span=span,
            quote=event.style or "",
            anchored=event.anchor is not None,
            tag=_tag(event),
        )


def _tag(event: Any) -> str:
    return "" if event.tag is None else str(event.tag)
