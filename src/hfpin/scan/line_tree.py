"""Reads what does not parse, line by line: templates, and files with a mistake in them.

Of each line that is a key and a value, or an item of a list, the place and the indent are taken as they
are; all other lines are passed over. It finds less than a parser, and what it finds stands there.
"""

from __future__ import annotations

import re

from hfpin.dataclass import dataclass, field
from hfpin.regex import lazily
from hfpin.scan.tree import Mapping, Node, Scalar, Sequence
from hfpin.span import SourceText, Span

_LINE = lazily(
    r"(?P<indent>[ \t]*)(?P<dashes>(?:- +)*)"
    r"(?:(?P<key_quote>[\"']?)(?P<key>[A-Za-z_][\w./-]*)(?P=key_quote)[ \t]*(?::(?=\s|$)|=(?!=))[ \t]*)?"
    r"(?P<value>[^\r\n]*)"
)
_VALUE = lazily(
    r"(?P<quote>[\"'])(?P<quoted>(?:(?!(?P=quote)).)*)(?P=quote)|(?P<plain>[^\s#,\"'{}\[\]][^#]*)"
)
_BLOCK = lazily(r"[|>][-+0-9]*[ \t]*(?:#.*)?")
_TABLE = lazily(r"\[+([^\]]+)\]+\s*$")


@dataclass(slots=True)
class _Open:
    """A collection that lines may still add to.

    Args:
        column: Of the key or the dash that opened it: what it holds stands to the right.
        by_key: Whether a key did, below which a list may stand without an indent.
    """

    column: int
    by_key: bool = True
    entries: list[tuple[Node, Node | _Open]] = field(default_factory=list)
    items: list[Node | _Open] = field(default_factory=list)

    def holds(self, column: int, *, is_item: bool) -> bool:
        """Whether a key or a dash at a column is inside."""
        return column > self.column or (is_item and self.by_key and column == self.column)


def read(source: SourceText, most: int | None = None) -> tuple[Node, ...]:
    """Give the lines of a text as a tree, as far as they show one. Linear in the text.

    Args:
        source: The text.
        most: How many characters of it are read, up to the end of a line; None for all.
    """
    root = _Open(column=-1)
    stack = [root]
    at = 0
    end = len(source.text) if most is None else source.text.rfind("\n", 0, most) + 1
    lines = source.text[:end].splitlines(keepends=True)
    number = 0
    while number < len(lines):
        line = lines[number]
        number += 1
        match = _LINE.match(line)
        if match is not None and not line.lstrip().startswith(("#", "//", "{%", "{{")):
            if _BLOCK.fullmatch(match["value"]):
                end = _end_of_block(lines, number, len(match["indent"]))
                text = "".join(lines[number:end])
                block = _plain(source, text, at + len(line), quote="|")
                _take(source, stack, match, at, block)
                at, number = at + len(line) + len(text), end
                continue
            _take(source, stack, match, at, None)
        at += len(line)
    return (_frozen(root),)


def _end_of_block(lines: list[str], number: int, indent: int) -> int:
    """Give the number of the first line after a text of several: one that is not indented as it is."""
    while number < len(lines):
        line = lines[number]
        if line.strip() and len(line) - len(line.lstrip(" \t")) <= indent:
            return number
        number += 1
    return number


def _take(
    source: SourceText, stack: list[_Open], match: re.Match[str], at: int, block: Scalar | None
) -> None:
    indent = len(match["indent"])
    scalar = block or _scalar(source, match, at)
    table = _TABLE.match(match["value"]) if match["key"] is None and not match["dashes"] else None
    if table is not None:
        del stack[1:]
        start = at + match.start("value") + table.start(1)
        _nest(stack, _plain(source, table[1], start), -1)
        return
    if match["key"] is None and not (match["dashes"] and scalar):
        return
    dashes = [indent + number for number, one in enumerate(match["dashes"]) if one == "-"]
    while len(stack) > 1 and not stack[-1].holds(indent, is_item=bool(dashes)):
        stack.pop()
    for dash in dashes if match["key"] is not None else dashes[:-1]:
        inner = _Open(column=dash, by_key=False)
        stack[-1].items.append(inner)
        stack.append(inner)
    if match["key"] is None and scalar is not None:
        stack[-1].items.append(scalar)
        return
    key = _plain(source, match["key"], at + match.start("key"))
    if scalar is not None:
        stack[-1].entries.append((key, scalar))
    else:
        _nest(stack, key, indent + len(match["dashes"]))


def _nest(stack: list[_Open], key: Scalar, column: int) -> None:
    inner = _Open(column=column)
    stack[-1].entries.append((key, inner))
    stack.append(inner)


def _plain(source: SourceText, text: str, start: int, quote: str = "") -> Scalar:
    span = Span(source.byte_offset(start), source.byte_offset(start + len(text)))
    return Scalar(value=text, span=span, quote=quote)


def _scalar(source: SourceText, match: re.Match[str], at: int) -> Scalar | None:
    value = _VALUE.match(match["value"])
    if value is None:
        return None
    first = at + match.start("value")
    if value["plain"] is not None:
        return _plain(source, value["plain"].rstrip(" \t,"), first + value.start("plain"))
    span = Span(source.byte_offset(first + value.start()), source.byte_offset(first + value.end()))
    return Scalar(value=value["quoted"], span=span, quote=value["quote"])


def _frozen(root: _Open) -> Node:
    order, stack = [], [root]
    while stack:
        one = stack.pop()
        order.append(one)
        stack += [item for item in one.items if isinstance(item, _Open)]
        stack += [value for _, value in one.entries if isinstance(value, _Open)]
    done: dict[int, Node] = {}
    for one in reversed(order):
        if one.items and not one.entries:
            items = tuple(done[id(item)] if isinstance(item, _Open) else item for item in one.items)
            done[id(one)] = Sequence(items=items, flow=False)
        else:
            pairs = [
                (key, done[id(value)] if isinstance(value, _Open) else value) for key, value in one.entries
            ]
            done[id(one)] = Mapping(entries=tuple(pairs), flow=False)
    return done[id(root)]
