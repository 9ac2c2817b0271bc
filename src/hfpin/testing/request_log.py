"""What was asked and what was answered: a record a request, complete before the client has its answer."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Literal

Origin = Literal["hub", "cdn"]


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestRecord:
    """One request and its answer. It never holds a token.

    Args:
        origin: ``"hub"`` for the API and small files, ``"cdn"`` for large files and Xet.
        method: HTTP method.
        path: The request's path with its query, quoted as it was sent.
        range: The ``Range`` header, None without one.
        authorized: Whether an ``Authorization`` header came with the request; it may have been refused.
        status: HTTP status of the answer; 0 when the connection ended before a status was sent.
        bytes_sent: Bytes of the answer's body that were handed to the connection.
        seconds: From the request's head to the answer's last byte, or to where the answer was cut.
    """

    origin: Origin
    method: str
    path: str
    range: str | None
    authorized: bool
    status: int
    bytes_sent: int
    seconds: float


class RequestLog:
    """The records in the order in which they were completed; written by the server, read by any thread."""

    def __init__(self) -> None:
        self._records: list[RequestRecord] = []
        self._lock = threading.Lock()

    def append(self, record: RequestRecord) -> None:
        """Add a record."""
        with self._lock:
            self._records.append(record)

    def records(self) -> tuple[RequestRecord, ...]:
        """Return what was recorded so far."""
        with self._lock:
            return tuple(self._records)

    def clear(self) -> None:
        """Forget all records."""
        with self._lock:
            self._records.clear()
