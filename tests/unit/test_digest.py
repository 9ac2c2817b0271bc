"""Digests: hfpin's are those of git and of sha256sum."""

from __future__ import annotations

import ctypes
import io
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hfpin.digest import Algorithm, Digest, Hasher, aligned, digest_of

MEBIBYTE = 1 << 20
TOOLS: dict[Algorithm, tuple[str, ...]] = {
    "sha256": ("sha256sum", "--"),
    "git-sha1": ("git", "hash-object", "--no-filters", "--"),
}


@pytest.mark.parametrize(
    "content",
    [b"", b"a", b"line\r\n", b"\0" * 65, b"x" * MEBIBYTE, b"ab" * MEBIBYTE + b"c"],
    ids=["empty", "one byte", "CRLF", "zeros", "one chunk", "chunks and a rest"],
)
@pytest.mark.parametrize("algorithm", ["sha256", "git-sha1"])
def test_a_digest_is_what_the_standard_tool_prints(
    tmp_path: Path, algorithm: Algorithm, content: bytes
) -> None:
    """sha256 is that of sha256sum, git-sha1 that of git hash-object."""
    path = tmp_path / "file"
    path.write_bytes(content)
    printed = subprocess.run([*TOOLS[algorithm], path], check=True, capture_output=True, text=True).stdout
    with path.open("rb") as file:
        assert digest_of(file, algorithm, len(content)) == Digest(algorithm, printed.split()[0])


@given(st.lists(st.binary(max_size=9), max_size=9), st.sampled_from(("sha256", "git-sha1")))
def test_how_a_file_is_cut_into_chunks_does_not_matter(chunks: list[bytes], algorithm: Algorithm) -> None:
    """A digest is of the bytes, not of the chunks that they arrive in."""
    content = b"".join(chunks)
    hasher = Hasher(algorithm, len(content))
    for chunk in chunks:
        hasher.update(chunk)
    assert hasher.digest() == digest_of(io.BytesIO(content), algorithm, len(content))


def test_a_file_is_read_from_where_it_stands() -> None:
    """What was read before is not part of the digest."""
    file = io.BytesIO(b"head" + b"tail")
    file.seek(4)
    assert digest_of(file, "sha256", 4) == digest_of(io.BytesIO(b"tail"), "sha256", 4)


def test_a_digest_says_its_algorithm() -> None:
    """As text a digest is its algorithm and its hex digits."""
    assert str(Digest("git-sha1", "0" * 40)) == f"git-sha1:{'0' * 40}"


@pytest.mark.parametrize(
    ("algorithm", "digits", "message"),
    [
        ("md5", "0" * 32, "'md5' is not one of sha256, git-sha1"),
        ("sha256", "0" * 40, f"'{'0' * 40}' is not 64 lowercase hex digits"),
        ("git-sha1", "A" * 40, f"'{'A' * 40}' is not 40 lowercase hex digits"),
        ("git-sha1", "0" * 39 + "\n", f"'{'0' * 39}\\n' is not 40 lowercase hex digits"),
        ("git-sha1", "", "'' is not 40 lowercase hex digits"),
    ],
)
def test_a_digest_that_is_none_is_refused(algorithm: Algorithm, digits: str, message: str) -> None:
    """Algorithm and digits must belong together."""
    with pytest.raises(ValueError, match=r"^'") as caught:
        Digest(algorithm, digits)
    assert str(caught.value) == message


@pytest.mark.parametrize("size", [1, 4096, 4097, MEBIBYTE])
def test_large_buffers_begin_with_a_page(size: int) -> None:
    """A buffer has its size, and one of more than a page begins with one: reads into others can be slow."""
    buffer = aligned(size)
    assert len(buffer) == size
    at = ctypes.addressof(ctypes.c_char.from_buffer(buffer))
    assert size <= 4096 or at % 4096 == 0
