"""Xorbs: files of chunks, each behind a header of 8 bytes, perhaps compressed.

The header: version (1 byte, 0), length of the data that follows (3 bytes), compression scheme (1 byte),
length of the chunk once unpacked (3 bytes); integers are little-endian. Schemes: 0 none, 1 an LZ4 frame, 2 an
LZ4 frame of the chunk with its bytes grouped by their position modulo 4. What follows the last chunk is a
footer.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from hfpin.testing.xet.lz4 import unpack_frame

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_HEADER = 8
_FOOTER_TAG = b"XETBLOB"
_PLAIN, _LZ4, _GROUPED_LZ4 = 0, 1, 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Xorb:
    """A xorb on disk.

    `offsets` are the bytes at which each chunk's header begins and, last, at which the last chunk ends;
    `sizes` the bytes of each chunk once unpacked.
    """

    path: Path
    offsets: tuple[int, ...]
    sizes: tuple[int, ...]

    @classmethod
    def open(cls, path: Path) -> Xorb:
        """Walk the headers of a xorb file."""
        offsets, sizes = [0], []
        size = path.stat().st_size
        with path.open("rb") as stream:
            while offsets[-1] < size:
                header = stream.read(_HEADER)
                if header[:1] != b"\0" or header.startswith(_FOOTER_TAG):
                    break
                length = int.from_bytes(header[1:4], "little")
                offsets.append(offsets[-1] + _HEADER + length)
                sizes.append(_unpacked_size(header))
                stream.seek(length, 1)
        return cls(path=path, offsets=tuple(offsets), sizes=tuple(sizes))

    def byte_range(self, first_chunk: int, end_chunk: int) -> tuple[int, int]:
        """Return where a run of chunks begins, and its last byte."""
        return self.offsets[first_chunk], self.offsets[end_chunk] - 1

    def chunks(self, first_chunk: int, end_chunk: int) -> Iterator[bytes]:
        """Yield a run of chunks, unpacked.

        Raises:
            ValueError: A chunk has an unknown scheme, or does not unpack to the length that its header gives.
        """
        with self.path.open("rb") as stream:
            for start, stop in pairwise(self.offsets[first_chunk : end_chunk + 1]):
                stream.seek(start)
                header = stream.read(_HEADER)
                chunk = _unpack(header[4], stream.read(stop - start - _HEADER))
                if len(chunk) != _unpacked_size(header):
                    raise ValueError(f"Chunk at byte {start} of xorb {self.path.name} has a wrong length.")
                yield chunk


def _unpacked_size(header: bytes) -> int:
    return int.from_bytes(header[5:8], "little")


def _unpack(scheme: int, data: bytes) -> bytes:
    if scheme == _PLAIN:
        return data
    if scheme == _LZ4:
        return unpack_frame(data)
    if scheme == _GROUPED_LZ4:
        return _ungroup(unpack_frame(data))
    raise ValueError(f"Xorb compression scheme {scheme} is not known.")


def _ungroup(grouped: bytes) -> bytes:
    chunk = bytearray(len(grouped))
    start = 0
    for position in range(4):
        length = len(chunk[position::4])
        chunk[position::4] = grouped[start : start + length]
        start += length
    return bytes(chunk)
