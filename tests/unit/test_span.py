"""Positions: bytes, characters and lines of one text agree with each other."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hfpin.span import Position, SourceText, Span

TEXTS = st.text(alphabet="ab \t\r\n\x0b\x85\u2028\ufeffé界😀", max_size=40)
DATA = st.builds(lambda bom, text: bom + text.encode(), st.sampled_from((b"", codecs.BOM_UTF8)), TEXTS)


def naive_positions(text: str) -> list[Position]:
    """Walk a text one character at a time: the position of each, and of the end."""
    line = column = 1
    positions = []
    for index, character in enumerate(text):
        positions.append(Position(line, column))
        if character == "\n" or (character == "\r" and text[index + 1 : index + 2] != "\n"):
            line, column = line + 1, 1
        else:
            column += 1
    return [*positions, Position(line, column)]


def byte_offsets(data: bytes) -> tuple[str, list[int]]:
    """Decode a text without its mark, and tell where each character and the end stand in its bytes."""
    text = data.decode("utf-8-sig")
    mark = len(data) - len(text.encode())
    return text, [mark + len(text[:index].encode()) for index in range(len(text) + 1)]


@given(DATA)
def test_positions_agree_with_counting_by_hand(data: bytes) -> None:
    """Every character, and the end, has the byte offset, line and column that counting gives."""
    source = SourceText(data)
    text, offsets = byte_offsets(data)
    assert source.text == text
    assert [source.byte_offset(index) for index in range(len(text) + 1)] == offsets
    assert [source.position(offset) for offset in offsets] == naive_positions(text)


@given(DATA)
def test_lines_agree_with_counting_by_hand(data: bytes) -> None:
    """A line is what stands between two line endings, whichever of its bytes one asks by."""
    source = SourceText(data)
    text, offsets = byte_offsets(data)
    lines: dict[int, str] = {}
    for character, position in zip([*text, ""], naive_positions(text), strict=True):
        lines[position.line] = lines.get(position.line, "") + character
    for offset, position in zip(offsets, naive_positions(text), strict=True):
        line = lines[position.line].rstrip("\r\n")
        assert source.slice(source.line_span(offset)) == line
        assert source.line(position.line) == line
    assert source.line(0) == source.line(len(lines) + 1) == ""


@pytest.mark.parametrize(
    ("data", "newline"),
    [
        (b"", "\n"),
        (b"a", "\n"),
        (b"a\nb\r\n", "\n"),
        (b"a\r\nb\n", "\r\n"),
        (b"\xef\xbb\xbfa\r\n", "\r\n"),
        (b"a\rb\r", "\n"),
    ],
)
def test_the_first_line_tells_the_line_ending(data: bytes, newline: str) -> None:
    """A new line ends as the first one does; a file without one, or an old Mac's, gets a line feed."""
    assert SourceText(data).newline == newline


def test_the_end_of_a_file_without_a_final_newline_is_on_its_last_line() -> None:
    """What ends where the file ends is on the line that it is on, not on one that is not there."""
    source = SourceText(b"a: 1\nb: 2")
    assert source.position(9) == Position(2, 5)
    assert source.line_span(9) == Span(5, 9)
    assert (source.line(2), source.line(3)) == ("b: 2", "")


def test_bytes_that_are_not_utf8_are_refused() -> None:
    """A text in another encoding is not guessed at."""
    with pytest.raises(UnicodeDecodeError):
        SourceText("é".encode("latin-1"))
