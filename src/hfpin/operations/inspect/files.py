"""The files of a folder, as an inspection is given them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from hfpin.dataclass import dataclass
from hfpin.tensors import MalformedError, Read
from hfpin.tensors.bounded import load_list, load_object

_LONGEST_CONFIG = 16 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """Files below a folder.

    Args:
        root: The folder.
        sizes: Each file that is there, with forward slashes, and its bytes.
    """

    root: Path
    sizes: Mapping[str, int]

    @contextmanager
    def reading(self, path: str) -> Iterator[Read]:
        """Open a file for reading ranges.

        Raises:
            MalformedError: It cannot be read.
        """
        try:
            with (self.root / path).open("rb") as opened:
                yield lambda start, end: _range(opened, start, end)
        except OSError as error:
            raise MalformedError(path, "a file that can be read", str(error.strerror)) from None

    def whole(self, path: str, longest: int) -> bytes:
        """Read a small file.

        Raises:
            MalformedError: It cannot be read, or is too long for what it should be.
        """
        if self.sizes[path] > longest:
            raise MalformedError(path, "a small file", f"it has {self.sizes[path]} bytes")
        with self.reading(path) as read:
            return read(0, longest)

    def config(self, path: str) -> dict[str, Any] | None:
        """Read a JSON object; None where the file is not there.

        Raises:
            MalformedError: It is there, and none.
        """
        if path not in self.sizes:
            return None
        try:
            return load_object(self.whole(path, _LONGEST_CONFIG))
        except ValueError as error:
            raise MalformedError(path, "a config", f"it {error}") from None

    def listed(self, path: str) -> list[Any]:
        """Read a JSON list that is there.

        Raises:
            MalformedError: It is none.
        """
        try:
            return load_list(self.whole(path, _LONGEST_CONFIG))
        except ValueError as error:
            raise MalformedError(path, "a config", f"it {error}") from None


def files_of(folder: Path, names: Iterable[str]) -> Files:
    """Look up the sizes of files; what is not there, or no file, is left out."""
    sizes = {}
    for name in names:
        path = folder / name
        try:
            if path.is_file():
                sizes[name] = path.stat().st_size
        except OSError:
            continue
    return Files(root=folder, sizes=dict(sorted(sizes.items())))


def _range(opened: BinaryIO, start: int, end: int) -> bytes:
    opened.seek(start)
    return opened.read(end - start)
