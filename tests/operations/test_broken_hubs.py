"""A far side that answers, though not as a Hub does: a mirror with a bug, a proxy, a login page."""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TypeAlias

import pytest
from huggingface_hub import close_session

from hfpin.digest import Digest
from hfpin.errors import ConfigError, HubError, NetworkError
from hfpin.hub import HuggingFaceHub
from hfpin.lock import LockedFile
from hfpin.operations.download import Brought, Downloader
from hfpin.operations.progress import Silent
from hfpin.repo import Repo
from tests.support import since

Answer: TypeAlias = Callable[[BaseHTTPRequestHandler], None]

TINY = Repo("acme/tiny")
COMMIT = "0" * 40
OID = "a" * 40


@pytest.fixture
def broken() -> Iterator[Callable[[Answer], HuggingFaceHub]]:
    """Start a server that gives one answer to every GET, and give our client of it."""
    with contextlib.ExitStack() as stack:

        def start(answer: Answer) -> HuggingFaceHub:
            class Handler(BaseHTTPRequestHandler):
                def do_GET(self) -> None:  # what http.server calls
                    with contextlib.suppress(OSError):
                        answer(self)

                def log_message(self, *_: object) -> None:
                    """Say nothing."""

            server = stack.enter_context(ThreadingHTTPServer(("127.0.0.1", 0), Handler))
            server.daemon_threads = True
            threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
            stack.callback(server.shutdown)
            stack.callback(close_session)
            return HuggingFaceHub(endpoint=f"http://127.0.0.1:{server.server_port}", token=False)

        yield start


def body(content: bytes) -> Answer:
    """Answer with these bytes."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        request.wfile.write(content)

    return answer


def circle(request: BaseHTTPRequestHandler) -> None:
    """Send whoever asks to where they are."""
    request.send_response(302)
    request.send_header("Location", request.path)
    request.send_header("Content-Length", "0")
    request.end_headers()


def offering_xet(route: str, size: str) -> Answer:
    """Answer with a file's bytes, and say that it is in Xet too."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("X-Xet-Hash", "ab" * 32)
        request.send_header("X-Linked-Size", size)
        request.send_header("Link", f'<{route}>; rel="xet-auth"')
        request.send_header("Content-Length", "3")
        request.end_headers()
        request.wfile.write(b"all")

    return answer


def endless(request: BaseHTTPRequestHandler) -> None:
    """Send bytes for as long as somebody takes them."""
    request.send_response(200)
    request.end_headers()
    while True:
        request.wfile.write(b"x" * 65536)


def entry(**fields: object) -> dict[str, object]:
    """What a Hub lists of a file, apart from some fields."""
    return {"type": "file", "path": "a", "size": 3, "oid": OID} | fields


@pytest.mark.parametrize(
    "content",
    [
        b"<html>Log in</html>",
        b'[{"type": "fi',
        b"\xff\xfe{",
        b"null",
        b'"x"',
        b"[1]",
        b'[{"type": "file"}]',
        json.dumps([entry(path=7)]).encode(),
        json.dumps([entry(oid="zz")]).encode(),
        json.dumps([entry(oid=None)]).encode(),
        json.dumps([entry(size="3")]).encode(),
        json.dumps([entry(size=-3)]).encode(),
    ],
)
def test_listing_of_another_kind(broken: Callable[[Answer], HuggingFaceHub], content: bytes) -> None:
    """A listing that is not one is no traceback, and nothing of it reaches a lock."""
    hub = broken(body(content))
    with pytest.raises(NetworkError) as caught:
        hub.files(TINY, COMMIT)
    assert caught.value.message == f"{hub.endpoint} did not answer as a Hub does"


@pytest.mark.parametrize(
    ("paths", "blamed"),
    [(["a", "a"], "a"), (["a", "a/b"], "a"), (["b/c/d", "b/c"], "b/c"), (["../a"], "../a")],
)
def test_listing_that_no_folder_can_hold(
    broken: Callable[[Answer], HuggingFaceHub], paths: list[str], blamed: str
) -> None:
    """What a lock would be refused for, when it is read, is not written into one."""
    hub = broken(body(json.dumps([entry(path=path) for path in paths]).encode()))
    with pytest.raises(HubError) as caught:
        hub.files(TINY, COMMIT)
    assert caught.value.message == f"acme/tiny: the Hub lists a file that no folder can hold: {blamed!r}"


