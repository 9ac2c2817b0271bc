"""Faults: what a hub does wrong on purpose."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    from hfpin.testing.request_log import Origin

Kind = Literal["drop", "flip", "status", "delay", "stall"]

KINDS: tuple[str, ...] = get_args(Kind)
BODY_KINDS = frozenset({"drop", "flip", "stall"})
"""Kinds that act on a body. Without a `method` they leave HEAD requests, which have none, alone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One thing that goes wrong, for the next `count` requests that match.

    Args:
        kind: What happens.

            * ``"drop"``: the connection is closed once `after` bytes of the body were sent. An answer without
              a body is closed before its status line.
            * ``"flip"``: the byte at `offset` is sent with its lowest bit flipped; length and headers stay.
            * ``"status"``: `status` is answered with `headers`, and nothing is done.
            * ``"delay"``: the request is handled after `seconds`.
            * ``"stall"``: after `after` bytes of the body nothing more is sent, until the client gives up or
              the hub closes.
        match: Regular expression, searched in the request's path with its query, quoted as in
            `RequestRecord.path`.
        method: HTTP method, None for any.
        origin: ``"hub"`` or ``"cdn"``, None for both.
        count: How many requests it hits; None until it is cleared.
        after: Bytes of this answer's body, counted from where a ``Range`` begins.
        offset: Position of the byte in the whole file, wherever a ``Range`` begins; an answer that does not
            reach it is left as it is.
        status: HTTP status, 200 to 599.
        headers: Further headers of the answer, for example ``{"Retry-After": "1"}``.
        seconds: How long to wait.

    Raises:
        ValueError: A value is out of range; the message names the field.
    """

    kind: Kind
    match: str = ""
    method: str | None = None
    origin: Origin | None = None
    count: int | None = 1
    after: int = 0
    offset: int = 0
    status: int = 503
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    def __post_init__(self) -> None:
        problems = {
            "kind": None if self.kind in KINDS else f"use one of {', '.join(KINDS)}",
            "match": _regex_problem(self.match),
            "origin": None if self.origin in {None, "hub", "cdn"} else "use 'hub', 'cdn' or None",
            "count": "use a positive number, or None" if self.count is not None and self.count < 1 else None,
            "after": "use a number of bytes from 0" if self.after < 0 else None,
            "offset": "use a number of bytes from 0" if self.offset < 0 else None,
            "status": None if 200 <= self.status <= 599 else "use an HTTP status from 200 to 599",  # noqa: PLR2004 - as said
            "seconds": "use a number of seconds from 0" if self.seconds < 0 else None,
        }
        for name, problem in problems.items():
            if problem:
                raise ValueError(f"Fault({name}={getattr(self, name)!r}): {problem}.")

    @classmethod
    def from_json(cls, document: object) -> Fault:
        """Read a fault as ``POST /_test/fault`` takes it: an object of this class's fields.

        Raises:
            ValueError: It is no object, has an unknown field, or a value of the wrong type or range.
        """
        known = {item.name for item in fields(cls)}
        if not isinstance(document, Mapping) or not set(document) <= known:
            raise ValueError(f"A fault is a JSON object of these fields: {', '.join(sorted(known))}.")
        try:
            return cls(**document)
        except TypeError as error:
            raise ValueError(f"A field of the fault is missing or has the wrong type: {error}.") from error

    def to_json(self) -> dict[str, Any]:
        """Return the object that `from_json` reads."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        return values | {"headers": dict(self.headers)}

    def hits(self, *, origin: Origin, method: str, path: str) -> bool:
        """Tell whether the fault is meant for this request."""
        right_method = self.method in {None, method} and (
            self.method is not None or method != "HEAD" or self.kind not in BODY_KINDS
        )
        return right_method and self.origin in {None, origin} and re.search(self.match, path) is not None


def _regex_problem(pattern: str) -> str | None:
    try:
        re.compile(pattern)
    except re.error as error:
        return f"use a regular expression ({error})"
    return None


class FaultList:
    """The faults that still wait for requests, oldest first; changed by any thread."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Fault, int | None]] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        """Put a fault in wait."""
        with self._lock:
            self._waiting.append((fault, fault.count))

    def clear(self) -> None:
        """Forget all faults."""
        with self._lock:
            self._waiting.clear()

    def waiting(self) -> tuple[Fault, ...]:
        """Return the faults that have hits left, as they were given."""
        with self._lock:
            return tuple(fault for fault, _left in self._waiting)

    def take(self, *, origin: Origin, method: str, path: str) -> Fault | None:
        """Return the oldest fault that hits this request, one hit spent; None if there is none."""
        with self._lock:
            for index, (fault, left) in enumerate(self._waiting):
                if fault.hits(origin=origin, method=method, path=path):
                    self._spend(index, fault, left)
                    return fault
        return None

    def _spend(self, index: int, fault: Fault, left: int | None) -> None:
        if left == 1:
            del self._waiting[index]
        elif left is not None:
            self._waiting[index] = (fault, left - 1)
