"""An unmodified huggingface_hub, in this process, against the embedded Hub."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from huggingface_hub import CommitOperationAdd, HfApi, hf_hub_download, snapshot_download
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    RemoteEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from hfpin.testing import LocalHub
from tests.support import since

if TYPE_CHECKING:
    from collections.abc import Callable

WEIGHTS = bytes(range(256)) * 1000
ODD_NAMES = ("a b.txt", "100%.txt", "hash#mark?.txt", "ünï/cödé.txt", "plus+and&.txt", "%2F.txt")


def contents(folder: str | Path) -> dict[str, bytes]:
    """Return every file below a snapshot's folder."""
    files = (path for path in Path(folder).rglob("*") if path.is_file() and ".cache" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.mark.parametrize(
    "repo_type",
    [
        "model",
        "dataset",
        "space",
        pytest.param(
            "kernel",
            marks=[since("1.33", "of the two older ones that are tried, the oldest knows no kernels")],
        ),
    ],
)
def test_snapshot_of_every_repo_type(hub: LocalHub, tmp_path: Path, repo_type: str) -> None:
    """A snapshot of any type of repo holds exactly what was committed."""
    hub.create_repo("org/tiny", repo_type)
    files = {"config.json": b"{}", "sub/weights.safetensors": WEIGHTS}
    commit_hash = hub.commit("org/tiny", files, repo_type=repo_type)
    folder = snapshot_download(
        "org/tiny", repo_type=repo_type, cache_dir=tmp_path, endpoint=hub.endpoint, token=False
    )
    got = contents(folder)
    assert Path(folder).name == commit_hash
    assert got.pop(".gitattributes").startswith(b"*.7z filter=lfs")
    assert got == files


def test_odd_file_names(hub: LocalHub, tmp_path: Path) -> None:
    """Names with spaces, percent signs, marks and umlauts arrive as they are."""
    hub.create_repo("org/odd")
    hub.commit("org/odd", {name: name.encode() for name in ODD_NAMES})
    folder = snapshot_download(
        "org/odd", cache_dir=tmp_path, endpoint=hub.endpoint, token=False, ignore_patterns=".gitattributes"
    )
    assert contents(folder) == {name: name.encode() for name in ODD_NAMES}


def test_resolve_cache_is_followed(tmp_path: Path) -> None:
    """With resolve_cache, a regular file comes by a redirect within the hub, which clients follow."""
    with LocalHub(resolve_cache=True) as hub:
        hub.create_repo("org/tiny")
        commit_hash = hub.commit("org/tiny", {"sub dir/config.json": b"{}"})
        path = hf_hub_download(
            "org/tiny", "sub dir/config.json", cache_dir=tmp_path, endpoint=hub.endpoint, token=False
        )
        assert Path(path).read_bytes() == b"{}"
        last = hub.requests[-1]
        assert last.path == f"/api/resolve-cache/models/org/tiny/{commit_hash}/sub%20dir/config.json"


def test_commit_through_the_client(hub: LocalHub, api: HfApi) -> None:
    """A commit of the client is what the hub then has."""
    api.create_repo("org/tiny", repo_type="dataset", private=True)
    info = api.create_commit(
        "org/tiny",
        [CommitOperationAdd("data.csv", b"a,b\n")],
        repo_type="dataset",
        commit_message="title",
        commit_description="body",
    )
    assert info.oid == hub.commit_hash("org/tiny", repo_type="dataset")
    newest = api.list_repo_commits("org/tiny", repo_type="dataset")[0]
    assert (newest.commit_id, newest.title, newest.message) == (info.oid, "title", "body")


def test_last_modified_is_the_commits_date(hub: LocalHub, api: HfApi) -> None:
    """A revision's info is dated by its commit, and each commit is a minute after its parent."""
    first = hub.create_repo("org/tiny")
    second = hub.commit("org/tiny", {"a.txt": b"a"})
    dates = [api.model_info("org/tiny", revision=revision).last_modified for revision in (first, second)]
    assert dates[0] is not None
    assert dates[1] is not None
    assert (dates[1] - dates[0]).total_seconds() == 60


def test_branches_and_tags_through_the_client(hub: LocalHub, api: HfApi) -> None:
    """The client makes and deletes branches and tags, and the hub shows the rest."""
    first = hub.create_repo("org/tiny")
    second = hub.commit("org/tiny", {"a.txt": b"a"})
    api.create_branch("org/tiny", branch="dev/one", revision=first)
    api.create_tag("org/tiny", tag="v1")
    hub.tag("org/tiny", "v1", first, force=True)
    refs = api.list_repo_refs("org/tiny")
    assert {ref.name: ref.target_commit for ref in refs.branches} == {"dev/one": first, "main": second}
    assert {ref.name: ref.target_commit for ref in refs.tags} == {"v1": first}
    api.delete_branch("org/tiny", branch="dev/one")
    api.delete_tag("org/tiny", tag="v1")
    refs = api.list_repo_refs("org/tiny")
    assert [ref.name for ref in (*refs.branches, *refs.tags)] == ["main"]


def test_force_pushed_branch(hub: LocalHub, api: HfApi) -> None:
    """After a force push the branch has forgotten a commit that its hash still finds."""
    first = hub.create_repo("org/tiny")
    lost = hub.commit("org/tiny", {"a.txt": b"lost"})
    hub.branch("org/tiny", "main", first, force=True)
    kept = hub.commit("org/tiny", {"a.txt": b"kept"})
    assert [commit.commit_id for commit in api.list_repo_commits("org/tiny")] == [kept, first]
    assert api.model_info("org/tiny", revision=lost).sha == lost
    assert api.model_info("org/tiny", revision=lost[:7]).sha == lost


def test_pull_requests(hub: LocalHub, api: HfApi) -> None:
    """Pull requests are numbered from 1, start from the branch, and leave it where it is."""
    hub.create_repo("org/tiny")
    head = hub.commit("org/tiny", {"a.txt": b"a"})
    infos = [
        api.create_commit(
            "org/tiny", [CommitOperationAdd("b.txt", content)], commit_message="proposal", create_pr=True
        )
        for content in (b"one", b"two")
    ]
    assert [info.pr_revision for info in infos] == ["refs/pr/1", "refs/pr/2"]
    assert hub.commit_hash("org/tiny") == head
    assert api.list_repo_files("org/tiny", revision="refs/pr/2") == [".gitattributes", "a.txt", "b.txt"]
    follow_up = hub.commit("org/tiny", {"c.txt": b"c"}, revision="refs/pr/1")
    refs = api.list_repo_refs("org/tiny", include_pull_requests=True).pull_requests or []
    assert [ref.target_commit for ref in refs] == [follow_up, infos[1].oid]


def test_upload_folder_to_a_pull_request(hub: LocalHub, api: HfApi, tmp_path: Path) -> None:
    """A folder of small files is uploaded to a pull request of its own."""
    hub.create_repo("org/tiny")
    (tmp_path / "notes.txt").write_text("notes", encoding="utf-8")
    info = api.upload_folder(repo_id="org/tiny", folder_path=tmp_path, create_pr=True)
    assert info.pr_num == 1
    assert "notes.txt" in api.list_repo_files("org/tiny", revision="refs/pr/1")


def test_super_squash(hub: LocalHub, api: HfApi) -> None:
    """Squashing leaves one commit with the same files."""
    hub.create_repo("org/tiny")
    hub.commit("org/tiny", {"a.txt": b"a"})
    api.super_squash_history("org/tiny", commit_message="one")
    assert [commit.title for commit in api.list_repo_commits("org/tiny")] == ["one"]
    assert api.list_repo_files("org/tiny") == [".gitattributes", "a.txt"]


def test_pages(tmp_path: Path) -> None:
    """Trees and histories that are longer than a page arrive whole and in order."""
    with LocalHub(tree_page_size=2, commits_page_size=2) as hub:
        api = HfApi(endpoint=hub.endpoint, token=False)
        first = hub.create_repo("org/tiny")
        names = [f"dir/file{number}.txt" for number in range(4)]
        commits = [hub.commit("org/tiny", {name: b""}) for name in names]
        tree = [entry.path for entry in api.list_repo_tree("org/tiny", recursive=True)]
        assert tree == [".gitattributes", "dir", *names]
        assert [r.path.partition("cursor=")[2] for r in hub.requests if "/tree/" in r.path] == ["", "2", "4"]
        history = [commit.commit_id for commit in api.list_repo_commits("org/tiny")]
        assert history == [*reversed(commits), first]
        snapshot = snapshot_download("org/tiny", cache_dir=tmp_path, endpoint=hub.endpoint, token=False)
        assert len(contents(snapshot)) == 5


def test_expanded_tree_knows_the_last_commit(hub: LocalHub, api: HfApi) -> None:
    """Each file and folder of an expanded tree names the commit that changed it last."""
    hub.create_repo("org/tiny")
    hub.commit("org/tiny", {"a/one.txt": b"1", "b.txt": b"b"}, message="one")
    hub.commit("org/tiny", {"a/two.txt": b"2"}, message="two")
    tree = api.list_repo_tree("org/tiny", recursive=True, expand=True)
    titles = {entry.path: entry.last_commit.title for entry in tree if entry.last_commit is not None}
    assert titles == {
        ".gitattributes": "initial commit",
        "a": "two",
        "a/one.txt": "one",
        "a/two.txt": "two",
        "b.txt": "one",
    }


def test_private_repos(hub: LocalHub) -> None:
    """A private repo is unknown (401 anonymous, 404 signed in) to all but the writer and who was let in."""
    hub.create_repo("org/secret", private=True)
    api = HfApi(endpoint=hub.endpoint)
    for token, status in ((False, 401), (hub.reader_token, 404)):
        with pytest.raises(RepositoryNotFoundError) as caught:
            api.model_info("org/secret", token=token)
        assert caught.value.response is not None
        assert caught.value.response.status_code == status
    hub.set_access("org/secret", granted=["reader"])
    assert api.model_info("org/secret", token=hub.reader_token).private is True


def test_gated_repos(hub: LocalHub, api: HfApi, tmp_path: Path) -> None:
    """A gated repo's files are refused (401 anonymous, 403 signed in) until the user is granted access."""
    hub.create_repo("org/gated", gated=True)
    hub.commit("org/gated", {"config.json": b"{}"})

    def download(token: str | bool) -> str:  # noqa: FBT001 - as the client takes it
        return hf_hub_download(
            "org/gated", "config.json", cache_dir=tmp_path, endpoint=hub.endpoint, token=token
        )

    for token, status in ((False, 401), (hub.reader_token, 403)):
        with pytest.raises(GatedRepoError) as caught:
            download(token)
        assert caught.value.response is not None
        assert caught.value.response.status_code == status
    assert api.model_info("org/gated", token=False).gated == "manual"
    hub.set_access("org/gated", granted=["reader"])
    assert Path(download(hub.reader_token)).read_bytes() == b"{}"
    api.auth_check("org/gated", token=hub.reader_token)


@since("2.0", "clients before send it to the default Hub, whatever their endpoint")
def test_access_is_granted(hub: LocalHub, api: HfApi, tmp_path: Path) -> None:
    """Who owns a gated repo grants access to its files."""
    hub.create_repo("org/gated", gated=True)
    api.grant_access("org/gated", "reader")
    api.auth_check("org/gated", token=hub.reader_token)
    path = hf_hub_download(
        "org/gated", ".gitattributes", cache_dir=tmp_path, endpoint=hub.endpoint, token=hub.reader_token
    )
    assert Path(path).is_file()


def test_one_word_repo_that_moved(hub: LocalHub, api: HfApi, tmp_path: Path) -> None:
    """gpt2 leads to openai-community/gpt2: for information, trees and files, small and large."""
    hub.create_repo("gpt2")
    commit_hash = hub.commit("gpt2", {"config.json": b"{}", "model.safetensors": WEIGHTS})
    assert api.model_info("gpt2").id == "gpt2"
    hub.rename("gpt2", "openai-community/gpt2")
    assert api.model_info("gpt2", revision="main").id == "openai-community/gpt2"
    folder = snapshot_download("gpt2", cache_dir=tmp_path, endpoint=hub.endpoint, token=False)
    assert Path(folder).name == commit_hash
    assert (Path(folder) / "model.safetensors").read_bytes() == WEIGHTS
    redirected = {record.status for record in hub.requests if record.path.startswith("/gpt2/resolve/")}
    assert redirected == {307}


def test_writes_follow_a_move(hub: LocalHub, api: HfApi) -> None:
    """A commit to the old name lands in the renamed repo."""
    hub.create_repo("org/old")
    api.move_repo("org/old", "org/new")
    info = api.create_commit("org/old", [CommitOperationAdd("a.txt", b"a")], commit_message="a")
    assert info.oid == hub.commit_hash("org/new")


def test_a_new_repo_takes_an_old_name_back(hub: LocalHub, api: HfApi) -> None:
    """A repo that is created under a name that redirected ends the redirect."""
    hub.create_repo("org/old")
    hub.rename("org/old", "org/new")
    hub.create_repo("org/old")
    assert [api.model_info(name).id for name in ("org/old", "org/new")] == ["org/old", "org/new"]


def test_deleted_repo(hub: LocalHub, api: HfApi) -> None:
    """A deleted repo is not found, and can be created again."""
    hub.create_repo("org/tiny")
    hub.commit("org/tiny", {"a.txt": b"a"})
    hub.delete_repo("org/tiny")
    with pytest.raises(RepositoryNotFoundError):
        api.model_info("org/tiny")
    hub.create_repo("org/tiny")
    assert api.list_repo_files("org/tiny") == [".gitattributes"]


def test_what_is_not_there(hub: LocalHub, tmp_path: Path) -> None:
    """An unknown revision and an unknown file have errors of their own."""
    hub.create_repo("org/tiny")
    with pytest.raises(RevisionNotFoundError):
        hf_hub_download(
            "org/tiny", "a", revision="v9", cache_dir=tmp_path, endpoint=hub.endpoint, token=False
        )
    with pytest.raises(RemoteEntryNotFoundError):
        hf_hub_download("org/tiny", "nope", cache_dir=tmp_path, endpoint=hub.endpoint, token=False)


def test_stale_parent(hub: LocalHub, api: HfApi) -> None:
    """A commit on a parent that is not the head is refused with 412."""
    first = hub.create_repo("org/tiny")
    hub.commit("org/tiny", {"a.txt": b"a"})
    operations = [CommitOperationAdd("b.txt", b"b")]
    with pytest.raises(HfHubHTTPError, match="412"):
        api.create_commit("org/tiny", operations, commit_message="b", parent_commit=first)


def test_cached_files_are_up_to_date(hub: LocalHub, tmp_path: Path) -> None:
    """A second snapshot of a branch asks for the branch and nothing else."""
    hub.create_repo("org/tiny")
    hub.commit("org/tiny", {"a.txt": b"a", "b.bin": WEIGHTS})
    snapshot_download("org/tiny", cache_dir=tmp_path, endpoint=hub.endpoint, token=False)
    hub.clear_requests()
    snapshot_download("org/tiny", cache_dir=tmp_path, endpoint=hub.endpoint, token=False)
    assert [record.path for record in hub.requests] == ["/api/models/org/tiny/revision/main"]


UPLOAD = """
from huggingface_hub import HfApi
api = HfApi()
api.create_repo("org/up")
print(api.upload_folder(repo_id="org/up", folder_path="source").oid)
"""


@pytest.mark.parametrize("disable_xet", ["0", "1"])
def test_upload_folder_with_large_files(
    hub: LocalHub, api: HfApi, client: Callable[..., str], tmp_path: Path, disable_xet: str
) -> None:
    """A folder with a large file is uploaded over Xet or LFS, and read back over plain HTTP either way."""
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "model.safetensors").write_bytes(WEIGHTS)
    (tmp_path / "source" / "README.md").write_text("# Read me\n", encoding="utf-8")
    commit_hash = client(UPLOAD, HF_HUB_DISABLE_XET=disable_xet)
    assert hub.commit_hash("org/up") == commit_hash
    assert any(record.path == "/v2/shards" for record in hub.requests) is (disable_xet == "0")
    assert any(record.method == "PUT" for record in hub.requests) is (disable_xet == "1")
    weights = {entry.path: entry for entry in api.list_repo_tree("org/up")}["model.safetensors"]
    assert (getattr(weights, "xet_hash", None) is None) is (disable_xet == "1")
    got = client(
        "from huggingface_hub import snapshot_download; print(snapshot_download('org/up'))",
        HF_HUB_DISABLE_XET="1",
    )
    assert (Path(got) / "model.safetensors").read_bytes() == WEIGHTS
