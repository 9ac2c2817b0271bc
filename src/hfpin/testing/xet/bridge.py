"""The bridge: large files as plain bytes, whether they came over git LFS or over Xet."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from hfpin.testing.storage.lfs import LargeObjects
    from hfpin.testing.xet.shard import XetFile
    from hfpin.testing.xet.xet_store import XetStore


class Bridge:
    """Finds a large file by its sha256, and rebuilds it from its xorbs for clients that do not speak Xet.

    Args:
        objects: What came over git LFS; what is rebuilt is kept there.
        xet: What came over Xet.
    """

    def __init__(self, objects: LargeObjects, xet: XetStore) -> None:
        self._objects = objects
        self._xet = xet

    def size(self, oid: str) -> int | None:
        """Return a large file's bytes, None if neither side has it."""
        if self._objects.has(oid):
            return self._objects.path(oid).stat().st_size
        file = self._xet.by_sha256(oid)
        return file.size if file else None

    def path(self, oid: str) -> Path | None:
        """Return a file with the object's bytes, rebuilt if need be; None if neither side has it.

        Raises:
            HubRefusal: The xorbs do not make the file that the shard says (status 400).
        """
        file = self._xet.by_sha256(oid)
        if not self._objects.has(oid):
            if file is None:
                return None
            self._rebuild(file, oid)
        return self._objects.path(oid)

    def _rebuild(self, file: XetFile, oid: str) -> None:
        with self._objects.incoming() as incoming:
            for term in file.terms:
                for chunk in self._xet.xorb(term.xorb).chunks(term.first_chunk, term.end_chunk):
                    incoming.write(chunk)
            incoming.keep(expected_oid=oid)
