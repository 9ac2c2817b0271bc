"""Which paths a glob of the settings means, told from the path alone: no folder is read.

The globs are those of `pathlib.Path.glob`: `*` and `?` within a name, `[…]` for one character, `**` as a
whole name for any number of folders, none included. At the end, `**` means all that is below.
"""

from __future__ import annotations

import functools
import re

from hfpin.regex import lazily

_PIECE = lazily(r"\*+|\?|\[!?\]?[^\]]*\]|.", re.DOTALL)


def is_match(path: str, glob: str) -> bool:
    """Whether a glob matches a relative path with forward slashes."""
    return _compiled(glob).fullmatch(path) is not None


def covers(glob: str, path: str) -> bool:
    """Whether a glob matches a path or a folder that it is in."""
    pattern = _compiled(glob.rstrip("/"))
    parts = path.split("/")
    return any(pattern.fullmatch("/".join(parts[:end])) for end in range(1, len(parts) + 1))


@functools.lru_cache(maxsize=256)
def _compiled(glob: str) -> re.Pattern[str]:
    names = glob.removeprefix("./").split("/")
    text = ""
    for number, name in enumerate(names):
        is_last = number == len(names) - 1
        if name == "**":
            text += ".*" if is_last else "(?:[^/]+/)*"
        else:
            text += "".join(_translated(piece) for piece in _PIECE.findall(name)) + ("" if is_last else "/")
    return lazily(text, re.DOTALL)


def _translated(piece: str) -> str:
    if piece[0] == "*":
        return "[^/]*"
    if piece == "?":
        return "[^/]"
    if piece[0] == "[" and len(piece) > 1:
        is_not = piece[1] == "!"
        inner = re.sub(r"([\\\[^&~|])", r"\\\1", piece[1 + is_not : -1])
        try:
            return re.compile(f"[{'^' * is_not}{inner}]").pattern
        except re.error:  # [z-a] or [!]: a set of nothing, which a file can only be called
            return re.escape(piece)
    return re.escape(piece)
