"""What was uploaded by Xet: shards and xorbs, and the files that they describe."""

from __future__ import annotations

import hashlib
import re
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from hfpin.testing.refusal import HubRefusal, bad_request
from hfpin.testing.xet.shard import XetFile, parse_shard
from hfpin.testing.xet.xorb import Xorb

if TYPE_CHECKING:
    from collections.abc import Iterator

_XET_HASH = re.compile(r"[0-9a-f]{64}")


class XetStore:
    """Shards and xorbs below a folder, which is made when it is missing and read when it is not.

    Args:
        root: The folder.
    """

    def __init__(self, root: Path) -> None:
        self._shards = root / "shards"
        self._xorbs = root / "xorbs"
        self._files: dict[str, XetFile] = {}
        self._by_sha256: dict[str, XetFile] = {}
        self._opened: dict[str, Xorb] = {}
        for folder in (self._shards, self._xorbs):
            folder.mkdir(parents=True, exist_ok=True)
        for shard in sorted(self._shards.iterdir()):
            self._know(shard.read_bytes())

    def add_shard(self, content: bytes) -> None:
        """Keep a shard.

        Raises:
            HubRefusal: It cannot be read, or names a xorb that is not here (status 400).
        """
        for file in parse_shard(content):
            for term in file.terms:
                if not self.has_xorb(term.xorb):
                    raise bad_request(f"The shard names xorb {term.xorb}, which was not uploaded.")
        (self._shards / hashlib.sha256(content).hexdigest()).write_bytes(content)
        self._know(content)

    @contextmanager
    def incoming_xorb(self, xorb_hash: str) -> Iterator[IO[bytes]]:
        """Open a xorb to write to; it is kept if the block ends well.

        Raises:
            HubRefusal: The hash is not 64 lowercase hex digits (status 400).
        """
        target = self._xorb_path(xorb_hash)
        with tempfile.TemporaryDirectory(dir=self._xorbs) as folder:
            beside = Path(folder) / xorb_hash
            with beside.open("wb") as stream:
                yield stream
            beside.replace(target)
        self._opened.pop(xorb_hash, None)

    def has_xorb(self, xorb_hash: str) -> bool:
        """Tell whether a xorb is here."""
        return self._xorb_path(xorb_hash).is_file()

    def xorb(self, xorb_hash: str) -> Xorb:
        """Return a xorb with its chunks' places.

        Raises:
            HubRefusal: It is not here (status 404).
        """
        if xorb_hash not in self._opened:
            if not self.has_xorb(xorb_hash):
                raise _not_found(f"Xorb not found: {xorb_hash}")
            self._opened[xorb_hash] = Xorb.open(self._xorb_path(xorb_hash))
        return self._opened[xorb_hash]

    def file(self, xet_hash: str) -> XetFile:
        """Return the file of a Xet hash.

        Raises:
            HubRefusal: No shard describes it (status 404).
        """
        if xet_hash not in self._files:
            raise _not_found(f"Xet file not found: {xet_hash!r}")
        return self._files[xet_hash]

    def by_sha256(self, oid: str) -> XetFile | None:
        """Return the file of that sha256, None if it was not uploaded by Xet."""
        return self._by_sha256.get(oid)

    def _xorb_path(self, xorb_hash: str) -> Path:
        if not _XET_HASH.fullmatch(xorb_hash):
            raise bad_request(f"Xorb hash {xorb_hash!r} is not 64 lowercase hex digits.")
        return self._xorbs / xorb_hash

    def _know(self, content: bytes) -> None:
        for file in parse_shard(content):
            self._files[file.xet_hash] = file
            if file.sha256:
                self._by_sha256[file.sha256] = file


def _not_found(message: str) -> HubRefusal:
    return HubRefusal(message, status=404, code="NotFound")
