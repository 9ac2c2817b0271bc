"""An answer as a value: handlers describe it, `hfpin.testing.delivery` sends it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from hfpin.testing.refusal import HubRefusal
from hfpin.testing.storage.lfs import BLOCK

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Body:
    """A part of some bytes or of a file: from `start` up to, and without, `stop`."""

    source: bytes | Path
    start: int
    stop: int

    @classmethod
    def whole(cls, source: bytes | Path) -> Body:
        """Return all of the bytes, or all of the file."""
        size = len(source) if isinstance(source, bytes) else source.stat().st_size
        return cls(source=source, start=0, stop=size)

    def __len__(self) -> int:
        return self.stop - self.start

    def part(self, start: int, stop: int) -> Body:
        """Return the part between two positions in the source."""
        return replace(self, start=start, stop=stop)

    def blocks(self, *, flip_at: int | None = None) -> Iterator[bytes]:
        """Yield the part's bytes, at most `BLOCK` at a time.

        Args:
            flip_at: Position in the source of a byte whose lowest bit is flipped.
        """
        position = self.start
        for block in self._plain_blocks():
            if flip_at is not None and position <= flip_at < position + len(block):
                at = flip_at - position
                yield block[:at] + bytes([block[at] ^ 1]) + block[at + 1 :]
            else:
                yield block
            position += len(block)

    def _plain_blocks(self) -> Iterator[bytes]:
        if isinstance(self.source, bytes):
            if len(self):
                yield self.source[self.start : self.stop]
            return
        with self.source.open("rb") as stream:
            stream.seek(self.start)
            left = len(self)
            while left and (block := stream.read(min(BLOCK, left))):
                left -= len(block)
                yield block


_EMPTY = Body(source=b"", start=0, stop=0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """An answer: HTTP status, headers, body.

    Args:
        status: HTTP status.
        headers: Response headers.
        body: What is sent, unless the request is a HEAD.
        cut_by_range: Whether a ``Range`` header cuts the body, and a matching ``If-None-Match`` drops it.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Body = _EMPTY
    cut_by_range: bool = False


def json_reply(document: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    """Return `document` as JSON."""
    body = Body.whole(json.dumps(document).encode())
    return Reply(status=status, headers={"Content-Type": "application/json", **(headers or {})}, body=body)


def file_reply(source: bytes | Path, headers: Mapping[str, str]) -> Reply:
    """Return a file's content, of which a client may ask for a range."""
    standard = {"Content-Type": "application/octet-stream", "Accept-Ranges": "bytes"}
    return Reply(headers={**standard, **headers}, body=Body.whole(source), cut_by_range=True)


def refusal_reply(refusal: HubRefusal, **extra: Any) -> Reply:
    """Return what the Hub sends when it refuses; `extra` goes into the JSON object."""
    in_a_header = refusal.message.encode("ascii", "backslashreplace").decode().replace("\n", " ")
    headers = {"X-Error-Code": refusal.code, "X-Error-Message": in_a_header, **refusal.headers}
    return json_reply({"error": refusal.message, **extra}, status=refusal.status, headers=headers)


def cut(reply: Reply, request_headers: Mapping[str, str]) -> Reply:
    """Apply ``If-None-Match``, ``Range`` and ``If-Range`` (RFC 9110) to a reply that allows it.

    Several ranges in one header, and what is no byte range, are ignored: the whole body is sent, as the RFC
    allows.

    Raises:
        HubRefusal: The range begins behind the end (status 416, with the size in ``Content-Range``).
    """
    etag = reply.headers.get("ETag")
    if not reply.cut_by_range:
        return reply
    if etag is not None and request_headers.get("If-None-Match") == etag:
        return Reply(status=304, headers={"ETag": etag})
    wanted = _RANGE.fullmatch(request_headers.get("Range", ""))
    if wanted is None or not (wanted[1] or wanted[2]) or request_headers.get("If-Range", etag) != etag:
        return reply
    size = len(reply.body)
    if wanted[1]:
        start, stop = int(wanted[1]), min(int(wanted[2] or size), size - 1) + 1
    else:
        start, stop = max(0, size - int(wanted[2])), size
    if start >= size or start >= stop:
        raise HubRefusal(
            f"Range {wanted[0]} lies outside of {size} bytes: ask for bytes below the size.",
            status=416,
            code="RangeNotSatisfiable",
            headers={"Content-Range": f"bytes */{size}"},
        )
    headers = {**reply.headers, "Content-Range": f"bytes {start}-{stop - 1}/{size}"}
    return replace(reply, status=206, headers=headers, body=reply.body.part(start, stop))
