"""What the embedded Hub sends, byte by byte and header by header."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING

import pytest

from tests.testing.bare_http import Answer, fetch, send_json

if TYPE_CHECKING:
    from hfpin.testing import LocalHub

SMALL = b"0123456789"
LARGE = bytes(range(256)) * 8192  # 2 MiB: more than one block
RANGES = {
    "bytes=2-4": (2, 5),
    "bytes=7-": (7, None),
    "bytes=-3": (-3, None),
    "bytes=0-999999999": (0, None),
    "bytes=-999999999": (0, None),
}


@pytest.fixture
def urls(hub: LocalHub) -> dict[str, str]:
    """Return the address of a small and of a large file."""
    hub.create_repo("org/tiny")
    hub.commit("org/tiny", {"small.txt": SMALL, "large.bin": LARGE, "empty.txt": b""})
    large = fetch(f"{hub.endpoint}/org/tiny/resolve/main/large.bin").headers["location"]
    return {"small": f"{hub.endpoint}/org/tiny/resolve/main/small.txt", "large": large}


def error(answer: Answer) -> tuple[int, str | None]:
    """Return an answer's status and error code; its body has to hold the message as well."""
    assert answer.json()["error"]
    assert answer.headers["x-error-message"]
    return answer.status, answer.headers.get("x-error-code")


def test_length_of_an_empty_file(hub: LocalHub, urls: dict[str, str]) -> None:
    """A HEAD of a file without a byte says so: older clients refuse a file of no known length."""
    del urls
    answer = fetch(f"{hub.endpoint}/org/tiny/resolve/main/empty.txt", "HEAD")
    assert (answer.status, answer.headers["content-length"]) == (200, "0")


@pytest.mark.parametrize("name", ["small", "large"])
@pytest.mark.parametrize("header", RANGES)
def test_ranges(urls: dict[str, str], name: str, header: str) -> None:
    """A single range is answered with 206 and exactly its bytes."""
    content = SMALL if name == "small" else LARGE
    start, stop = RANGES[header]
    wanted = content[start:stop]
    answer = fetch(urls[name], headers={"Range": header})
    first = start % len(content) if len(wanted) < len(content) else 0
    assert (answer.status, answer.body) == (206, wanted)
    assert answer.headers["content-range"] == f"bytes {first}-{first + len(wanted) - 1}/{len(content)}"
    assert answer.headers["content-length"] == str(len(wanted))


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=99-100", "bytes=-0"])
def test_ranges_that_nothing_satisfies(urls: dict[str, str], header: str) -> None:
    """A range behind the end is answered with 416 and the size."""
    answer = fetch(urls["small"], headers={"Range": header})
    assert error(answer) == (416, "RangeNotSatisfiable")
    assert answer.headers["content-range"] == "bytes */10"


@pytest.mark.parametrize("header", ["bytes=0-1,4-5", "lines=0-1", "bytes=-", "bytes=5-2x"])
def test_ranges_that_are_ignored(urls: dict[str, str], header: str) -> None:
    """Several ranges, or none that can be read, are answered with the whole file."""
    answer = fetch(urls["small"], headers={"Range": header})
    assert (answer.status, answer.body) == (200, SMALL)


def test_conditions(urls: dict[str, str]) -> None:
    """A known ETag is answered with 304; a range with another ETag is answered with the whole file."""
    etag = fetch(urls["small"]).headers["etag"]
    assert etag == '"' + hashlib.sha1(b"blob 10\0" + SMALL).hexdigest() + '"'
    known = fetch(urls["small"], headers={"If-None-Match": etag})
    assert (known.status, known.body) == (304, b"")
    range_if = {"Range": "bytes=0-1", "If-Range": etag}
    assert fetch(urls["small"], headers=range_if).body == b"01"
    assert fetch(urls["small"], headers=range_if | {"If-Range": '"other"'}).body == SMALL


