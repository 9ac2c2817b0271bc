"""Reads TOML into a tree.

The standard library says whether a text is TOML; this finds where its values stand, and relies on that.
"""

from __future__ import annotations

import re
import sys

from hfpin.dataclass import dataclass, field
from hfpin.regex import lazily
from hfpin.scan.tree import Mapping, Node, ReadError, Scalar, Sequence
from hfpin.span import SourceText, Span

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_SPACE = lazily(r"(?:[ \t\r\n]+|#[^\n]*)+")
_BLANK = lazily(r"[ \t]*")
_DOT = lazily(r"[ \t]*\.[ \t]*")
_BARE_KEY = lazily(r"[A-Za-z0-9_-]+")
_STRING = lazily(
    r'"""(?P<long>(?:[^"\\]|\\.|"{1,2}(?!"))*"{0,2})"""'
    r"|'''(?P<raw>(?:[^']|'{1,2}(?!'))*'{0,2})'''"
    r'|"(?P<basic>(?:[^"\\\n]|\\.)*)"'
    r"|'(?P<literal>[^'\n]*)'",
    re.DOTALL,
)
_WORD = lazily(r"[^\s,\]}#]+(?: \d\d:[^\s,\]}#]+)?")
_WHERE = lazily(r"(?P<reason>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)")


class TomlError(ReadError):
    """The text is not TOML."""


@dataclass(slots=True)
class _Table:
    """A table or an array that may still grow."""

    is_array: bool = False
    flow: bool = False
    keys: list[Scalar] = field(default_factory=list)
    items: list[Scalar | _Table] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)

    def put(self, key: Scalar, value: Scalar | _Table) -> None:
        self.places[key.value] = len(self.items)
        self.keys.append(key)
        self.items.append(value)

    def inner(self, key: Scalar) -> _Table:
        """The table below a key, made where there is none; of an array of tables the last."""
        if key.value not in self.places:
            self.put(key, _Table())
        found = self.items[self.places[key.value]]
        if isinstance(found, _Table) and found.is_array:
            found = found.items[-1]
        return found if isinstance(found, _Table) else _Table()


def read(source: SourceText) -> tuple[Node, ...]:
    """Parse a TOML text.

    Returns:
        The one document.

    Raises:
        TomlError: It does not parse.
    """
    try:
        tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as error:
        where = _WHERE.fullmatch(str(error))
        last = source.text.count("\n") + 1
        line, column = (where["line"], where["column"]) if where else ("1", "1")
        raise TomlError(
            where["reason"] if where else str(error), int(line or last), int(column or 1)
        ) from None
    except RecursionError:
        raise TomlError("nests too deep", 1, 1) from None
    except ValueError:  # what Python says of it gives no place
        raise TomlError("a number in it has more digits than Python reads", 1, 1) from None
    return (_frozen(_Reader(source).document()),)


def parses(source: SourceText) -> bool:
    """Tell whether a text is TOML."""
    try:
        tomllib.loads(source.text)
    except (ValueError, RecursionError):
        return False
    return True


class _Reader:
    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.text = source.text
        self.at = 0

    def document(self) -> _Table:
        root = table = _Table()
        while self._skip(_SPACE) < len(self.text):
            if self.text.startswith("[", self.at):
                double = self.text.startswith("[[", self.at)
                self.at += 2 if double else 1
                keys = self._keys()
                self._skip(_BLANK)
                self.at += 2 if double else 1
                table = _descend(root, keys[:-1])
                table = _append(table, keys[-1]) if double else table.inner(keys[-1])
            else:
                self._pair(table)
        return root

    def _skip(self, pattern: re.Pattern[str]) -> int:
        match = pattern.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.at

    def _pair(self, table: _Table) -> None:
        keys = self._keys()
        self._skip(_BLANK)
        self.at += 1  # the equals sign
        self._skip(_BLANK)
        value = self._value()
        _descend(table, keys[:-1]).put(keys[-1], value)

    def _keys(self) -> list[Scalar]:
        keys: list[Scalar] = []
        self._skip(_BLANK)
        while True:
            bare = _BARE_KEY.match(self.text, self.at)
            keys.append(self._scalar(bare.end()) if bare else self._string())
            dot = _DOT.match(self.text, self.at)
            if dot is None:
                return keys
            self.at = dot.end()

    def _value(self) -> Scalar | _Table:
        first = self.text[self.at]
        if first in "\"'":
            return self._string()
        if first in "[{":  # tomllib recursed here before us, so this cannot go too deep
            self.at += 1
            inner = _Table(is_array=first == "[", flow=True)
            while self.text[self._skip(_SPACE)] not in "]}":
                if self.text[self.at] == ",":
                    self.at += 1
                elif inner.is_array:
                    inner.items.append(self._value())
                else:
                    self._pair(inner)
            self.at += 1
            return inner
        word = _WORD.match(self.text, self.at)
        return self._scalar(word.end() if word else self.at + 1)

    def _scalar(self, end: int) -> Scalar:
        start, self.at = self.at, end
        offset = self.source.byte_offset
        return Scalar(value=self.text[start:end], span=Span(offset(start), offset(end)))

    def _string(self) -> Scalar:
        match = _STRING.match(self.text, self.at)
        assert match is not None, "tomllib read a string here"  # noqa: S101  # a bug of ours, not of the file
        start, self.at = self.at, match.end()
        offset = self.source.byte_offset
        kind = match.lastgroup or ""
        value = match[kind]
        if kind in ("long", "raw") or "\\" in match[0]:
            value = tomllib.loads(f"x = {match[0]}")["x"]
        quote = "|" if kind in ("long", "raw") else match[0][0]
        return Scalar(value=value, span=Span(offset(start), offset(self.at)), quote=quote)


def _descend(table: _Table, keys: list[Scalar]) -> _Table:
    for key in keys:
        table = table.inner(key)
    return table


def _append(table: _Table, key: Scalar) -> _Table:
    """Add a table to the array of tables below a key."""
    if key.value not in table.places:
        table.put(key, _Table(is_array=True))
    array = table.items[table.places[key.value]]
    new = _Table()
    if isinstance(array, _Table):
        array.items.append(new)
    return new


def _frozen(root: _Table) -> Node:
    """Freeze tables from the inside out, without recursion: dotted keys may go deep."""
    order, stack = [], [root]
    while stack:
        table = stack.pop()
        order.append(table)
        stack.extend(item for item in table.items if isinstance(item, _Table))
    done: dict[int, Node] = {}
    for table in reversed(order):
        nodes = [done[id(item)] if isinstance(item, _Table) else item for item in table.items]
        if table.is_array:
            done[id(table)] = Sequence(items=tuple(nodes), flow=table.flow)
        else:
            done[id(table)] = Mapping(entries=tuple(zip(table.keys, nodes, strict=True)), flow=table.flow)
    return done[id(root)]
