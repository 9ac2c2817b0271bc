"""Edits of a file, described apart from being made."""

from __future__ import annotations

from collections.abc import Iterable

from hfpin.dataclass import dataclass
from hfpin.span import Span


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Puts `replacement` in place of the bytes of `span`; an empty span inserts."""

    span: Span
    replacement: bytes


def apply(data: bytes, edits: Iterable[Edit]) -> bytes:
    """Make all edits at once. Bytes outside their spans come out as they went in.

    Insertions at one place are made in the order given.

    Raises:
        ValueError: Two edits overlap, or one reaches past the end.
    """
    pieces: list[bytes] = []
    done = 0
    for edit in sorted(edits, key=lambda edit: edit.span):
        if not done <= edit.span.start <= edit.span.end <= len(data):
            raise ValueError(f"bytes {edit.span.start} to {edit.span.end} overlap another edit or the end")
        pieces += (data[done : edit.span.start], edit.replacement)
        done = edit.span.end
    pieces.append(data[done:])
    return b"".join(pieces)
