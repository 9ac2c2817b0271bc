"""A rule's verdict."""

from __future__ import annotations

from hfpin.dataclass import dataclass
from hfpin.span import Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one rule says about one place.

    Args:
        code: The rule: `HFP001`.
        path: The file.
        position: Where it is.
        width: How many characters it spans; at least one.
        message: What is wrong, without the place.
        why: Why it matters; may be empty.
        hint: What to do next.
    """

    code: str
    path: str
    position: Position
    width: int
    message: str
    why: str
    hint: str

    @property
    def where(self) -> str:
        """`path:line:column`."""
        return f"{self.path}:{self.position.line}:{self.position.column}"
