"""The guard on names and connections, in a process that goes on afterwards."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from hfpin.pytest_plugin.options import allowed_hosts
from hfpin.watch.access import Access
from hfpin.watch.hook import listen
from hfpin.watch.network import Attempt, Guard, NoConnectionError, NoLookUpError

Start = Callable[..., list[Attempt]]
ELSEWHERE = "192.0.2.1"  # TEST-NET-1, RFC 5737: nobody's


@pytest.fixture
def guard() -> Iterator[Start]:
    """Start a guard for the length of a test; give what it refuses."""
    with ExitStack() as stack:

        def start(*allowed: str, outlets: Iterable[str] = ()) -> list[Attempt]:
            refused: list[Attempt] = []

            def explain(attempt: Attempt) -> str:
                refused.append(attempt)
                return "refused"

            stack.callback(listen(Guard(explain, allowed=allowed, outlets=outlets).listeners()))
            return refused

        yield start


@pytest.fixture
def here() -> Iterator[int]:
    """The port of something that listens on loopback."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_refuses(guard: Start) -> None:
    """A name is not looked up, an address not connected to and nothing sent there; both fail as OSErrors."""
    refused = guard()
    with pytest.raises(NoLookUpError, match=r"^refused$") as look_up:
        socket.getaddrinfo(b"hf.example", 443)
    assert isinstance(look_up.value, socket.gaierror)
    with pytest.raises(NoLookUpError):
        socket.gethostbyname("hf.example")
    with pytest.raises(NoLookUpError):
        socket.gethostbyaddr(ELSEWHERE)
    with pytest.raises(NoLookUpError):
        socket.getnameinfo((ELSEWHERE, 53), 0)
    with socket.socket() as stream, pytest.raises(NoConnectionError, match=r"^refused$"):
        stream.connect((ELSEWHERE, 443))
    with socket.socket(type=socket.SOCK_DGRAM) as datagram, pytest.raises(OSError, match="refused"):
        datagram.sendto(b"", (ELSEWHERE, 53))
    assert refused == [
        Attempt("hf.example", 443, None),
        Attempt("hf.example", None, None),
        Attempt(ELSEWHERE, None, None),
        Attempt(ELSEWHERE, 53, None),
        Attempt(ELSEWHERE, 443, None),
        Attempt(ELSEWHERE, 53, None),
    ]


def test_this_machine(guard: Start, here: int, tmp_path: Path) -> None:
    """Loopback by name or address, the machine's own name, addresses that need no look-up: all pass."""
    refused = guard()
    for host in ("127.0.0.1", "localhost", "0.0.0.0"):
        socket.create_connection((host, here)).close()
    socket.getaddrinfo(ELSEWHERE, 443)
    socket.getaddrinfo(None, 443)
    socket.getnameinfo(("127.0.0.1", here), 0)
    with suppress(socket.gaierror):  # whether the machine knows its own name is its own affair
        socket.gethostbyname(socket.gethostname())
    if hasattr(socket, "AF_UNIX"):
        path = str(tmp_path / "s")
        with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as stream:
            server.bind(path)
            server.listen()
            stream.connect(path)
    assert refused == []


@pytest.mark.parametrize("allowed", ["192.0.2.0/24", ELSEWHERE])
def test_allowed_addresses(guard: Start, allowed: str) -> None:
    """What is allowed by address or network gets as far as the system lets it."""
    refused = guard(allowed)
    with socket.socket(type=socket.SOCK_DGRAM) as datagram:
        datagram.connect_ex((ELSEWHERE, 9))
    with socket.socket() as stream, pytest.raises(NoConnectionError):
        stream.connect(("198.51.100.1", 9))
    assert [attempt.host for attempt in refused] == ["198.51.100.1"]


def test_allowed_names(guard: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is allowed by name is looked up, and its addresses may be connected to; no others."""
    real = socket.getaddrinfo

    def answer(host: str, *args: object, **kwargs: object) -> object:
        return [(2, 1, 6, "", (ELSEWHERE, 0))] if host.endswith("hf.example") else real(host, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    refused = guard("hf.example", "*.cdn.hf.example")
    with socket.socket(type=socket.SOCK_DGRAM) as datagram:
        datagram.connect_ex((ELSEWHERE, 9))
        with pytest.raises(NoConnectionError):
            datagram.connect_ex(("198.51.100.1", 9))
    with pytest.raises(NoLookUpError):
        real("hf.example.org", 443)
    assert [attempt.host for attempt in refused] == ["198.51.100.1", "hf.example.org"]


@pytest.mark.parametrize("entry", ["http://hf.example", "hf.example:443", "[::1]", "10.0.0.0/99"])
def test_no_host(pytestconfig: pytest.Config, entry: str) -> None:
    """What could match no host is refused, and not taken for a name that never occurs."""
    said = "hf.example,*.hf.example, 10.0.0.1/8 ::1"
    hosts = ["hf.example", "*.hf.example", "10.0.0.1/8", "::1"]
    assert allowed_hosts(pytestconfig, {"HFPIN_ALLOW_HOSTS": said}) == hosts
    with pytest.raises(pytest.UsageError, match=f"^hfpin: '{re.escape(entry)}' is no host to allow"):
        allowed_hosts(pytestconfig, {"HFPIN_ALLOW_HOSTS": f"{said},{entry}"})


@pytest.mark.parametrize("outlet", ["http://localhost:{}", "socks5h://me:x@127.0.0.1:{}/", "[::1]:{}"])
@pytest.mark.parametrize("allowed", [(), ("localhost",), ("127.0.0.1",)])
def test_outlets_on_loopback(guard: Start, here: int, allowed: tuple[str, ...], outlet: str) -> None:
    """A mirror of the Hub, or a proxy, is refused on this machine too, and let pass where that is said."""
    refused = guard(*allowed, outlets=["", "http://hf.example", outlet.format(here)])
    if allowed:
        socket.create_connection(("127.0.0.1", here)).close()
    else:
        with pytest.raises(NoConnectionError):
            socket.create_connection(("127.0.0.1", here))
    assert {attempt.port for attempt in refused} == (set() if allowed else {here})


def test_what_was_asked_for(guard: Start) -> None:
    """The address on the stack says which repo, revision and file were asked for."""
    refused = guard()

    def get(url: str) -> None:
        assert url
        socket.getaddrinfo("hf.example", 443)

    with pytest.raises(NoLookUpError):
        get("https://hf.example/datasets/acme/tiny/resolve/refs%2Fpr%2F1/sub/a.txt?download=true")
    asked = Access("request", "dataset", "acme/tiny", "refs/pr/1", "sub/a.txt")
    assert refused == [Attempt("hf.example", 443, asked)]


def test_inert_afterwards(here: int) -> None:
    """Guards come and go, in any order and for all threads; without one nothing is refused."""

    def refuse(_: Attempt) -> str:
        return "refused"

    ends = [listen(Guard(refuse).listeners()) for _ in range(3)]
    failed: list[BaseException] = []

    def connect() -> None:
        with socket.socket() as stream:
            try:
                stream.connect((ELSEWHERE, 9))
            except OSError as error:
                failed.append(error)

    thread = threading.Thread(target=connect)
    thread.start()
    thread.join()
    assert [type(error) for error in failed] == [NoConnectionError]
    for end in (ends[1], ends[0], ends[2]):
        end()
    with socket.socket(type=socket.SOCK_DGRAM) as datagram:
        datagram.connect_ex((ELSEWHERE, 9))
    socket.create_connection(("127.0.0.1", here)).close()
