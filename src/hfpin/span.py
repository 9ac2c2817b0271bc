"""Positions in a file, in bytes, and how a person counts them."""

from __future__ import annotations

import bisect
import codecs
from functools import cached_property

from hfpin.dataclass import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Bytes `start` to `end` (exclusive) of a file. Empty where something could be inserted."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """Line and column as editors show them: both from 1, the column in characters."""

    line: int
    column: int


class SourceText:
    """A text file as its bytes are: decodes it, and translates between characters, bytes and lines.

    Args:
        data: The file's content, UTF-8 with or without a byte order mark.

    Raises:
        UnicodeDecodeError: The bytes are not UTF-8.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._bom = len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0
        self.text = data[self._bom :].decode("utf-8")
        self._is_ascii = len(self.text) == len(data) - self._bom
        # Where the last translation ended: most go forward, and a line may be as long as the file.
        self._last = (0, self._bom)
        self._last_column = (-1, 0)

    @cached_property
    def _line_bytes(self) -> list[int]:
        """The byte offset at which each line starts; a line begins only after a line ending."""
        starts = [self._bom]
        offset = self._bom
        for line in self.data[self._bom :].splitlines(keepends=True):
            offset += len(line)
            if line.endswith((b"\n", b"\r")):
                starts.append(offset)
        return starts

    @cached_property
    def _line_characters(self) -> list[int]:
        """The character offset, in `text`, at which each line starts."""
        if self._is_ascii:
            return [start - self._bom for start in self._line_bytes]
        starts = [0]
        for start, end in zip(self._line_bytes, self._line_bytes[1:], strict=False):
            starts.append(starts[-1] + len(self.data[start:end].decode("utf-8")))
        return starts

    def byte_offset(self, character: int) -> int:
        """Translate an offset in `text` to an offset in `data`."""
        if self._is_ascii:
            return character + self._bom
        line = bisect.bisect_right(self._line_characters, character) - 1
        start, offset = self._line_characters[line], self._line_bytes[line]
        if start < self._last[0] <= character:
            start, offset = self._last
        offset += len(self.text[start:character].encode("utf-8"))
        self._last = (character, offset)
        return offset

    def position(self, offset: int) -> Position:
        """Tell the line and column of a byte offset."""
        line = bisect.bisect_right(self._line_bytes, offset) - 1
        start = self._line_bytes[line]
        if self._is_ascii:
            return Position(line + 1, offset - start + 1)
        at, before = self._last_column
        if not start <= at <= offset:
            at, before = start, 0
        before += len(self.data[at:offset].decode("utf-8"))
        self._last_column = (offset, before)
        return Position(line + 1, before + 1)

    def line_span(self, offset: int) -> Span:
        """Span of the line that holds a byte offset, without its line ending."""
        line = bisect.bisect_right(self._line_bytes, offset) - 1
        start = self._line_bytes[line]
        end = self._line_bytes[line + 1] if line + 1 < len(self._line_bytes) else len(self.data)
        while end > start and self.data[end - 1] in b"\r\n":  # no slice: a line may be as long as the file
            end -= 1
        return Span(start, end)

    def line(self, number: int) -> str:
        """Text of a line counted from 1, without its line ending; empty past the end."""
        if not 1 <= number <= len(self._line_bytes):
            return ""
        span = self.line_span(self._line_bytes[number - 1])
        return self.data[span.start : span.end].decode("utf-8")

    def slice(self, span: Span) -> str:
        """Text of a span."""
        return self.data[span.start : span.end].decode("utf-8")

    @cached_property
    def newline(self) -> str:
        """The line ending this file uses: that of its first line, or a line feed."""
        first = self.data[: self._line_bytes[1]] if len(self._line_bytes) > 1 else b""
        return "\r\n" if first.endswith(b"\r\n") else "\n"
