"""Git LFS pointers: what git keeps in place of a large file.

Source: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md: lines of a key and a value, `version`
first.
"""

from __future__ import annotations

import re

from hfpin.dataclass import dataclass
from hfpin.regex import lazily

LONGEST = 1024
"""Bytes that a pointer may have at most, by the specification."""

START = b"version https://git-lfs.github.com/spec/v1\n"

_OID = lazily(rb"^oid sha256:([0-9a-f]{64})$", re.MULTILINE)
_SIZE = lazily(rb"^size (\d{1,18})$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """A pointer.

    Args:
        sha256: The file's digest, in hex.
        size: Its bytes.
    """

    sha256: str
    size: int


def read_pointer(data: bytes) -> Pointer | None:
    """Read a pointer; None where the bytes are none."""
    if len(data) > LONGEST or not data.startswith(START):
        return None
    oid, size = _OID.search(data), _SIZE.search(data)
    return Pointer(sha256=oid[1].decode(), size=int(size[1])) if oid and size else None
