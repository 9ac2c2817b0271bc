"""Git LFS: pointers, the patterns that make a file large, and the large objects by sha256.

The pointer's form is that of the git-lfs specification (docs/spec.md): three lines, ``version``, ``oid``,
``size``.
"""

from __future__ import annotations

import fnmatch
import hashlib
import os
import re
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from hfpin.testing.refusal import bad_request

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGE_FROM = 10 * 1024 * 1024
"""Bytes above which the Hub stores any file by LFS."""

BLOCK = 1024 * 1024
"""Bytes that are read or written at a time."""

# What the Hub writes to .gitattributes of a new model.
# fmt: off
_LFS_PATTERNS = (
    "*.7z", "*.arrow", "*.bin", "*.bz2", "*.ckpt", "*.ftz", "*.gz", "*.h5", "*.joblib", "*.lfs.*",
    "*.mlmodel", "*.model", "*.msgpack", "*.npy", "*.npz", "*.onnx", "*.ot", "*.parquet", "*.pb",
    "*.pickle", "*.pkl", "*.pt", "*.pth", "*.rar", "*.safetensors", "saved_model/**/*", "*.tar.*",
    "*.tar", "*.tflite", "*.tgz", "*.wasm", "*.xz", "*.zip", "*.zst", "*tfevents*",
)
# fmt: on

GITATTRIBUTES = "".join(
    f"{pattern} filter=lfs diff=lfs merge=lfs -text\n" for pattern in _LFS_PATTERNS
).encode()
"""Content of ``.gitattributes`` in a new repo."""

_POINTER = re.compile(
    rb"version https://git-lfs\.github\.com/spec/v1\noid sha256:([0-9a-f]{64})\nsize (\d+)\n"
)
_SHA256 = re.compile(r"[0-9a-f]{64}")
_POINTER_SIZE_LIMIT = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class LfsPointer:
    """What git holds in place of a large file: the sha256 as 64 hex digits, and the size in bytes."""

    oid: str
    size: int

    def dumps(self) -> bytes:
        """Return the pointer file's content."""
        return (
            f"version https://git-lfs.github.com/spec/v1\noid sha256:{self.oid}\nsize {self.size}\n".encode()
        )

    @classmethod
    def loads(cls, content: bytes) -> LfsPointer | None:
        """Return the pointer that `content` is, or None if it is an ordinary file."""
        match = _POINTER.fullmatch(content) if len(content) < _POINTER_SIZE_LIMIT else None
        return cls(oid=match[1].decode(), size=int(match[2])) if match else None


def lfs_patterns(gitattributes: bytes) -> tuple[str, ...]:
    """Return the patterns that ``.gitattributes`` sends through the lfs filter."""
    lines = (line.split() for line in gitattributes.decode(errors="replace").splitlines())
    return tuple(words[0] for words in lines if "filter=lfs" in words[1:])


def is_large(path: str, size: int, patterns: tuple[str, ...]) -> bool:
    """Tell whether the Hub would store this file by LFS: by its size in bytes, or by a pattern.

    A pattern without a slash is matched with the file's name, any other with the whole path.
    """
    name = path.rpartition("/")[2]
    return size > LARGE_FROM or any(
        fnmatch.fnmatchcase(path if "/" in pattern else name, pattern) for pattern in patterns
    )


class LargeObjects:
    """Large files by sha256, each written beside its place, verified, then moved there.

    Args:
        root: Folder of the objects; made when it is missing.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._incoming = root / "incoming"
        self._incoming.mkdir(parents=True, exist_ok=True)

    def path(self, oid: str) -> Path:
        """Return where the object is, or would be.

        Raises:
            HubRefusal: `oid` is not 64 lowercase hex digits (status 400).
        """
        if not _SHA256.fullmatch(oid):
            raise bad_request(f"Object id {oid!r} is not a sha256: send 64 lowercase hex digits.")
        return self._root / oid[:2] / oid

    def has(self, oid: str) -> bool:
        """Tell whether the object is here."""
        return self.path(oid).is_file()

    @contextmanager
    def incoming(self) -> Iterator[IncomingObject]:
        """Open an object to write to. What was not kept by the end is thrown away."""
        handle, name = tempfile.mkstemp(dir=self._incoming)
        try:
            with os.fdopen(handle, "wb") as stream:
                yield IncomingObject(self, Path(name), stream)
        finally:
            with suppress(FileNotFoundError):
                Path(name).unlink()

    def add_file(self, source: Path) -> LfsPointer:
        """Copy a file in, hashing as it is read: a later edit of `source` must not reach the store."""
        with source.open("rb") as stream, self.incoming() as incoming:
            while block := stream.read(BLOCK):
                incoming.write(block)
            return incoming.keep()

    def add_bytes(self, content: bytes) -> LfsPointer:
        """Store `content`."""
        with self.incoming() as incoming:
            incoming.write(content)
            return incoming.keep()


class IncomingObject:
    """An object on its way in. Made by `LargeObjects.incoming`."""

    def __init__(self, objects: LargeObjects, path: Path, stream: IO[bytes]) -> None:
        self._objects = objects
        self._path = path
        self._stream = stream
        self._digest = hashlib.sha256()
        self._size = 0

    def write(self, block: bytes) -> None:
        """Append a block."""
        self._digest.update(block)
        self._stream.write(block)
        self._size += len(block)

    def keep(self, expected_oid: str | None = None) -> LfsPointer:
        """Move what was written to its place and return its pointer.

        Raises:
            HubRefusal: The content's sha256 is not `expected_oid` (status 400).
        """
        oid = self._digest.hexdigest()
        if expected_oid not in {None, oid}:
            raise bad_request(
                f"Content has sha256 {oid}, not {expected_oid}: send the bytes that were announced."
            )
        self._stream.close()  # Windows moves no open file
        target = self._objects.path(oid)
        target.parent.mkdir(exist_ok=True)
        self._path.replace(target)
        return LfsPointer(oid=oid, size=self._size)
