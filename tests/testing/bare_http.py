"""A bare HTTP client: it follows no redirect, and keeps what came of an answer that was cut."""

from __future__ import annotations

import http.client
import json
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What came: status 0 if nothing did, headers by lower-case name, and as much of the body as arrived."""

    status: int = 0
    headers: Mapping[str, str]
    body: bytes = b""
    timed_out: bool = False

    @property
    def is_complete(self) -> bool:
        """Tell whether the body is as long as it was said to be."""
        return self.status != 0 and len(self.body) == int(self.headers.get("content-length", "0"))

    def json(self) -> Any:
        """Return the body's JSON."""
        return json.loads(self.body)


def fetch(
    url: str,
    method: str = "GET",
    *,
    token: str | None = None,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    timeout: float = 10.0,
) -> Answer:
    """Make one request, on a connection of its own."""
    parts = urlsplit(url)
    assert parts.hostname is not None
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    authorization = {"Authorization": f"Bearer {token}"} if token else {}
    with closing(http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout)) as connection:
        try:
            connection.request(method, target, body=body, headers={**authorization, **(headers or {})})
            response = connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionResetError):
            return Answer(headers={})
        except TimeoutError:
            return Answer(headers={}, timed_out=True)
        with response:
            came, timed_out = _read(response)
        names = {name.lower(): value for name, value in response.getheaders()}
        return Answer(status=response.status, headers=names, body=came, timed_out=timed_out)


def send_json(url: str, document: object, method: str = "POST", *, token: str | None = None) -> Answer:
    """Make one request with a JSON body."""
    headers = {"Content-Type": "application/json"}
    return fetch(url, method, token=token, headers=headers, body=json.dumps(document).encode())


def _read(response: http.client.HTTPResponse) -> tuple[bytes, bool]:
    came = b""
    try:
        while block := response.read1(65536):
            came += block
    except ConnectionResetError:
        pass
    except TimeoutError:
        return came, True
    return came, False
