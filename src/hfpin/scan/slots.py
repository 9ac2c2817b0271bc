"""Where a revision can be written beside an id, in the file's own style."""

from __future__ import annotations

import enum

from hfpin.dataclass import dataclass
from hfpin.reference import NoSlot, Slot
from hfpin.regex import lazily
from hfpin.repo import is_interpolated
from hfpin.scan.tree import Alias, KeyPath, Mapping, Node, Scalar
from hfpin.span import SourceText, Span

BY_FOLDER = "Declare it in a mapping of its own (repo_id, revision, local_dir), and name that folder here."
"""What to write where a place has no room for a revision: a program takes a folder as well as an id."""
_BY_HAND = "Write the revision there by hand: hfpin changes only what it can prove it leaves whole."

# After a value: closing brackets and commas, then nothing but a comment. A new comment goes before the old.
# However many spaces there are, no byte is tried twice.
_REST = lazily(rb"(?P<closers>(?:[ \t]*[,}\]])*)[ \t]*(?:(?<=[ \t])#(?P<comment>[^\r\n]*))?(?=[\r\n]|\Z)")
_REQUESTED = lazily(r"\s*(?:frozen:\s*)?(?P<name>[^\s,;]+)\s*(?:[,;].*)?")
_LONGEST_INDENT = 1000
"""How far a key may be indented: a line may be as long as the file, and is not read for each key in it."""
_INDENT = lazily(rb"[ \t]*(?:- +)*")
_QUOTES = ("'", '"')


class Syntax(enum.Enum):
    """How a file is written."""

    YAML = "yaml"
    JSON = "json"
    TOML = "toml"


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
        syntax: How the file is written.
    """

    source: SourceText
    mapping: Mapping
    path: KeyPath
    key: Scalar
    id_node: Node
    revision_keys: tuple[str, ...]
    syntax: Syntax = Syntax.YAML

    def revision_node(self) -> tuple[str, Node] | None:
        """The first revision key that is there, and its value; a key of the mapping's own goes first."""
        for key in self.revision_keys:
            if values := self.mapping.own(key):
                return key, values[-1]
        for key in self.revision_keys:
            if (value := self.mapping.merged(key)) is not None:
                return key, value
        return None


def new_slot(beside: Beside) -> Slot | NoSlot:
    """Find where a revision can be added beside an id that has none."""
    node = beside.id_node
    if len(beside.mapping.own(beside.key.value)) > 1:
        return NoSlot(
            reason=f"{beside.key.value!r} stands twice in one mapping", hint="Remove one of the two."
        )
    if not isinstance(node, Scalar | Alias) or (isinstance(node, Scalar) and node.is_block):
        return NoSlot(reason="its value is not a plain one", hint=_BY_HAND)
    if beside.mapping.is_bare:
        return NoSlot(
            reason="it is an item of a list without braces",
            hint=f"Put braces around it: {{{beside.key.value}: …}}",
        )
    return _flow_entry(beside, node) if beside.mapping.flow else _block_entry(beside, node)


def existing_slot(beside: Beside, key: str, node: Node) -> Slot | NoSlot:
    """Find how the revision that stands under a key of the mapping can be replaced."""
    if len(beside.mapping.own(beside.key.value)) > 1:
        return NoSlot(
            reason=f"{beside.key.value!r} stands twice in one mapping", hint="Remove one of the two."
        )
    own = len(beside.mapping.own(key))
    if own == 0 and isinstance(node, Scalar):
        return NoSlot(reason=f"its {key!r} comes from a merge key", hint="Pin it where it is written.")
    if own > 1 and isinstance(node, Scalar):
        return NoSlot(reason=f"{key!r} stands twice in one mapping", hint="Remove one of the two.")
    return value_slot(beside.source, (*beside.path, key), node, beside.syntax)


