"""The comments by which a file says that a finding in it is meant: `# hfpin: ignore[HFP001] reason`."""

from __future__ import annotations

import bisect
from collections.abc import Iterator

from hfpin.reference import Ignore
from hfpin.regex import lazily
from hfpin.scan.slots import Syntax
from hfpin.scan.tree import Mapping, Node, Scalar, Sequence
from hfpin.span import SourceText

WORD = "hfpin:"
"""What a file without ignores does not hold."""

_COMMENT = r"(?:(?<=\s)|(?<![^\r\n])){mark}[ \t]*(?P<all>hfpin:[ \t]*ignore\b(?:\[(?P<codes>[^\]\r\n]*)\])?)"
_HASH = lazily(_COMMENT.format(mark="#"))
_SLASHES = lazily(_COMMENT.format(mark="//"))


def find(source: SourceText, documents: tuple[Node, ...], syntax: Syntax) -> tuple[Ignore, ...]:
    """Give the ignores of a file, in its order. What stands in a quoted text is none."""
    pattern = _SLASHES if syntax is Syntax.JSON else _HASH
    quoted = sorted(_quoted(documents))
    found = []
    for match in pattern.finditer(source.text):
        at = source.byte_offset(match.start("all"))
        index = bisect.bisect_right(quoted, (at, at)) - 1
        if index < 0 or at >= quoted[index][1]:
            found.append((source.position(at), match))
    lines: dict[int, int] = {}
    return tuple(
        Ignore(
            position=position,
            width=len(match["all"]),
            codes=tuple(filter(None, (code.strip() for code in (match["codes"] or "").split(",")))),
            line=_line(source, position.line, lines),
        )
        for position, match in found
    )


def _quoted(documents: tuple[Node, ...]) -> Iterator[tuple[int, int]]:
    """The spans of quoted texts that hold the word: a block of text may be a script with comments in it."""
    stack: list[Node] = list(documents)
    while stack:
        node = stack.pop()
        if isinstance(node, Mapping):
            for pair in node.entries:
                stack += pair
        elif isinstance(node, Sequence):
            stack += node.items
        elif isinstance(node, Scalar) and node.quote in ("'", '"') and WORD in node.value:
            yield node.span.start, node.span.end


def _line(source: SourceText, number: int, known: dict[int, int]) -> int:
    """The line that a comment is about; each line is looked at once, however many comments there are."""
    passed = []
    while number not in known:
        passed.append(number)
        if not source.line(number).lstrip().startswith(("#", "//")):
            break
        number += 1
    known.update(dict.fromkeys(passed, known.get(number, number)))
    return known[number]
