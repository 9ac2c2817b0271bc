"""LocalHub from Python: its life, and the verbs that need no client."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from hfpin import testing
from hfpin.testing import HubRefusal, LocalHub
from tests.testing.bare_http import fetch

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BAD_PATHS = (
    "",
    "/etc/passwd",
    "../up.txt",
    "a/../../up.txt",
    "a//b",
    "./a",
    "a/",
    "a\\b",
    "nul\0",
    ".git/config",
    "a/.GIT/hooks",
    "C:/x",
)


def test_public_names() -> None:
    """Every public name can be imported, and no other."""
    assert [getattr(testing, name).__name__ for name in testing.__all__] == testing.__all__
    with pytest.raises(AttributeError, match="no attribute 'Nope'"):
        testing.Nope  # noqa: B018 - the access is the test


def test_import_is_cheap() -> None:
    """Importing the package imports neither aiohttp nor dulwich."""
    code = "import sys, hfpin.testing; print(sorted({'aiohttp', 'dulwich', 'asyncio'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_hashes_repeat(tmp_path: Path) -> None:
    """Two hubs give the same content the same commit hash, and two repos never share one."""
    hashes = []
    for name in ("one", "two"):
        with LocalHub(tmp_path / name) as hub:
            first = hub.create_repo("org/tiny")
            hashes.append((first, hub.commit("org/tiny", {"a.txt": b"a"})))
            assert hub.create_repo("org/other") != first
    assert hashes[0] == hashes[1]
    assert len(hashes[0][1]) == 40


def test_a_given_root_is_kept(tmp_path: Path) -> None:
    """What a hub stored below a given root is there when the next hub opens it."""
    with LocalHub(tmp_path) as hub:
        hub.create_repo("org/tiny", "dataset", private=True)
        hub.commit("org/tiny", {"big.bin": b"large"}, repo_type="dataset")
        hub.rename("org/tiny", "org/renamed", "dataset")
        hub.set_access("org/renamed", "dataset", granted=["reader"])
        commit_hash = hub.commit_hash("org/renamed", repo_type="dataset")
    with LocalHub(tmp_path) as hub:
        assert hub.root == tmp_path
        assert hub.commit_hash("org/tiny", repo_type="dataset") == commit_hash
        url = f"{hub.endpoint}/datasets/org/renamed/resolve/main/big.bin"
        assert fetch(url).status == 401
        redirect = fetch(url, token=hub.reader_token)
        assert fetch(redirect.headers["location"]).body == b"large"


def test_a_temporary_root_is_removed() -> None:
    """Without a root, nothing is left behind."""
    with LocalHub() as hub:
        root = hub.root
        assert root.is_dir()
    assert not root.exists()


def test_start_and_close() -> None:
    """A hub can be closed twice, started again, but not twice at a time; a closed one says what to do."""
    hub = LocalHub()
    with pytest.raises(RuntimeError, match="use it as `with LocalHub"):
        _ = hub.endpoint
    hub.start()
    with pytest.raises(RuntimeError, match="runs already"):
        hub.start()
    hub.close()
    hub.close()
    with hub:
        assert fetch(f"{hub.endpoint}/api/agent-harnesses").status == 200


def test_start_and_close_are_fast() -> None:
    """A hub costs a test milliseconds."""
    started = time.perf_counter()
    for _ in range(10):
        LocalHub().start().close()
    assert time.perf_counter() - started < 10 * 0.2  # 0.01 on an idle machine


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.2", "localhost", "::1", ""])
def test_loopback_only(host: str) -> None:
    """Any host but an IPv4 loopback address is refused before anything listens."""
    with pytest.raises(ValueError, match="listens on loopback only"):
        LocalHub(host=host).start()


def test_a_taken_port_is_an_error() -> None:
    """A port that somebody has is an OSError, and leaves no folder behind."""
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match=r"."):
        LocalHub(port=taken.getsockname()[1]).start()


def test_env(tmp_path: Path) -> None:
    """The environment points a client at this hub, with caches of its own and nobody's token."""
    with LocalHub(tmp_path, xet=False) as hub:
        assert hub.env == {
            "HF_ENDPOINT": hub.endpoint,
            "HF_HOME": str(tmp_path / "hf_home"),
            "HF_HUB_CACHE": str(tmp_path / "hf_home" / "hub"),
            "HF_XET_CACHE": str(tmp_path / "hf_home" / "xet"),
            "HF_TOKEN": "",
            "HF_HUB_OFFLINE": "0",
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "HF_HUB_DISABLE_XET": "1",
            "NO_PROXY": "127.0.0.1,localhost",
        }
        assert hub.cdn_endpoint.startswith("http://localhost:")


