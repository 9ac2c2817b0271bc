"""Names and values of strangers, as a terminal can show them."""

from __future__ import annotations

_SPACES = "\t\N{NO-BREAK SPACE}\N{IDEOGRAPHIC SPACE}"


def safe(line: str) -> str:
    """A line without what would end it, move a terminal's cursor or colour what follows. Spaces stay."""
    if line.isprintable():
        return line
    return "".join(
        one if one.isprintable() or one in _SPACES else "\N{REPLACEMENT CHARACTER}" for one in line
    )
