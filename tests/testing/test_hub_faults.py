"""Faults: each kind, for each kind of body, from Python and over HTTP."""

from __future__ import annotations

import threading
import time

import pytest

from hfpin.testing import Fault, LocalHub
from tests.testing.bare_http import fetch, send_json

SMALL = b"0123456789"
LARGE = bytes(range(256)) * 12288  # 3 MiB: more than one block


@pytest.fixture(params=["small", "large", "json"])
def body(request: pytest.FixtureRequest, hub: LocalHub) -> tuple[str, bytes]:
    """Return the address of a body, and its bytes."""
    hub.create_repo("org/tiny")
    hub.commit("org/tiny", {"small.txt": SMALL, "large.bin": LARGE})
    page = f"{hub.endpoint}/org/tiny/resolve/main"
    url = {
        "small": f"{page}/small.txt",
        "large": fetch(f"{page}/large.bin").headers["location"],
        "json": f"{hub.endpoint}/api/models/org/tiny/refs",
    }[request.param]
    return url, fetch(url).body


@pytest.mark.parametrize("after", [0, 1, 9])
def test_drop(hub: LocalHub, body: tuple[str, bytes], after: int) -> None:
    """A drop ends the connection after so many bytes of the body; the head was whole."""
    url, content = body
    hub.inject(Fault(kind="drop", after=after))
    answer = fetch(url)
    assert (answer.status, answer.body) == (200, content[:after])
    assert answer.headers["content-length"] == str(len(content))
    assert fetch(url).body == content


def test_drop_of_a_range(hub: LocalHub, body: tuple[str, bytes]) -> None:
    """A drop counts the bytes of the answer: a client that resumes is dropped later in the file."""
    url, content = body
    hub.inject(Fault(kind="drop", after=2))
    answer = fetch(url, headers={"Range": "bytes=5-"})
    start = 5 if answer.status == 206 else 0  # JSON has no ranges
    assert answer.body == content[start : start + 2]


def test_drop_without_a_body(hub: LocalHub) -> None:
    """An answer that has no body is dropped before its status line."""
    hub.inject(Fault(kind="drop", method="HEAD"))
    assert fetch(f"{hub.endpoint}/api/agent-harnesses", "HEAD").status == 0


def test_flip(hub: LocalHub, body: tuple[str, bytes]) -> None:
    """A flip changes one byte and nothing else."""
    url, content = body
    honest = fetch(url)
    hub.inject(Fault(kind="flip", offset=7))
    answer = fetch(url)
    assert answer.body == content[:7] + bytes([content[7] ^ 1]) + content[8:]
    same = {"content-length", "etag", "content-type"}
    assert {name: answer.headers.get(name) for name in same} == {
        name: honest.headers.get(name) for name in same
    }


def test_flip_in_a_later_block(hub: LocalHub) -> None:
    """A flip finds its byte far into a file, and where a range holds it."""
    hub.create_repo("org/tiny")
    hub.commit("org/tiny", {"large.bin": LARGE})
    url = fetch(f"{hub.endpoint}/org/tiny/resolve/main/large.bin").headers["location"]
    offset = 2_500_000
    hub.inject(Fault(kind="flip", offset=offset, count=3))
    whole = fetch(url).body
    assert [at for at in range(offset - 5, offset + 5) if whole[at] != LARGE[at]] == [offset]
    inside = fetch(url, headers={"Range": f"bytes={offset}-{offset}"}).body
    assert inside == bytes([LARGE[offset] ^ 1])
    assert fetch(url, headers={"Range": f"bytes={offset + 1}-"}).body == LARGE[offset + 1 :]
    assert hub.faults == ()


def test_status(hub: LocalHub, body: tuple[str, bytes]) -> None:
    """A status is answered with its headers, as often as it counts."""
    url, content = body
    hub.inject(Fault(kind="status", status=429, headers={"Retry-After": "1"}, count=2))
    for _ in range(2):
        answer = fetch(url)
        assert (answer.status, answer.headers["retry-after"]) == (429, "1")
        assert answer.headers["x-error-code"] == "InjectedFault"
        assert answer.json()["error"] == "Injected fault: status 429"
    assert fetch(url).body == content


def test_status_does_nothing_else(hub: LocalHub) -> None:
    """A request that meets a status is not carried out."""
    hub.inject(Fault(kind="status", method="POST", status=503))
    created = send_json(f"{hub.endpoint}/api/repos/create", {"name": "tiny"}, token=hub.writer_token)
    assert created.status == 503
    assert fetch(f"{hub.endpoint}/api/models/tester/tiny").status == 401