def test_commit_adds_replaces_and_deletes(hub: LocalHub, tmp_path: Path) -> None:
    """A commit takes bytes, files of the disk, and None for what goes."""
    hub.create_repo("org/tiny")
    (tmp_path / "file.bin").write_bytes(b"from disk")
    hub.commit("org/tiny", {"a.txt": b"a", "b.txt": b"b", "large.bin": tmp_path / "file.bin"})
    hub.commit("org/tiny", {"a.txt": None, "b.txt": b"B"})
    info = fetch(f"{hub.endpoint}/api/models/org/tiny?blobs=true").json()
    assert [file["rfilename"] for file in info["siblings"]] == [".gitattributes", "b.txt", "large.bin"]
    assert info["siblings"][2]["lfs"]["size"] == 9
    assert fetch(f"{hub.endpoint}/org/tiny/resolve/main/b.txt").body == b"B"


def test_a_committed_file_is_a_copy(hub: LocalHub, tmp_path: Path) -> None:
    """A later edit of the file on disk does not reach the hub."""
    hub.create_repo("org/tiny")
    source = tmp_path / "file.bin"
    source.write_bytes(b"before")
    hub.commit("org/tiny", {"file.bin": source})
    source.write_bytes(b"after!")
    redirect = fetch(f"{hub.endpoint}/org/tiny/resolve/main/file.bin")
    assert fetch(redirect.headers["location"]).body == b"before"


def test_large_by_size_or_pattern(hub: LocalHub) -> None:
    """A file is large above 10 MiB, or when .gitattributes says so at that commit."""
    hub.create_repo("org/tiny")
    hub.commit("org/tiny", {".gitattributes": b"*.weights filter=lfs -text\n"})
    limit = 10 * 1024 * 1024
    hub.commit(
        "org/tiny", {"at.txt": bytes(limit), "above.txt": bytes(limit + 1), "a.weights": b"w", "a.bin": b"b"}
    )
    tree = fetch(f"{hub.endpoint}/api/models/org/tiny/tree/main").json()
    large = {entry["path"]: "lfs" in entry for entry in tree}
    assert large == {
        ".gitattributes": False,
        "a.bin": False,
        "a.weights": True,
        "above.txt": True,
        "at.txt": False,
    }


def test_add_folder(hub: LocalHub, tmp_path: Path) -> None:
    """A folder is committed with every file below it."""
    hub.create_repo("org/tiny")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.txt").write_bytes(b"a")
    (tmp_path / "b.bin").write_bytes(b"b")
    hub.add_folder("org/tiny", tmp_path)
    tree = fetch(f"{hub.endpoint}/api/models/org/tiny/tree/main?recursive=true").json()
    assert [entry["path"] for entry in tree] == [".gitattributes", "b.bin", "sub", "sub/a.txt"]
    with pytest.raises(NotADirectoryError):
        hub.add_folder("org/tiny", tmp_path / "nope")


@pytest.mark.parametrize("path", BAD_PATHS)
def test_paths_that_escape(hub: LocalHub, path: str) -> None:
    """A path that would leave its folder, or rewrite a repository, is refused and nothing is committed."""
    first = hub.create_repo("org/tiny")
    with pytest.raises(ValueError, match="may not be committed") as caught:
        hub.commit("org/tiny", {"good.txt": b"", path: b""})
    assert isinstance(caught.value, HubRefusal)
    assert caught.value.status == 400
    assert hub.commit_hash("org/tiny") == first


def test_a_file_is_no_folder(hub: LocalHub) -> None:
    """A path below a file is refused."""
    hub.create_repo("org/tiny")
    with pytest.raises(HubRefusal, match="'a' is a file"):
        hub.commit("org/tiny", {"a": b"", "a/b": b""})


