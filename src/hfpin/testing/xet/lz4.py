"""LZ4 frames, unpacked in plain Python: slow, but without a further dependency.

The formats are those of the LZ4 project (doc/lz4_Frame_format.md and doc/lz4_Block_format.md). Checksums are
not
compared: whoever rebuilds a file compares its sha256.
"""

from __future__ import annotations

_MAGIC = 0x184D2204
_HAS_CONTENT_SIZE = 0x08
_HAS_CONTENT_DICTIONARY = 0x01
_HAS_BLOCK_CHECKSUM = 0x10
_NOT_COMPRESSED = 1 << 31
_LONGEST_SHORT_LENGTH = 15
_SHORTEST_MATCH = 4


def unpack_frame(frame: bytes) -> bytes:
    """Return the content of one frame.

    Raises:
        ValueError: It is no LZ4 frame, or it ends too early.
    """
    if int.from_bytes(frame[:4], "little") != _MAGIC:
        raise ValueError("Not an LZ4 frame: the magic number differs.")
    flags = frame[4]
    # Magic number, flags and block size; two optional fields; a checksum of the header.
    offset = 6 + (8 if flags & _HAS_CONTENT_SIZE else 0) + (4 if flags & _HAS_CONTENT_DICTIONARY else 0) + 1
    content = bytearray()
    while word := int.from_bytes(frame[offset : offset + 4], "little"):
        offset += 4
        length = word & ~_NOT_COMPRESSED
        block = frame[offset : offset + length]
        if len(block) != length:
            raise ValueError("The LZ4 frame ends within a block.")
        if word & _NOT_COMPRESSED:
            content += block
        else:
            _unpack_block(block, content)
        offset += length + (4 if flags & _HAS_BLOCK_CHECKSUM else 0)
    return bytes(content)


def _unpack_block(block: bytes, content: bytearray) -> None:
    """Append a block's content. Its matches may reach back into earlier blocks, which `content` holds."""
    offset = 0
    while offset < len(block):
        token = block[offset]
        literals, offset = _length(block, offset + 1, token >> 4)
        content += block[offset : offset + literals]
        offset += literals
        if offset >= len(block):  # the last sequence has no match
            return
        distance = block[offset] | block[offset + 1] << 8
        matched, offset = _length(block, offset + 2, token & 0x0F)
        _repeat(content, distance, matched + _SHORTEST_MATCH)


def _length(block: bytes, offset: int, short: int) -> tuple[int, int]:
    """Return a length and where what follows it begins: 15 in the token goes on in the next bytes."""
    length = short
    more = short == _LONGEST_SHORT_LENGTH
    while more:
        length += block[offset]
        more = block[offset] == 0xFF  # noqa: PLR2004 - a full byte
        offset += 1
    return length, offset


def _repeat(content: bytearray, distance: int, length: int) -> None:
    if not 0 < distance <= len(content):
        raise ValueError("An LZ4 match reaches back behind the beginning.")
    start = len(content) - distance
    pattern = content[start : start + length]
    while len(pattern) < length:  # the match overlaps itself
        pattern += pattern[: length - len(pattern)]
    content += pattern
