"""Reads JSON into a tree, and JSON with comments and trailing commas (JSONC), which editors write.

A tokenizer of its own: the standard library's gives no positions. Nothing recurses.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from hfpin.dataclass import dataclass, field
from hfpin.regex import lazily
from hfpin.scan.tree import Mapping, Node, ReadError, Scalar, Sequence
from hfpin.span import SourceText, Span

# https://www.rfc-editor.org/rfc/rfc8259, and the words that Python's json adds. No part can backtrack.
_TOKEN = lazily(
    r'(?P<space>[ \t\r\n]+|//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/)|(?P<string>"(?:[^"\\\x00-\x1f]|\\.)*")'
    r"|(?P<mark>[{}\[\]:,])"
    r"|(?P<word>-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|true\b|false\b|null\b|NaN\b|-?Infinity\b)",
    re.ASCII,
)


class JsonError(ReadError):
    """The text is not JSON."""


@dataclass(slots=True)
class _Open:
    """An object or array whose end has not been read yet."""

    is_object: bool
    items: list[Node] = field(default_factory=list)
    keys: list[Scalar] = field(default_factory=list)
    expects: str = "first"  # first, item, colon, value, comma

    def close(self) -> Mapping | Sequence:
        if self.is_object:
            return Mapping(entries=tuple(zip(self.keys, self.items, strict=True)), flow=True)
        return Sequence(items=tuple(self.items), flow=True)


def read(source: SourceText) -> tuple[Node, ...]:
    """Parse a JSON text.

    Returns:
        The one document.

    Raises:
        JsonError: It does not parse.
    """
    stack: list[_Open] = []
    root: list[Node] = []
    for kind, start, end in _tokens(source):
        written = source.text[start:end]
        top = stack[-1] if stack else None
        if kind == "mark" and written in ",:":
            _take_mark(source, top, written, start)
            continue
        node: Node
        if kind == "mark" and written in "}]":
            closes = top is not None and top.is_object == (written == "}")
            if top is None or not closes or top.expects in ("colon", "value"):
                raise _error(source, f"did not expect {written!r}", start)
            node = stack.pop().close()
            top = stack[-1] if stack else None
        elif (top is None and root) or (top is not None and top.expects == "comma"):
            raise _error(source, "expected ',' or the end", start)
        elif top is not None and top.expects == "colon":
            raise _error(source, "expected ':'", start)
        elif kind == "mark":
            if top is not None and top.is_object and top.expects != "value":
                raise _error(source, "expected a key in double quotes", start)
            stack.append(_Open(written == "{"))
            continue
        else:
            node = _scalar(source, kind, start, end)
        _add(source, root, top, node, start)
    if stack or not root:
        raise _error(source, "unexpected end of the file", len(source.text))
    return tuple(root)


def parses(source: SourceText) -> bool:
    """Tell whether a text is JSON in the strict sense, by the standard library: what has comments is not."""
    try:
        json.loads(source.text)
    except (ValueError, RecursionError):
        return False
    return True


def _take_mark(source: SourceText, top: _Open | None, mark: str, at: int) -> None:
    wanted, then = ("comma", "item") if mark == "," else ("colon", "value")
    if top is None or top.expects != wanted:
        raise _error(source, f"did not expect {mark!r}", at)
    top.expects = then


def _add(source: SourceText, root: list[Node], top: _Open | None, node: Node, at: int) -> None:
    if top is None:
        root.append(node)
    elif top.is_object and top.expects != "value":
        if not isinstance(node, Scalar) or node.quote != '"':
            raise _error(source, "expected a key in double quotes", at)
        top.keys.append(node)
        top.expects = "colon"
    else:
        top.items.append(node)
        top.expects = "comma"


def _tokens(source: SourceText) -> Iterator[tuple[str, int, int]]:
    text, at = source.text, 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _error(source, f"did not expect {text[at]!r}", at)
        if match.lastgroup != "space":
            yield str(match.lastgroup), at, match.end()
        at = match.end()


def _scalar(source: SourceText, kind: str, start: int, end: int) -> Scalar:
    span = Span(source.byte_offset(start), source.byte_offset(end))
    written = source.text[start:end]
    if kind != "string":
        return Scalar(value=written, span=span)
    try:
        value = str(json.loads(written)) if "\\" in written else written[1:-1]
    except ValueError:
        raise _error(source, "an escape that JSON does not have", start) from None
    return Scalar(value=value, span=span, quote='"')


def _error(source: SourceText, reason: str, at: int) -> JsonError:
    line = source.text.count("\n", 0, at) + 1
    return JsonError(reason, line, at - source.text.rfind("\n", 0, at))
