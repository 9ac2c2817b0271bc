"""Every scalar of a tree, with what stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from hfpin.dataclass import dataclass
from hfpin.regex import lazily
from hfpin.repo import is_commit, is_repo_id
from hfpin.scan.keys import KeyKind, kind, normal, stem
from hfpin.scan.mentions import is_local
from hfpin.scan.telling import Telling, telling
from hfpin.scan.tree import Alias, KeyPath, Mapping, Node, Scalar, Sequence, resolve
from hfpin.vocabulary import keys, shapes

_MOSTLY = 0.8
"""The part of a table that is ids: one or two may be special."""
_FAR = 4
"""How many keys up a value's surroundings go."""
DEEPEST = 200
"""A value deeper than this has no path that could be written to: the time that paths take stays linear."""


@dataclass(frozen=True)
class Block:
    """A mapping, with its keys in their normal spelling.

    Args:
        mapping: It.
    """

    mapping: Mapping

    @cached_property
    def values(self) -> dict[str, tuple[str, Node]]:
        """For each key in its normal spelling: the key as written, and its value, the last one given."""
        return {
            normal(key.value): (key.value, value)
            for key, value in self.mapping.entries
            if isinstance(key, Scalar)
        }

    @cached_property
    def texts(self) -> dict[str, str]:
        """Those values that are scalars and not null, as text."""
        found = {}
        for key, (_, node) in self.values.items():
            value = resolve(node)
            if isinstance(value, Scalar) and not value.is_null and value.value.strip():
                found[key] = value.value.strip()
        return found

    @cached_property
    def telling(self) -> Telling:
        """Those keys that say something about all that stands in it."""
        return telling(self.values, self.texts)

    @cached_property
    def loading(self) -> frozenset[str]:
        """The keys that name a model, whatever their values are."""
        loads = (KeyKind.CERTAIN, KeyKind.MODEL)
        return frozenset(key for key in self.texts if kind(key) in loads)

    @cached_property
    def keyword_arguments(self) -> tuple[Block, ...]:
        """The mappings below that are passed on as they are: `model_kwargs`, `config_args`."""
        ends = ("kwargs", "_args")
        return tuple(
            Block(node)
            for key, (_, node) in self.values.items()
            if key.endswith(ends) and isinstance(node, Mapping)
        )

    @cached_property
    def trusting_flag(self) -> Scalar | None:
        """`--trust-remote-code` in a list of arguments of its own."""
        lists = (node for _, node in self.values.values() if isinstance(node, Sequence))
        items = (item for one in lists for item in one.items if isinstance(item, Scalar))
        return next((item for item in items if item.value == "--trust-remote-code"), None)

    @cached_property
    def is_all_ids(self) -> bool:
        """Whether it holds several texts, and all of them have the shape of an id."""
        shaped = len(self.texts) > 1 and len(self.texts) == len(self.values)
        return shaped and all(map(_is_id, self.texts.values()))

    @cached_property
    def namespaces(self) -> frozenset[str]:
        """The namespaces of its values, where nearly all are ids under keys that say nothing."""
        ids = [text for text in self.texts.values() if _is_id(text)]
        if len(ids) < _MOSTLY * len(self.values) or any(kind(key) is not KeyKind.NONE for key in self.texts):
            return frozenset()
        if 2 * sum(not text.islower() for text in ids) < len(ids):
            return (
                frozenset()
            )  # paths, units, images and programs have no capitals; half of the Hub's ids have
        found = {text.partition("/")[0] for text in ids}  # that of `m/s` is none
        known = shapes.MIME_TYPES | shapes.OTHER_FIRST_PARTS
        return frozenset(one for one in found - known if len(one) > 1 and not one.isdigit())

    @cached_property
    def names_id(self) -> bool:
        """Whether a key that is not a general one is given what has the shape of an id."""
        names = (KeyKind.CERTAIN, KeyKind.MODEL, KeyKind.DATASET)
        return any("/" in text and kind(key) in names for key, text in self.texts.items())

    @cached_property
    def commits(self) -> dict[str, str]:
        """Keys, as written, of commits that say more than the key of the id they fit, by the stem of that.

        `corpus_labeled_revision` beside `corpus_repo`, where no `corpus_labeled_repo` has a better right.
        """
        stems = {stem(key) for key, text in self.texts.items() if "/" in text}
        found: dict[str, str] = {}
        for key, text in self.texts.items():
            *subject, word = key.split("_")
            if word in keys.REVISION_WORDS and is_commit(text):
                starts = ("_".join(subject[:end]) for end in range(len(subject), 0, -1))
                found.setdefault(next((start for start in starts if start in stems), ""), self.values[key][0])
        return found

    @cached_property
    def flag_revision(self) -> tuple[KeyPath, Scalar] | None:
        """The value of the first `--revision` in a list of arguments, here or one mapping below."""
        return next(self._flags(self.mapping, (), 1), None)

    def _flags(self, mapping: Mapping, path: KeyPath, depth: int) -> Iterator[tuple[KeyPath, Scalar]]:
        for key, value in mapping.entries:
            name = key.value if isinstance(key, Scalar) else "?"
            if isinstance(value, Mapping) and depth:
                yield from self._flags(value, (*path, name), depth - 1)
            elif isinstance(value, Sequence):
                for number, (flag, item) in enumerate(zip(value.items, value.items[1:], strict=False), 1):
                    if isinstance(flag, Scalar) and isinstance(item, Scalar) and flag.value == "--revision":
                        yield (*path, name, number), item


def _is_id(text: str) -> bool:
    """Whether a text has the shape of an id, and neither starts like a folder nor ends like a file."""
    is_path = is_local(text) or text.lower().endswith(tuple(shapes.FILE_SUFFIXES))
    return "/" in text and is_repo_id(text) and not is_path


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