def test_head(hub: LocalHub, urls: dict[str, str]) -> None:
    """HEAD has the headers of GET, and no body."""
    for url, size in ((urls["small"], 10), (urls["large"], len(LARGE))):
        answer = fetch(url, "HEAD")
        assert (answer.status, answer.headers["content-length"], answer.body) == (200, str(size), b"")
    large = fetch(f"{hub.endpoint}/org/tiny/resolve/main/large.bin", "HEAD")
    assert large.status == 302
    assert large.headers["x-repo-commit"] == hub.commit_hash("org/tiny")
    assert large.headers["x-linked-etag"] == f'"{hashlib.sha256(LARGE).hexdigest()}"'
    assert large.headers["x-linked-size"] == str(len(LARGE))
    assert large.headers["location"].startswith(hub.cdn_endpoint)
    assert "x-xet-hash" not in large.headers


def test_empty_file(hub: LocalHub, urls: dict[str, str]) -> None:
    """An empty file is an answer like any other."""
    answer = fetch(urls["small"].replace("small", "empty"))
    assert (answer.status, answer.body, answer.headers["content-length"]) == (200, b"", "0")
    assert hub.requests[-1].bytes_sent == 0


def test_error_codes(hub: LocalHub, urls: dict[str, str]) -> None:
    """Each refusal has the status and code that clients tell it by."""
    assert urls
    hub.create_repo("org/gated", gated="auto")
    hub.commit("org/gated", {"a.txt": b"a"})
    api, site, reader = f"{hub.endpoint}/api", hub.endpoint, hub.reader_token
    assert error(fetch(f"{api}/models/org/none")) == (401, "RepoNotFound")
    assert error(fetch(f"{api}/models/org/none", token=reader)) == (404, "RepoNotFound")
    assert error(fetch(f"{api}/models/org/tiny/revision/none")) == (404, "RevisionNotFound")
    assert error(fetch(f"{api}/models/org/tiny/tree/main/none")) == (404, "EntryNotFound")
    missing = fetch(f"{site}/org/tiny/resolve/main/none")
    assert error(missing) == (404, "EntryNotFound")
    assert missing.headers["x-repo-commit"] == hub.commit_hash("org/tiny")
    assert error(fetch(f"{site}/org/gated/resolve/main/a.txt")) == (401, "GatedRepo")
    assert error(fetch(f"{site}/org/gated/resolve/main/a.txt", token=reader)) == (403, "GatedRepo")
    assert error(fetch(f"{api}/models/org/gated/auth-check", token=reader)) == (403, "GatedRepo")
    assert fetch(f"{api}/models/org/gated").status == 200
    bad = fetch(f"{api}/whoami-v2", token="hf_bad")
    assert error(bad) == (401, "InvalidCredentials")
    assert bad.headers["x-error-message"] == "Invalid credentials in Authorization header"
    assert error(fetch(f"{api}/whoami-v2")) == (401, "Unauthorized")
    assert error(send_json(f"{api}/repos/create", {"name": "x"}, token=reader)) == (403, "Forbidden")
    assert error(fetch(f"{api}/nothing/here")) == (404, "NotFound")
    assert error(fetch(f"{hub.cdn_endpoint}/lfs/{'0' * 64}")) == (404, "NotFound")
    assert error(fetch(f"{hub.cdn_endpoint}/lfs/zero")) == (400, "BadRequest")
    assert error(send_json(f"{api}/repos/create", [], token=hub.writer_token)) == (400, "BadRequest")


def commit_lines(*operations: dict[str, object]) -> bytes:
    """Return a commit's body."""
    header = {"key": "header", "value": {"summary": "s", "description": ""}}
    return b"".join(json.dumps(line).encode() + b"\n" for line in (header, *operations))


@pytest.mark.parametrize("path", ["../up", "/abs", "a\\b", "a/.git/x", "nul\0"])
def test_paths_that_escape(hub: LocalHub, urls: dict[str, str], path: str) -> None:
    """A commit over HTTP with a path that escapes is refused with 400, and nothing is committed."""
    assert urls
    before = hub.commit_hash("org/tiny")
    content = base64.b64encode(b"x").decode()
    body = commit_lines({"key": "file", "value": {"path": path, "content": content, "encoding": "base64"}})
    url = f"{hub.endpoint}/api/models/org/tiny/commit/main"
    assert error(fetch(url, "POST", token=hub.writer_token, body=body)) == (400, "BadRequest")
    assert hub.commit_hash("org/tiny") == before