def test_redirects_in_a_circle(broken: Callable[[Answer], HuggingFaceHub]) -> None:
    """A file that redirects to itself is given up, and not asked for again."""
    hub = broken(circle)
    with pytest.raises(HubError) as caught, hub.open(TINY, COMMIT, "a.bin"):
        pass
    assert caught.value.message == f"a.bin of acme/tiny: {hub.endpoint} redirects without end"
    assert not isinstance(caught.value, NetworkError)


@pytest.mark.parametrize("size", ["abc", "-1", "9" * 5000])
def test_a_size_that_is_none(broken: Callable[[Answer], HuggingFaceHub], size: str) -> None:
    """A file whose size in the header is nonsense comes over plain HTTP."""
    hub = broken(offering_xet("http://127.0.0.1:9/token", size))
    with hub.open(TINY, COMMIT, "a") as stream:
        assert b"".join(stream.chunks) == b"all"


@pytest.mark.parametrize("route", ["http://[::1", "file:///etc/passwd", "\N{SUPERSCRIPT TWO}"])
def test_xet_that_cannot_be_asked(broken: Callable[[Answer], HuggingFaceHub], route: str) -> None:
    """So does one whose Xet token is where nobody can ask."""
    with broken(offering_xet(route, str(1 << 30))).open(TINY, COMMIT, "a") as stream:
        assert b"".join(stream.chunks) == b"all"


def test_redirect_to_no_address(broken: Callable[[Answer], HuggingFaceHub]) -> None:
    """A redirect to a host whose name no system can ask about is told, and no traceback."""

    def away(request: BaseHTTPRequestHandler) -> None:
        request.send_response(302)
        request.send_header("Location", f"http://{'a' * 300}.example/")
        request.send_header("Content-Length", "0")
        request.end_headers()

    hub = broken(away)
    with pytest.raises(NetworkError) as caught, hub.open(TINY, COMMIT, "a"):
        pass
    assert caught.value.message == f"{hub.endpoint} redirects to what is no address"


def test_body_without_end(broken: Callable[[Answer], HuggingFaceHub], tmp_path: Path) -> None:
    """No more of a file is taken than it has; what came is judged by its digest."""
    hub = broken(endless)
    digest = Digest("sha256", hashlib.sha256(b"x" * 100_000).hexdigest())
    file = LockedFile(path="a.bin", size=100_000, digest=digest)

    def opener(*, start: int, end: int | None, plain: bool):  # type: ignore[no-untyped-def]  # noqa: ANN202  # as `open` has it
        return hub.open(TINY, COMMIT, file.path, start=start, end=end, plain=plain)

    brought = Downloader(progress=Silent()).bring(opener, file, tmp_path / "beside", tmp_path / "a.bin")
    assert brought == Brought(fetched=100_000, kept=0)
    assert (tmp_path / "a.bin").read_bytes() == b"x" * 100_000


@pytest.mark.parametrize("endpoint", ["not a url", "http://[bad", "ftp://hub", "http://"])
def test_endpoint_that_is_none(endpoint: str) -> None:
    """An address that cannot be one is said to be none, without showing it: it may hold a password."""
    with pytest.raises(ConfigError) as caught:
        HuggingFaceHub(endpoint=endpoint, token=False).check_access(TINY)
    assert caught.value.message == "HF_ENDPOINT is not the address of a Hub"


@since("2.0", "it asks again for a list of files")
def read(hub: HuggingFaceHub) -> None:
    """Ask for a file."""
    with hub.open(TINY, COMMIT, "a"):
        pass


@pytest.mark.parametrize(
    ("ask", "path"),
    [
        (lambda hub: hub.files(TINY, COMMIT), f"api/models/acme/tiny/tree/{COMMIT}"),
        (lambda hub: hub.check_access(TINY), "api/models/acme/tiny/auth-check"),
        (read, f"acme/tiny/resolve/{COMMIT}/a"),
    ],
)
def test_password_stays_out_of_logs(
    broken: Callable[[Answer], HuggingFaceHub],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    ask: Callable[[HuggingFaceHub], object],
    path: str,
) -> None:
    """Where huggingface_hub logs that it asks, or asks again, the address has lost its user and password."""
    caplog.set_level(logging.DEBUG, "huggingface_hub")
    monkeypatch.setattr("time.sleep", lambda _: None)
    monkeypatch.setattr(logging.getLogger("huggingface_hub"), "propagate", True)
    hub = broken(lambda request: request.send_error(500))
    assert hub.endpoint is not None
    with pytest.raises(NetworkError) as caught:
        ask(HuggingFaceHub(endpoint=hub.endpoint.replace("//", "//me:hunter2@"), token=False))
    assert f"GET {hub.endpoint}/{path}" in caplog.text
    assert "hunter2" not in caplog.text + str(caught.value)
