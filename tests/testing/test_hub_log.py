"""The request log: complete, exact, and without a secret."""

from __future__ import annotations

import dataclasses
import socket
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hfpin.testing import Fault, LocalHub, RequestRecord
from tests.testing.bare_http import fetch, send_json

if TYPE_CHECKING:
    from collections.abc import Callable

LARGE = bytes(3 * 1024 * 1024)


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until the hub has noticed what only it can notice."""
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def without_time(records: tuple[RequestRecord, ...]) -> list[RequestRecord]:
    """Return the records as if no time had passed."""
    assert all(0 <= record.seconds < 60 for record in records)
    return [dataclasses.replace(record, seconds=0) for record in records]


def record(method: str, path: str, status: int, bytes_sent: int, **others: object) -> RequestRecord:
    """Return the record of an anonymous request to the hub origin."""
    defaults = {"origin": "hub", "range": None, "authorized": False, "seconds": 0}
    values = {"method": method, "path": path, "status": status, "bytes_sent": bytes_sent}
    return RequestRecord(**defaults | values | others)  # type: ignore[arg-type]


def test_every_kind_of_answer(hub: LocalHub) -> None:
    """Whatever the answer, its record is there, and exact, once the client has it."""
    hub.create_repo("org/tiny")
    hub.commit("org/tiny", {"a b.txt": b"0123456789", "large.bin": LARGE})
    cdn = fetch(f"{hub.endpoint}/org/tiny/resolve/main/large.bin").headers["location"]
    hub.clear_requests()
    page = "/org/tiny/resolve/main"
    fetch(f"{hub.endpoint}{page}/a%20b.txt?download=true", token=hub.reader_token)
    fetch(f"{hub.endpoint}{page}/a%20b.txt", headers={"Range": "bytes=-4"})
    fetch(f"{hub.endpoint}{page}/a%20b.txt", "HEAD")
    missing = fetch(f"{hub.endpoint}{page}/none", token="hf_secret_token")
    fetch(f"{hub.endpoint}{page}/large.bin")
    fetch(cdn)
    fetch(cdn, headers={"Range": "bytes=5-"})
    path = urlsplit(cdn).path
    assert without_time(hub.requests) == [
        record("GET", f"{page}/a%20b.txt?download=true", 200, 10, authorized=True),
        record("GET", f"{page}/a%20b.txt", 206, 4, range="bytes=-4"),
        record("HEAD", f"{page}/a%20b.txt", 200, 0),
        record("GET", f"{page}/none", 401, len(missing.body), authorized=True),
        record("GET", f"{page}/large.bin", 302, 0),
        record("GET", path, 200, len(LARGE), origin="cdn"),
        record("GET", path, 206, len(LARGE) - 5, origin="cdn", range="bytes=5-"),
    ]
    assert "hf_secret_token" not in repr(hub.requests)
    hub.clear_requests()
    assert hub.requests == ()


def test_broken_answers(hub: LocalHub) -> None:
    """A dropped, stalled or injected answer is recorded with what was really sent."""
    hub.create_repo("org/tiny")
    hub.commit("org/tiny", {"a.txt": b"0123456789"})
    hub.inject(Fault(kind="drop", match="a.txt", after=3))
    hub.inject(Fault(kind="stall", match="a.txt", after=4))
    hub.inject(Fault(kind="status", match="a.txt", status=429))
    hub.inject(Fault(kind="drop", match="a.txt", method="HEAD"))
    url = f"{hub.endpoint}/org/tiny/resolve/main/a.txt"
    fetch(url)
    fetch(url, timeout=0.3)
    error = fetch(url)
    fetch(url, "HEAD")
    assert [(entry.method, entry.status, entry.bytes_sent) for entry in hub.requests] == [
        ("GET", 200, 3),
        ("GET", 200, 4),
        ("GET", 429, len(error.body)),
        ("HEAD", 0, 0),
    ]


def test_a_client_that_leaves(hub: LocalHub) -> None:
    """An upload that ends in the middle is recorded with status 0 and leaves nothing behind."""
    target = urlsplit(hub.cdn_endpoint)
    with socket.create_connection((str(target.hostname), int(target.port or 0))) as connection:
        head = f"PUT /lfs/{'0' * 64} HTTP/1.1\r\nHost: {target.netloc}\r\nContent-Length: 1000\r\n\r\n"
        connection.sendall(head.encode() + b"x" * 10)
    wait_for(lambda: len(hub.requests) == 1)
    assert (hub.requests[0].method, hub.requests[0].status) == ("PUT", 0)
    wait_for(lambda: not list((hub.root / "lfs" / "incoming").iterdir()))


def test_a_download_that_is_given_up(hub: LocalHub) -> None:
    """A large download that the client gives up is recorded with less than its size."""
    hub.create_repo("org/tiny")
    size = 64 * 1024 * 1024
    hub.commit("org/tiny", {"large.bin": bytes(size)})
    cdn = urlsplit(fetch(f"{hub.endpoint}/org/tiny/resolve/main/large.bin").headers["location"])
    with socket.create_connection((str(cdn.hostname), int(cdn.port or 0))) as connection:
        connection.sendall(f"GET {cdn.path} HTTP/1.1\r\nHost: {cdn.netloc}\r\n\r\n".encode())
        assert connection.recv(16).startswith(b"HTTP/1.1 200")
    wait_for(lambda: hub.requests[-1].origin == "cdn")
    assert hub.requests[-1].status == 200
    assert hub.requests[-1].bytes_sent < size


def test_over_http(hub: LocalHub) -> None:
    """A hub in another process gives its log over HTTP, and keeps no record of that."""
    fetch(f"{hub.endpoint}/api/agent-harnesses")
    control = f"{hub.endpoint}/_test/requests"
    answer = fetch(control).json()
    assert [entry["path"] for entry in answer] == ["/api/agent-harnesses"]
    assert answer[0].keys() == {field.name for field in dataclasses.fields(RequestRecord)}
    assert fetch(control, "DELETE").json() == []
    assert send_json(f"{hub.endpoint}/api/validate-yaml", {}).status == 200
    assert [entry.path for entry in hub.requests] == ["/api/validate-yaml"]
