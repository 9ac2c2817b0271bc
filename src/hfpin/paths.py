"""Which names of files are taken from strangers: from the Hub, and from a lock.

A strange name is not a dangerous one: emoji, spaces of any width and colons are on the Hub and stay. Refused
is what could lead out of its folder, be run by git, or change what a terminal shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from hfpin.regex import lazily

LOCK_FILE = "hfpin.lock"
"""The lock, at the top of a project."""

DECLARING_FILE = "in a file that [tool.hfpin] names (by default config.yaml)"
"""Where to declare a repo, in the words of a hint: a file that `files` leaves out would declare nothing."""

_CLIENTS_DIR = ".cache/huggingface"

RECORD_DIR = f"{_CLIENTS_DIR}/hfpin"
"""Where hfpin keeps its own account: of a `local_dir` in that, of a project at its top.

It is in huggingface_hub's own folder because that is the one that uploads pass over. A file anywhere else
below `.cache` makes `hf upload` of the folder fail.
"""

# C0 and C1 controls, line and paragraph separators, halves of characters, and the marks that turn the
# direction of text. Joiners stay: emoji and Persian file names are written with them.
_CONTROLS = "\0-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_CONTROL = lazily(f"[{_CONTROLS}]")
_DRIVE = lazily(r"[A-Za-z]:")
# Nearly every path there is: told safe at one glance, for a lock may name a million.
_PLAIN_PART = r"[0-9A-Za-z_-][0-9A-Za-z_.-]*"
_PLAIN = lazily(rf"{_PLAIN_PART}(?:/{_PLAIN_PART})*")
# Invisible characters that HFS+ leaves out when it compares names (git's `next_hfs_char`).
_INVISIBLE = lazily("[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]")
_GIT = lazily(r"\.git|git~\d+")
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file: devices, whatever ending follows.
_DEVICE = lazily(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?:\s*[.:].*)?", re.DOTALL)


_LONGEST = 1024
"""Characters of a path. No repo needs more, and a deep enough one would keep a reader busy for hours."""


def has_control(text: str) -> bool:
    """Whether a text holds a character that a terminal obeys instead of showing it."""
    # what is printable holds none, and nearly all is: asked first, the expression need not be compiled
    return not text.isprintable() and _CONTROL.search(text) is not None


def is_safe_path(path: str) -> bool:
    """Whether a path is relative, stays below where it starts on every system, and is not git's own."""
    if len(path) > _LONGEST:
        return False
    if _PLAIN.fullmatch(path):
        return True
    if "\\" in path or has_control(path) or _DRIVE.match(path):
        return False
    return all(part not in ("", ".", "..") and not _GIT.fullmatch(folded(part)) for part in path.split("/"))


def is_record_path(path: str) -> bool:
    """Whether a file would stand where hfpin or huggingface_hub keeps its account of a `local_dir`."""
    return f"{folded(path)}/".startswith(f"{_CLIENTS_DIR}/")


def is_device(path: str) -> bool:
    """Whether some part of a path is a device on Windows: writing to `aux.json` writes no file there."""
    return any(_DEVICE.fullmatch(folded(part)) for part in path.split("/"))


def folded(path: str) -> str:
    """Give what a file system that does not tell case apart would compare.

    Case, the ways to write an accent, invisible characters (HFS+), and dots and spaces at the end of a name
    (Windows) make no difference there.
    """
    if path.isascii():
        path = path.lower()
    else:
        import unicodedata  # here: nearly every path is ASCII

        path = unicodedata.normalize("NFC", _INVISIBLE.sub("", path))
        path = unicodedata.normalize("NFC", path.casefold())
    if ". " in path or "./" in path or " /" in path or path.endswith((".", " ")):
        path = "/".join(part.rstrip(". ") or part for part in path.split("/"))
    return path


def colliding(paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Give pairs of different paths that are one file where case makes no difference."""
    first: dict[str, str] = {}
    for path in paths:
        other = first.setdefault(folded(path), path)
        if other != path:
            yield other, path