@pytest.mark.parametrize(
    "operation",
    [
        {"key": "lfsFile", "value": {"path": "a.bin", "algo": "sha256", "oid": "0" * 64}},
        {"key": "lfsFile", "value": {"path": "a.bin", "algo": "sha256", "oid": "../../etc"}},
        {"key": "deletedFile", "value": {"path": "none"}},
        {"key": "deletedFolder", "value": {"path": "none/"}},
        {"key": "file", "value": {"path": "a"}},
        {"key": "file", "value": {"path": "a", "content": "x"}},
        {"key": "dance", "value": {}},
        {"no": "key"},
    ],
)
def test_commits_that_make_no_sense(
    hub: LocalHub, urls: dict[str, str], operation: dict[str, object]
) -> None:
    """A commit that cannot be carried out is refused with 400."""
    assert urls
    url = f"{hub.endpoint}/api/models/org/tiny/commit/main"
    body = commit_lines(operation)
    assert error(fetch(url, "POST", token=hub.writer_token, body=body)) == (400, "BadRequest")


def test_lfs_upload_is_verified(hub: LocalHub) -> None:
    """An object is kept only under the sha256 that it has."""
    oid = hashlib.sha256(LARGE).hexdigest()
    url = f"{hub.cdn_endpoint}/lfs/{oid}"
    assert error(fetch(url, "PUT", body=LARGE[:-1])) == (400, "BadRequest")
    assert fetch(url).status == 404
    assert fetch(url, "PUT", body=LARGE).status == 200
    assert fetch(url).body == LARGE
    verify = f"{hub.endpoint}/_lfs/verify"
    assert send_json(verify, {"oid": oid, "size": len(LARGE)}).status == 200
    assert send_json(verify, {"oid": oid, "size": 1}).status == 404


def test_lfs_batch(hub: LocalHub, urls: dict[str, str]) -> None:
    """The batch API offers an upload for what is missing and a download for what is there."""
    assert urls
    known, unknown = hashlib.sha256(LARGE).hexdigest(), "0" * 64
    objects = [{"oid": oid, "size": 1} for oid in (known, unknown)]
    url = f"{hub.endpoint}/org/tiny.git/info/lfs/objects/batch"
    uploads = send_json(url, {"operation": "upload", "objects": objects}, token=hub.writer_token).json()
    assert [sorted(item.get("actions", {})) for item in uploads["objects"]] == [[], ["upload", "verify"]]
    assert uploads["transfer"] == "basic"
    downloads = send_json(url, {"operation": "download", "objects": objects}).json()["objects"]
    assert downloads[0]["actions"]["download"]["href"] == f"{hub.cdn_endpoint}/lfs/{known}"
    assert downloads[1]["error"]["code"] == 404


def test_moved_repo_redirects_every_path(hub: LocalHub) -> None:
    """Every address of the old name is redirected to the same address of the new one, with its query."""
    hub.create_repo("m")
    hub.rename("m", "models/m2")
    for old, new in {
        "/api/models/m": "/api/models/models/m2",
        "/api/models/m?blobs=true": "/api/models/models/m2?blobs=true",
        "/api/models/m/tree/refs%2Fpr%2F1/a%20b?x=m": "/api/models/models/m2/tree/refs%2Fpr%2F1/a%20b?x=m",
        "/m/resolve/main/m/m": "/models/m2/resolve/main/m/m",
        "/api/resolve-cache/models/m/main/a": "/api/resolve-cache/models/models/m2/main/a",
    }.items():
        answer = fetch(hub.endpoint + old)
        assert (answer.status, answer.headers["location"]) == (307, new)
    batch = send_json(
        f"{hub.endpoint}/m.git/info/lfs/objects/batch", {"operation": "download", "objects": []}
    )
    assert batch.headers["location"] == "/models/m2.git/info/lfs/objects/batch"


def test_moved_private_repo_tells_nobody(hub: LocalHub) -> None:
    """A redirect does not give away the name of a private repo."""
    hub.create_repo("org/old", private=True)
    hub.rename("org/old", "org/secret")
    assert error(fetch(f"{hub.endpoint}/api/models/org/old")) == (401, "RepoNotFound")
    assert fetch(f"{hub.endpoint}/api/models/org/old", token=hub.writer_token).status == 307
