"""A parsed config file, whatever its kind: values, and the bytes they stand in."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TypeAlias

from hfpin.dataclass import dataclass
from hfpin.span import Span

KeyPath: TypeAlias = tuple[str | int, ...]

_MOST_BASES = 100
"""How many bases of one merge key are looked at: nobody writes more, and a look-up stays short."""


class ReadError(Exception):
    """The text is not what its reader reads.

    Args:
        reason: What the parser says, on one line.
        line: Where, counted from 1.
        column: Where, counted from 1, in characters.
    """

    def __init__(self, reason: str, line: int, column: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar:
    """A value without parts.

    Args:
        value: The text, unquoted and unescaped. Never resolved to a number or a bool: `1e5` is "1e5".
        span: The bytes of the value with its quotes, without anchor and tag.
        quote: `'`, `"`, the `|` or `>` of a block (and of a TOML string of several lines), or nothing for a
            plain one.
        anchored: Whether other places may refer to it.
        tag: A YAML tag, as it is written: `!new:package.Class`; empty without one.
    """

    value: str
    span: Span
    quote: str = ""
    anchored: bool = False
    tag: str = ""

    @property
    def is_null(self) -> bool:
        """Whether it is YAML's null, in any of its spellings."""
        return not self.quote and self.value in ("", "~", "null", "Null", "NULL")

    @property
    def is_block(self) -> bool:
        """Whether it is a block scalar, which spans lines."""
        return self.quote in ("|", ">")

    @property
    def inner(self) -> Span:
        """The bytes between the quotes."""
        margin = 1 if self.quote in ("'", '"') else 0
        return Span(self.span.start + margin, self.span.end - margin)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """A second mention of an anchored node; `target` is None where it stands inside that node."""

    name: str
    target: Scalar | Sequence | Mapping | None
    span: Span


@dataclass(frozen=True, kw_only=True)
class Sequence:
    """A list."""

    items: tuple[Node, ...]
    flow: bool
    tag: str = ""

    @cached_property
    def revisions(self) -> tuple[int, ...]:
        """The places of the items that speak of a revision, so that asking does not read the list again."""
        return tuple(
            index
            for index, item in enumerate(self.items)
            if isinstance(item, Scalar) and "rev" in item.value.lower()
        )


@dataclass(frozen=True, kw_only=True)
class Mapping:
    """A mapping, its entries as they stand: duplicate keys and merge keys included.

    Args:
        entries: Keys and values.
        flow: Whether it stands in braces, or in a list in brackets.
        tag: A YAML tag; empty without one.
        is_bare: Whether it is an item of such a list, without braces of its own: `[key: value]`.
    """

    entries: tuple[tuple[Node, Node], ...]
    flow: bool
    tag: str = ""
    is_bare: bool = False

    @cached_property
    def _values(self) -> dict[str, tuple[Node, ...]]:
        """The values by key, so that asking for one does not read the mapping again."""
        values: dict[str, list[Node]] = {}
        for name, value in self.entries:
            if isinstance(name, Scalar):
                values.setdefault(name.value, []).append(value)
        return {key: tuple(own) for key, own in values.items()}

    @property
    def keys(self) -> Iterator[str]:
        """The mapping's own keys, each once."""
        return iter(self._values)

    def own(self, key: str) -> tuple[Node, ...]:
        """All values that this mapping itself gives to a key; more than one is a mistake."""
        return self._values.get(key, ())

    def merged(self, key: str) -> Node | None:
        """The value that a merge key (`<<: *base`) brings for a key, from the first base that has it."""
        for base in self.own("<<"):
            sources = base.items if isinstance(base, Sequence) else (base,)
            for source in sources[:_MOST_BASES]:
                target = resolve(source)
                if isinstance(target, Mapping) and (values := target.own(key)):
                    return values[-1]
        return None


Node: TypeAlias = Scalar | Alias | Sequence | Mapping


def resolve(node: Node | None) -> Scalar | Sequence | Mapping | None:
    """Follow an alias to what it stands for."""
    return node.target if isinstance(node, Alias) else node


def only_one(documents: tuple[Node, ...], path: KeyPath) -> Node | None:
    """Give the node at a path; None where there is none, or where a key of the path stands twice."""
    number, *steps = path
    node: Node | None = documents[number] if isinstance(number, int) and number < len(documents) else None
    for step in steps:
        if isinstance(node, Mapping) and isinstance(step, str):
            values = node.own(step)
            node = values[0] if len(values) == 1 else None
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            return None
    return node


def leaves(documents: tuple[Node, ...]) -> Iterator[tuple[KeyPath, str]]:
    """Give every scalar with its path, so that two readings of a file can be compared.

    A path is the document's number, then keys and list positions. An alias counts as `*name`: it is not
    expanded, so the time this takes is linear in the file.
    """
    stack: list[tuple[KeyPath, Node]] = [((number,), node) for number, node in enumerate(documents)]
    while stack:
        path, node = stack.pop()
        if isinstance(node, Scalar):
            yield path, node.value
        elif isinstance(node, Alias):
            yield path, f"*{node.name}"
        elif isinstance(node, Sequence):
            stack.extend(((*path, index), item) for index, item in enumerate(node.items))
            if not node.items:
                yield path, "[]"
        else:
            for key, value in node.entries:
                name = key.value if isinstance(key, Scalar) else "?"
                if not isinstance(key, Scalar):
                    stack.append(((*path, "?"), key))
                stack.append(((*path, name), value))
            if not node.entries:
                yield path, "{}"
