"""Where a revision can be written beside an id, in the file's own style."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hfpin.reference import NoSlot, Slot
from hfpin.repo import is_interpolated
from hfpin.scan.tree import Alias, KeyPath, Mapping, Node, Scalar
from hfpin.span import SourceText, Span

_AS_MAPPING = "Write it as a mapping: repo_id: {id} with revision: below it."
_BY_HAND = "Write the revision there by hand: hfpin changes only what it can prove it leaves whole."

# After a value: closing brackets and commas, then nothing but a comment. A new comment goes before the old.
_REST = re.compile(rb"(?P<closers>[ \t,}\]]*?)[ \t]*(?:[ \t]#(?P<comment>[^\r\n]*))?(?=[\r\n]|\Z)")
_REQUESTED = re.compile(r"\s*(?:frozen:\s*)?(?P<name>[^\s,;]+)\s*(?:[,;].*)?")
_INDENT = re.compile(rb" *(?:- +)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """An id in its mapping, as far as finding a place for its revision goes.

    Args:
        source: The file.
        mapping: The mapping that holds the id.
        path: The mapping's own path.
        key: The key of the id.
        id_node: The id's value.
        revision_keys: Keys that may carry the revision, the one to write first.
    """

    source: SourceText
    mapping: Mapping
    path: KeyPath
    key: Scalar
    id_node: Node
    revision_keys: tuple[str, ...]

    def revision_node(self) -> tuple[str, Node] | None:
        """The first revision key that is there, and its value; a key of the mapping's own goes first."""
        for key in self.revision_keys:
            if values := self.mapping.own(key):
                return key, values[-1]
        for key in self.revision_keys:
            if (value := self.mapping.merged(key)) is not None:
                return key, value
        return None


def find_slot(beside: Beside) -> Slot | NoSlot:
    """Find where the revision of an id can be written: over the one that is there, or as a new entry."""
    if len(beside.mapping.own(beside.key.value)) > 1:
        return NoSlot(
            reason=f"{beside.key.value!r} stands twice in one mapping", hint="Remove one of the two."
        )
    found = beside.revision_node()
    if found is None:
        return _flow_entry(beside) if beside.mapping.flow else _block_entry(beside)
    return _existing(beside, *found)


def _existing(beside: Beside, key: str, node: Node) -> Slot | NoSlot:
    if not isinstance(node, Scalar):
        return _not_a_value(key, node)
    obstacle = _obstacle(beside, key, node)
    if obstacle is not None:
        return obstacle
    space = ""
    if node.span.start == node.span.end:  # `revision:` with nothing after it
        before = beside.source.data[: node.span.start]
        space = "" if before.endswith((b" ", b"\t")) else " "
    return Slot(
        span=node.span,
        prefix=space + node.quote,
        suffix=node.quote,
        key_path=(*beside.path, key),
        comment_at=_comment_at(beside.source, node.span.end),
    )


def _not_a_value(key: str, node: Node) -> NoSlot:
    if isinstance(node, Alias):
        return NoSlot(
            reason=f"its revision is the alias *{node.name}", hint="Write the commit at its anchor by hand."
        )
    return NoSlot(reason=f"its {key!r} is not a plain value", hint=_BY_HAND)


def _obstacle(beside: Beside, key: str, node: Scalar) -> NoSlot | None:
    """Why a revision that is there cannot be replaced where it stands."""
    own = len(beside.mapping.own(key))
    if own == 0:
        return NoSlot(reason=f"its {key!r} comes from a merge key", hint="Pin it where it is written.")
    if own > 1:
        return NoSlot(reason=f"{key!r} stands twice in one mapping", hint="Remove one of the two.")
    if node.is_block:
        return NoSlot(reason=f"its {key!r} is not a plain value", hint=_BY_HAND)
    if node.anchored:
        return NoSlot(reason=f"other places share its {key!r} by an anchor", hint=_BY_HAND)
    if is_interpolated(node.value):
        return NoSlot(reason=f"its {key!r} is filled in by another program", hint="Pin the value it gets.")
    return None


def _block_entry(beside: Beside) -> Slot | NoSlot:
    source, node = beside.source, beside.id_node
    span = node.span if isinstance(node, Scalar | Alias) else beside.key.span
    key_line = source.line_span(beside.key.span.start)
    before_key = source.data[key_line.start : beside.key.span.start]
    line = source.line_span(span.end)  # the key's own, or a later one where the value stands alone
    rest = _REST.match(source.data, span.end)
    one_line = line == source.line_span(span.start)
    if not (one_line and rest and not rest["closers"] and _INDENT.fullmatch(before_key)):
        return NoSlot(reason="its line holds more than a key and a value", hint=_BY_HAND)
    key = beside.revision_keys[0]
    quote = beside.key.quote
    indent = " " * len(before_key)
    return Slot(
        span=Span(line.end, line.end),
        prefix=f"{source.newline}{indent}{quote}{key}{quote}: {quote}",
        suffix=quote,
        key_path=(*beside.path, key),
        comment_at=line.end,
    )


def _flow_entry(beside: Beside) -> Slot | NoSlot:
    node = beside.id_node
    if not isinstance(node, Scalar | Alias) or (isinstance(node, Scalar) and node.is_block):
        return NoSlot(reason="its value is not a plain one", hint=_BY_HAND)
    key = beside.revision_keys[0]
    quote = beside.key.quote
    return Slot(
        span=Span(node.span.end, node.span.end),
        prefix=f", {quote}{key}{quote}: {quote}",
        suffix=quote,
        key_path=(*beside.path, key),
        comment_at=_comment_at(beside.source, node.span.end),
    )


def list_item_slot(repo_id: str) -> NoSlot:
    """Say why the item of a list cannot carry a revision."""
    return NoSlot(reason="the item of a list cannot carry a revision", hint=_AS_MAPPING.format(id=repo_id))


def _comment_at(source: SourceText, end: int) -> int | None:
    rest = _REST.match(source.data, end)
    return None if rest is None else rest.end("closers")


def requested_name(source: SourceText, end: int) -> str | None:
    """Read what a commit was asked for as, from the comment that follows it.

    The comment is one word, the branch or tag, alone (`# v0.1`, `# frozen: v0.1`) or before a comma
    (`# main, 2024-07-24`); any other comment is prose.

    Args:
        source: The file.
        end: Where the commit's value ends.
    """
    rest = _REST.match(source.data, end)
    if rest is None or rest["comment"] is None:
        return None
    first = rest["comment"].decode("utf-8").split(" #")[0]
    match = _REQUESTED.fullmatch(first)
    return None if match is None else match["name"]
