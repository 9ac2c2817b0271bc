"""Shards: which chunks of which xorbs make which file.

A header of 48 bytes is followed by one section for each file, in units of 48 bytes: the file's entry (hash,
flags, number of terms), its terms, as many verification entries if bit 31 of the flags is set, and one
metadata entry, which begins with the file's sha256, if bit 30 is set. A hash of 32 bytes 0xFF ends the files;
what follows (the xorbs' chunk lists) says nothing that the xorbs do not.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from hfpin.testing.refusal import bad_request

_UNIT = 48
_BOOKEND = b"\xff" * 32
_HAS_VERIFICATION = 1 << 31
_HAS_METADATA = 1 << 30


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """A run of chunks of a xorb, `first_chunk` up to but without `end_chunk`; `size` bytes once unpacked."""

    xorb: str
    size: int
    first_chunk: int
    end_chunk: int


@dataclass(frozen=True, kw_only=True, slots=True)
class XetFile:
    """A file: its Xet hash (64 hex digits), its sha256 if it was given, its terms in order."""

    xet_hash: str
    sha256: str | None
    terms: tuple[Term, ...]

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return sum(term.size for term in self.terms)


def parse_shard(content: bytes) -> tuple[XetFile, ...]:
    """Return the files of a shard.

    Raises:
        HubRefusal: The shard ends within a file's section (status 400).
    """
    files = []
    offset = _UNIT
    try:
        while content[offset : offset + 32] != _BOOKEND:
            xet_hash = _hash(content, offset)
            flags, count = struct.unpack_from("<2I", content, offset + 32)
            terms = tuple(_term(content, offset + _UNIT * (index + 1)) for index in range(count))
            verification = count if flags & _HAS_VERIFICATION else 0
            offset += _UNIT * (1 + count + verification)
            sha256 = _hash(content, offset) if flags & _HAS_METADATA else None
            offset += _UNIT if sha256 else 0
            files.append(XetFile(xet_hash=xet_hash, sha256=sha256, terms=terms))
    except struct.error as error:
        raise bad_request(f"Shard of {len(content)} bytes ends within a file: {error}.") from error
    return tuple(files)


def _term(content: bytes, offset: int) -> Term:
    _flags, size, first, end = struct.unpack_from("<4I", content, offset + 32)
    return Term(xorb=_hash(content, offset), size=size, first_chunk=first, end_chunk=end)


def _hash(content: bytes, offset: int) -> str:
    return "".join(f"{word:016x}" for word in struct.unpack_from("<4Q", content, offset))
