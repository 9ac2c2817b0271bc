"""Reads a file forward through a window, so that a header of any length takes little memory."""

from __future__ import annotations

import struct
from typing import Any

from hfpin.tensors.values import Read

_AHEAD = 1 << 18
_LENGTH = struct.Struct("<Q")


class Window:
    """A file, read from the start on.

    Args:
        read: Reads from it.
        size: Its bytes.
    """

    def __init__(self, read: Read, size: int) -> None:
        self._read = read
        self._data = b""
        self._start = 0
        self._at = 0
        self.size = size

    @property
    def position(self) -> int:
        """The offset of the next byte."""
        return self._start + self._at

    def take(self, count: int) -> bytes:
        """Read so many bytes.

        Raises:
            EOFError: The file ends before.
        """
        self._need(count)
        taken = self._data[self._at : self._at + count]
        self._at += count
        return taken

    def unpack(self, layout: str) -> tuple[Any, ...]:
        """Read little-endian values, as `struct` describes them.

        Raises:
            EOFError: The file ends before.
        """
        return struct.unpack(f"<{layout}", self.take(struct.calcsize(f"<{layout}")))

    def skip(self, count: int) -> None:
        """Pass over so many bytes, without reading them.

        Raises:
            EOFError: The file ends before.
        """
        if count > self.size - self.position:
            raise EOFError
        self._at += count

    def skip_texts(self, count: int) -> None:
        """Pass over so many texts, each behind its length in eight bytes: a tokenizer's are many.

        Raises:
            EOFError: The file ends before.
        """
        unpack, width = _LENGTH.unpack_from, _LENGTH.size
        data, at = self._data, self._at
        for _ in range(count):
            if at + width > len(data):
                self._at = at
                self._need(width)
                data, at = self._data, self._at
            at += width + unpack(data, at)[0]
        self._at = at
        if self.position > self.size:
            raise EOFError

    def _need(self, count: int) -> None:
        if self._at + count <= len(self._data):
            return
        start = self.position
        if count > self.size - start:
            raise EOFError
        self._data = self._read(start, min(self.size, start + max(count, _AHEAD)))
        self._start, self._at = start, 0
        if len(self._data) < count:
            raise EOFError