def value_slot(source: SourceText, path: KeyPath, node: Node, syntax: Syntax) -> Slot | NoSlot:
    """Find how a value that is a revision can be replaced."""
    key = next((step for step in reversed(path) if isinstance(step, str)), "revision")
    if isinstance(node, Alias):
        return NoSlot(
            reason=f"its revision is the alias *{node.name}", hint="Write the commit at its anchor by hand."
        )
    if not isinstance(node, Scalar) or node.is_block:
        return NoSlot(reason=f"its {key!r} is not a plain value", hint=_BY_HAND)
    if node.anchored:
        return NoSlot(reason=f"other places share its {key!r} by an anchor", hint=_BY_HAND)
    if is_interpolated(node.value):
        return NoSlot(reason=f"its {key!r} is filled in by another program", hint="Pin the value it gets.")
    space = ""
    if node.span.start == node.span.end:  # `revision:` with nothing after it
        before = source.data[max(0, node.span.start - 1) : node.span.start]
        written = source.data[source.line_span(node.span.start).start : node.span.start].rstrip()
        if not written.endswith(b":"):  # `? revision`, or `{revision}`
            return NoSlot(reason=f"its {key!r} has neither a colon nor a value", hint=_BY_HAND)
        space = "" if before in (b" ", b"\t") else " "
    quote = node.quote if syntax is Syntax.YAML else node.quote or '"'
    return Slot(
        span=node.span,
        prefix=space + quote,
        suffix=quote,
        key_path=path,
        comment_at=_comment_at(source, node.span.end, syntax),
    )


def part_slot(source: SourceText, path: KeyPath, node: Scalar, part: Span) -> Slot | NoSlot:
    """Find how a revision that is a part of a value can be replaced: of a URL, or after an `@`."""
    inner = node.inner
    if node.is_block or node.anchored or source.slice(inner) != node.value or is_interpolated(node.value):
        return NoSlot(reason="its revision is part of a longer text", hint=_BY_HAND)
    return Slot(
        span=part,
        prefix="",
        suffix="",
        key_path=path,
        comment_at=None,
        before=source.slice(Span(inner.start, part.start)),
        after=source.slice(Span(part.end, inner.end)),
    )


def _block_entry(beside: Beside, node: Scalar | Alias) -> Slot | NoSlot:
    source, span = beside.source, node.span
    key_line = source.line_span(beside.key.span.start)
    before_key = source.data[key_line.start : beside.key.span.start]
    line = source.line_span(span.end)  # the key's own, or a later one where the value stands alone
    rest = _REST.match(source.data, span.end)
    one_line = line == source.line_span(span.start)
    if not (one_line and rest and not rest["closers"] and _INDENT.fullmatch(before_key)):
        return NoSlot(reason="its line holds more than a key and a value", hint=_BY_HAND)
    is_blank = not before_key.strip()  # else it starts the item of a list
    indent = before_key.decode("utf-8") if is_blank else " " * len(before_key)
    key, suffix = _entry(beside, node)
    return Slot(
        span=Span(line.end, line.end),
        prefix=f"{source.newline}{indent}{key}",
        suffix=suffix,
        key_path=(*beside.path, beside.revision_keys[0]),
        comment_at=line.end,
    )


def _flow_entry(beside: Beside, node: Scalar | Alias) -> Slot | NoSlot:
    source = beside.source
    key, suffix = _entry(beside, node)
    gap = "" if key.endswith((f":{suffix}", f"={suffix}")) else " "
    if beside.syntax is Syntax.JSON:
        line = source.line_span(beside.key.span.start)
        at = beside.key.span.start
        before_key = source.data[max(line.start, at - _LONGEST_INDENT) : at]
        if not before_key.strip() and len(before_key) < _LONGEST_INDENT:  # a line for each key
            gap = source.newline + before_key.decode("utf-8")
    return Slot(
        span=Span(node.span.end, node.span.end),
        prefix=f",{gap}{key}",
        suffix=suffix,
        key_path=(*beside.path, beside.revision_keys[0]),
        comment_at=_comment_at(source, node.span.end, beside.syntax),
    )


def _entry(beside: Beside, node: Scalar | Alias) -> tuple[str, str]:
    """The new key up to its value, and what follows the value: quoted and spaced as the id's are."""
    quote = beside.key.quote
    value_quote = node.quote if isinstance(node, Scalar) and node.quote in _QUOTES else quote
    mark = ":"
    if beside.syntax is Syntax.TOML:
        mark, value_quote = "=", value_quote or '"'
    between = beside.source.data[beside.key.span.end : node.span.start]
    is_tight = between == mark.encode() and (mark == "=" or (quote and beside.mapping.flow))
    if not is_tight:
        mark = f" {mark} " if mark == "=" else f"{mark} "
    return f"{quote}{beside.revision_keys[0]}{quote}{mark}{value_quote}", value_quote


def _comment_at(source: SourceText, end: int, syntax: Syntax) -> int | None:
    rest = None if syntax is Syntax.JSON else _REST.match(source.data, end)
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
