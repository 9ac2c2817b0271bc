"""A change of one file, as `git apply` and `patch -p1` take it."""

from __future__ import annotations

import difflib


def render_patch(name: str, before: bytes | None, after: bytes) -> str:
    """Render a unified diff; None where there was no file.

    Args:
        name: The file, with forward slashes.
        before: What it held, UTF-8.
        after: What it would hold.
    """
    old = "/dev/null" if before is None else f"a/{name}"
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
        for line in difflib.unified_diff(split_lines(before or b""), split_lines(after), old, f"b/{name}")
    )


def split_lines(text: bytes) -> list[str]:
    """The lines with their ends; only a line feed ends one, as in git."""
    lines = text.decode("utf-8").split("\n")
    return [f"{line}\n" for line in lines[:-1]] + [line for line in lines[-1:] if line]