def test_tags_and_branches_move_only_by_force(hub: LocalHub) -> None:
    """A tag or branch that exists is moved with force and refused without."""
    first = hub.create_repo("org/tiny")
    second = hub.commit("org/tiny", {"a.txt": b"a"})
    for move in (hub.tag, hub.branch):
        move("org/tiny", "name", first)
        with pytest.raises(HubRefusal, match="exists already"):
            move("org/tiny", "name", second)
        assert hub.commit_hash("org/tiny", "name") == first
        move("org/tiny", "name", second, force=True)
        assert hub.commit_hash("org/tiny", "name") == second


@pytest.mark.parametrize("name", ["", "a b", "a..b", "/a", "a/", "a.lock", "a~1", "-a", ".a", "a//b"])
def test_ref_names(hub: LocalHub, name: str) -> None:
    """A name that git would not take is refused."""
    hub.create_repo("org/tiny")
    with pytest.raises(HubRefusal, match="not one that git takes"):
        hub.tag("org/tiny", name)


@pytest.mark.parametrize(
    "repo_id", ["", "a/b/c", "../up", "org/..", "org/a--b", "org/a.git", "-a", "org/", "a b"]
)
def test_repo_ids(hub: LocalHub, repo_id: str) -> None:
    """An id that the Hub would not take is refused."""
    with pytest.raises(HubRefusal, match="is not of the form"):
        hub.create_repo(repo_id)


def test_refusals_say_what_is_wrong(hub: LocalHub) -> None:
    """Each verb's refusal has a status and a message that names the thing."""
    hub.create_repo("org/tiny")
    verbs: dict[str, Callable[[], object]] = {
        "again": lambda: hub.create_repo("org/tiny"),
        "type": lambda: hub.create_repo("org/tiny", "movie"),
        "unknown": lambda: hub.commit("org/none", {}),
        "branch": lambda: hub.commit("org/tiny", {}, revision="none"),
        "stale": lambda: hub.commit("org/tiny", {}, parent_commit="0" * 40),
        "deleted": lambda: hub.commit("org/tiny", {"none.txt": None}),
        "taken": lambda: hub.rename("org/tiny", "org/tiny"),
    }
    refused: dict[str, tuple[int, str]] = {}
    for name, verb in verbs.items():
        with pytest.raises(HubRefusal) as caught:
            verb()
        refused[name] = (caught.value.status, str(caught.value))
    assert refused == {
        "again": (409, "You already created this model repo: org/tiny"),
        "type": (400, "Unknown repo type 'movie': use one of model, dataset, space, kernel."),
        "unknown": (404, "Repository not found: org/none"),
        "branch": (404, "Invalid rev id: none"),
        "stale": (412, f"A commit has happened since {'0' * 40} on main. Please refresh and try again."),
        "deleted": (400, "Cannot delete 'none.txt': the parent commit has no such file."),
        "taken": (409, "Cannot move org/tiny: org/tiny exists already."),
    }


def test_unknown_gate(hub: LocalHub) -> None:
    """A gate that the Hub does not have is a ValueError."""
    with pytest.raises(ValueError, match="gated='sometimes'"):
        hub.create_repo("org/tiny", gated="sometimes")


def test_many_files_are_quick(hub: LocalHub) -> None:
    """A repo of 1,500 files is committed and listed in seconds, not minutes."""
    hub.create_repo("org/many")
    hub.commit("org/many", {f"d{number % 7}/f{number:04}.json": b"%d" % number for number in range(1500)})
    started = time.perf_counter()
    for number in range(0, 1500, 15):
        url = f"{hub.endpoint}/org/many/resolve/main/d{number % 7}/f{number:04}.json"
        assert fetch(url).body == b"%d" % number
    assert time.perf_counter() - started < 5  # 0.2 on an idle machine


def test_nothing_else_of_hfpin_is_imported() -> None:
    """The package stands alone."""
    code = (
        "import sys, hfpin.testing.local_hub as hub; "
        "print([name for name in sys.modules if name.startswith('hfpin.') and '.testing' not in name])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    assert done.stdout == "[]\n"