def test_delay(hub: LocalHub, body: tuple[str, bytes]) -> None:
    """A delay answers late, and right."""
    url, content = body
    hub.inject(Fault(kind="delay", seconds=0.2))
    started = time.perf_counter()
    assert fetch(url).body == content
    assert time.perf_counter() - started >= 0.2
    assert hub.requests[-1].seconds >= 0.2


def test_stall(hub: LocalHub, body: tuple[str, bytes]) -> None:
    """A stall sends so many bytes and then nothing, while others are served."""
    url, content = body
    hub.inject(Fault(kind="stall", after=5))
    answer = fetch(url, timeout=0.3)
    assert (answer.status, answer.body, answer.timed_out) == (200, content[:5], True)
    assert fetch(url).body == content


@pytest.mark.parametrize("kind", ["stall", "delay"])
def test_closing_does_not_wait(kind: str) -> None:
    """A hub closes at once although a connection stalls or waits."""
    with LocalHub() as hub:
        hub.inject(Fault(kind=kind, seconds=60))  # type: ignore[arg-type]
        client = threading.Thread(target=fetch, args=(f"{hub.endpoint}/api/agent-harnesses",))
        client.start()
        while hub.faults:
            time.sleep(0.01)
        started = time.perf_counter()
    assert time.perf_counter() - started < 2  # 0.06 on an idle machine
    client.join(timeout=5)
    assert not client.is_alive()


def test_which_requests(hub: LocalHub) -> None:
    """A fault hits what its method, origin and pattern say, and no other; the oldest comes first."""
    url = f"{hub.endpoint}/api/agent-harnesses?a=b%2Fc"
    missed = [
        Fault(kind="status", method="POST"),
        Fault(kind="status", origin="cdn"),
        Fault(kind="status", match="^/api/agent$"),
    ]
    hits = [
        Fault(kind="status", status=501, match=r"^/api/agent-harnesses\?a=b%2Fc$"),
        Fault(kind="status", status=502, method="GET", origin="hub"),
    ]
    for fault in (*missed, *hits):
        hub.inject(fault)
    assert [fetch(url).status for _ in range(3)] == [501, 502, 200]
    assert hub.faults == tuple(missed)
    hub.clear_faults()
    assert hub.faults == ()


def test_body_faults_leave_head_alone(hub: LocalHub) -> None:
    """A fault of the body waits for a request that has one."""
    url = f"{hub.endpoint}/api/agent-harnesses"
    hub.inject(Fault(kind="drop", after=1))
    assert fetch(url, "HEAD").status == 200
    assert len(fetch(url).body) == 1


def test_without_end(hub: LocalHub) -> None:
    """A fault without a count lasts until it is cleared."""
    hub.inject(Fault(kind="status", count=None))
    url = f"{hub.endpoint}/api/agent-harnesses"
    assert {fetch(url).status for _ in range(5)} == {503}
    hub.clear_faults()
    assert fetch(url).status == 200


def test_over_http(hub: LocalHub) -> None:
    """A hub in another process is driven over HTTP, by an object of the same fields."""
    control = f"{hub.endpoint}/_test/fault"
    fault = Fault(kind="status", match="whoami", status=500, headers={"Retry-After": "2"})
    answer = send_json(
        control, {"kind": "status", "match": "whoami", "status": 500, "headers": {"Retry-After": "2"}}
    )
    assert answer.json() == [fault.to_json()]
    assert hub.faults == (fault,)
    assert fetch(control).json() == [fault.to_json()]
    assert fetch(control, "DELETE").json() == []
    assert not hub.faults


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({}, "missing"),
        ({"kind": "explode"}, "Fault(kind='explode'): use one of drop, flip, status, delay, stall."),
        ({"kind": "drop", "bytes": 1}, "A fault is a JSON object of these fields:"),
        ({"kind": "drop", "after": "x"}, "wrong type"),
        ([], "not a JSON object"),
    ],
)
def test_bad_faults_over_http(hub: LocalHub, document: object, message: str) -> None:
    """A fault that makes no sense is refused with 400."""
    answer = send_json(f"{hub.endpoint}/_test/fault", document)
    assert answer.status == 400
    assert message in answer.json()["error"]
    assert hub.faults == ()


@pytest.mark.parametrize(
    "field",
    [
        {"match": "("},
        {"origin": "moon"},
        {"count": 0},
        {"after": -1},
        {"offset": -1},
        {"status": 99},
        {"seconds": -0.1},
    ],
)
def test_bad_faults(field: dict[str, object]) -> None:
    """A value out of range is a ValueError that names its field."""
    with pytest.raises(ValueError, match=rf"^Fault\({next(iter(field))}="):
        Fault(kind="drop", **field)  # type: ignore[arg-type]
