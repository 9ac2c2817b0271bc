"""What becomes of one file."""

from __future__ import annotations

import difflib

from hfpin.dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is added to a file.

    Args:
        name: The file, relative to the project.
        what: What is added, as it is told: `the hook`.
        before: Its bytes; None where it is not there.
        after: Its bytes with what is added: all others as they were.
    """

    name: str
    what: str
    before: bytes | None
    after: bytes

    @property
    def added(self) -> str:
        """The lines that are new, blank ones left out."""
        old, new = (data.decode("utf-8", "replace").splitlines() for data in (self.before or b"", self.after))
        lines = list(difflib.unified_diff(old, new, n=0, lineterm=""))[2:]  # without its head
        return "".join(f"{line[1:]}\n" for line in lines if line.startswith("+") and line != "+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A file that nothing can be added to safely.

    Args:
        name: The file, relative to the project.
        reason: Why, as the end of a sentence.
        text: What to write into it by hand.
    """

    name: str
    reason: str
    text: str


def newline(data: bytes) -> str:
    """The line ending of a file: that of its first line, or a line feed."""
    first = data[: data.find(b"\n") + 1]
    return "\r\n" if first.endswith(b"\r\n") else "\n"


def appended(data: bytes, text: str) -> bytes:
    """Put lines at the end of a file, in its own line ending, after a blank line if there is something."""
    end = newline(data)
    lines = text.replace("\n", end).encode("utf-8")
    if not data.strip():
        return data + lines
    gap = end * (1 if data.endswith(b"\n") else 2)
    return data + gap.encode() + lines
