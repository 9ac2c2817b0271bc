"""What git leaves of a lock in a merge that it could not finish: both sides, one beside the other."""

from __future__ import annotations

_STARTS = {"<<<<<<<": "ours", "|||||||": "base", "=======": "theirs", ">>>>>>>": "both"}
"""The marks, seven characters each (git-merge(1), HOW CONFLICTS ARE PRESENTED), and whose lines follow."""


def sides(text: str) -> tuple[str, str] | None:
    """Give the text as each of the two sides has it.

    What git could merge stands in both. Of the style `diff3`, what both came from is left out.

    Args:
        text: The content of the file.

    Returns:
        Ours and theirs; None where there are no marks.
    """
    whose = "both"
    ours: list[str] = []
    theirs: list[str] = []
    for line in text.splitlines(keepends=True):
        mark = _STARTS.get(line[:7]) if line[7:8] in ("", " ", "\n", "\r") else None
        if mark is not None and (mark == "ours") == (whose == "both"):
            whose = mark
            continue
        if whose in ("both", "ours"):
            ours.append(line)
        if whose in ("both", "theirs"):
            theirs.append(line)
    found = "".join(ours), "".join(theirs)
    return None if found == (text, text) else found
