"""Every scalar of a tree, with what stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hfpin.dataclass import dataclass
from hfpin.regex import lazily
from hfpin.scan.block import Block
from hfpin.scan.keys import KeyKind, kind, normal
from hfpin.scan.tree import Alias, KeyPath, Mapping, Node, Scalar, Sequence
from hfpin.vocabulary import keys

_FAR = 4
"""How many keys up a value's surroundings go."""
DEEPEST = 200
"""A value deeper than this has no path that could be written to: the time that paths take stays linear."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a node stands: a step from the frame above.

    Args:
        above: The frame of the collection that holds it; None for a document.
        step: Its key as written, or its place in a list.
        block: The mapping that it is, or None.
        items: The list that it is, or None.
        tag: Its YAML tag.
        depth: How many frames are above it.
        variables: What it holds as a mapping, where it is a list of `NAME=value`.
    """

    above: Frame | None
    step: str | int
    block: Block | None = None
    items: Sequence | None = None
    tag: str = ""
    depth: int = 0
    variables: Block | None = None

    @property
    def path(self) -> KeyPath:
        """The steps from the document's number to here."""
        steps: list[str | int] = []
        frame: Frame | None = self
        while frame is not None:
            steps.append(frame.step)
            frame = frame.above
        return tuple(reversed(steps))

    def up(self) -> Iterator[Frame]:
        """The frames from this one up, the nearest ones only."""
        frame: Frame | None = self
        for _ in range(2 * _FAR):
            if frame is None:
                return
            yield frame
            frame = frame.above


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A scalar and what stands around it.

    Args:
        node: The value; an alias where the value is one.
        frame: Of the collection that holds it.
        key: The key that it stands under, or is; None for a document that is a scalar, and in its lists.
        is_key: Whether it is the key itself.
        index: Its place in a list; None where it is no item.
    """

    node: Scalar | Alias
    frame: Frame
    key: Scalar | None
    is_key: bool = False
    index: int | None = None

    @property
    def block(self) -> Block | None:
        """The nearest mapping around it."""
        return next((frame.block for frame in self.frame.up() if frame.block is not None), None)

    @property
    def above(self) -> tuple[str, ...]:
        """The keys above its own, in their normal spelling, the nearest first."""
        steps = [normal(frame.step) for frame in self.frame.up() if isinstance(frame.step, str)]
        if self.index is not None:  # the frame is the list, whose step is the key itself
            steps = steps[1:]
        return tuple(steps[:_FAR])

    @property
    def outer(self) -> tuple[Block, ...]:
        """The mappings around the nearest mapping, the nearest first."""
        blocks = [frame.block for frame in self.frame.up() if frame.block is not None]
        return tuple(blocks[1:])

    @property
    def governing(self) -> str:
        """The key that says what the value is: its own, or the one that it stands in for.

        A `value` belongs to the `name` or the `key` beside it, as in lists of variables; `default`, `values`
        and the like speak of the key above.
        """
        own = normal(self.key.value) if self.key is not None else ""
        if own in ("value", "default", "default_value") and self.block is not None:
            named = self.block.texts.get("name") or (self.block.texts.get("key") if own == "value" else None)
            if named is not None:
                return normal(named)
        if own in keys.TRANSPARENT_KEYS:
            for key in self.above:
                if key not in keys.TRANSPARENT_KEYS:
                    return key if kind(key) is not KeyKind.NONE else own
        return own


_VARIABLE = lazily(r"([A-Z][A-Z0-9_]*)=(.*)", re.ASCII | re.DOTALL)


def _variables(items: Sequence) -> Block | None:
    """A list of `NAME=value` as the mapping that it could be."""
    if not items.items or not isinstance(items.items[0], Scalar) or "=" not in items.items[0].value:
        return None
    found: list[tuple[Node, Node]] = []
    for item in items.items:
        match = _VARIABLE.fullmatch(item.value) if isinstance(item, Scalar) else None
        if match is None or not isinstance(item, Scalar):
            return None
        found.append((Scalar(value=match[1], span=item.span), Scalar(value=match[2], span=item.span)))
    return Block(Mapping(entries=tuple(found), flow=items.flow))


def walk(documents: tuple[Node, ...], part: str = "") -> Iterator[Place]:
    """Give every scalar and alias below a mapping or in a list, and the keys of mappings, in no set order.

    What an alias stands for is not entered: it is found where it is written.

    Args:
        documents: The tree.
        part: What a scalar must hold; keys are given only where they could be ids.
    """
    return _walk([(Frame(None, number), node, None) for number, node in enumerate(documents)], part)


def walk_inside(place: Place, documents: tuple[Node, ...], part: str = "") -> Iterator[Place]:
    """Do so for the config that the text at a place is, as if it stood there as such."""
    step = place.index if place.index is not None else place.key.value if place.key is not None else 0
    frame = Frame(place.frame, step, depth=place.frame.depth + 1)
    return _walk([(frame, node, place.key) for node in documents], part)


def _walk(  # noqa: C901, PLR0912  # a case for each kind
    stack: list[tuple[Frame, Node, Scalar | None]], part: str
) -> Iterator[Place]:
    while stack:
        above, node, key = stack.pop()
        if isinstance(node, Mapping):
            frame = Frame(above.above, above.step, Block(node), None, node.tag, above.depth)
            for name, value in node.entries:
                own = name if isinstance(name, Scalar) else None
                if own is not None and "/" in own.value:
                    yield Place(node=own, frame=frame, key=own, is_key=True)
                if isinstance(value, Scalar) and part not in value.value:
                    continue
                if isinstance(value, Scalar | Alias):
                    yield Place(node=value, frame=frame, key=own)
                else:
                    inner = Frame(frame, "?" if own is None else own.value, depth=frame.depth + 1)
                    stack.append((inner, value, own))
        elif isinstance(node, Sequence):
            frame = Frame(above.above, above.step, None, node, node.tag, above.depth, _variables(node))
            for index, item in enumerate(node.items):
                if isinstance(item, Scalar) and part not in item.value:
                    continue
                if isinstance(item, Scalar | Alias):
                    yield Place(node=item, frame=frame, key=key, index=index)
                else:
                    stack.append((Frame(frame, index, depth=frame.depth + 1), item, key))
        elif isinstance(node, Scalar):
            yield Place(node=node, frame=above, key=key)
