"""The two digests the Hub gives, computed as bytes stream past."""

from __future__ import annotations

from typing import BinaryIO, Literal, get_args

from hfpin.dataclass import dataclass
from hfpin.regex import lazily

Algorithm = Literal["sha256", "git-sha1"]
ALGORITHMS: tuple[Algorithm, ...] = get_args(Algorithm)

_HEX_DIGITS = {"sha256": 64, "git-sha1": 40}
_HEX = lazily(r"[0-9a-f]+")
_CHUNK = 1 << 18  # of the size of a core's own cache, or less
_PAGE = 4096


@dataclass(frozen=True, slots=True, order=True)
class Digest:
    """One digest of one file.

    The Hub gives sha256 for files in LFS or Xet and the git blob's sha1 for the rest. Either is also
    the name of the file's blob in the Hub cache.

    Args:
        algorithm: `sha256` or `git-sha1`.
        hex: 64 or 40 lowercase hex digits.

    Raises:
        ValueError: The two do not belong together.
    """

    algorithm: Algorithm
    hex: str

    def __post_init__(self) -> None:
        digits = _HEX_DIGITS.get(self.algorithm)
        if digits is None:
            raise ValueError(f"{self.algorithm!r} is not one of {', '.join(ALGORITHMS)}")
        if len(self.hex) != digits or not _HEX.fullmatch(self.hex):
            raise ValueError(f"{self.hex!r} is not {digits} lowercase hex digits")

    def __str__(self) -> str:
        return f"{self.algorithm}:{self.hex}"


class Hasher:
    r"""Computes one kind of digest from the chunks of a file.

    A git blob's sha1 is taken over the header `blob <size>\0` and the content
    (https://git-scm.com/book/en/v2/Git-Internals-Git-Objects), so the size is needed first.

    Args:
        algorithm: `sha256` or `git-sha1`.
        size: The file's size in bytes.
    """

    def __init__(self, algorithm: Algorithm, size: int) -> None:
        import hashlib  # here: it loads OpenSSL

        self._algorithm = algorithm
        if algorithm == "sha256":
            self._state = hashlib.sha256()
        else:
            self._state = hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)

    def update(self, chunk: bytes | memoryview) -> None:
        """Take the next chunk."""
        self._state.update(chunk)

    def take(self, file: BinaryIO, size: int) -> None:
        """Take all of an open file from where it stands, a quarter of a MiB at a time.

        Args:
            file: A file opened for reading bytes.
            size: How many bytes that will be, about.
        """
        # not a whole chunk for a small file: a thousand of them would spend their time on clearing memory
        buffer = aligned(min(_CHUNK, size + 1))
        while count := file.readinto(buffer):  # type: ignore[attr-defined]  # BinaryIO does not declare it; every binary file has it
            self.update(buffer[:count])

    def digest(self) -> Digest:
        """Return the digest of all that was taken so far."""
        return Digest(self._algorithm, self._state.hexdigest())


def digest_of(file: BinaryIO, algorithm: Algorithm, size: int) -> Digest:
    """Digest an open file from where it stands to its end.

    Args:
        file: A file opened for reading bytes.
        algorithm: `sha256` or `git-sha1`.
        size: How many bytes the file holds.
    """
    hasher = Hasher(algorithm, size)
    hasher.take(file, size)
    return hasher.digest()


def aligned(size: int) -> memoryview:
    """Make a buffer to read into that begins with a page of memory, if it is larger than one.

    `bytearray` begins 16 bytes after one where it is large. Processors exist on which the system then copies
    a file into it at a quarter of the speed (seen: AMD's with `fsrm`).

    Args:
        size: Its bytes.
    """
    if size <= _PAGE:
        return memoryview(bytearray(size))
    import mmap  # here: most files that are hashed are small

    return memoryview(mmap.mmap(-1, size))
