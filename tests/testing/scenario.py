"""A walk through the Hub with an unmodified huggingface_hub: every step prints PASS or FAIL.

Usage: HF_ENDPOINT=http://127.0.0.1:PORT HF_HOME=FOLDER python scenario.py

It needs an embedded Hub (``python -m hfpin.testing``) and huggingface_hub 1.10 or newer, and nothing of
hfpin: so it says, for any version of the client, whether the two understand each other. It exits with 1 if a
step failed.
"""

from __future__ import annotations

import hashlib
import random
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import huggingface_hub
from huggingface_hub import (
    CommitOperationAdd,
    CommitOperationDelete,
    HfApi,
    RepoFile,
    hf_hub_download,
    hf_hub_url,
    snapshot_download,
)
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    RemoteEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.utils import get_session  # type: ignore[attr-defined]  # it has no __all__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REPO = "tester/tiny"
WRITER, READER = "hf_writer", "hf_reader"
FIRST_CONFIG, SECOND_CONFIG = b'{"a": 1}\n', b'{"a": 2}\n'
WEIGHTS = random.Random(7).randbytes(12 * 1024 * 1024)
WEIGHTS_SHA256 = hashlib.sha256(WEIGHTS).hexdigest()


@dataclass
class Walk:
    """What one step leaves for the next."""

    folder: Path
    api: HfApi = field(default_factory=lambda: HfApi(token=WRITER))
    first: str = ""
    second: str = ""
    third: str = ""

    def snapshot(self, revision: str | None, *, local_dir: Path | None = None) -> Path:
        """Download a snapshot as the writer."""
        cache = self.folder / "cache"
        folder = snapshot_download(
            REPO, revision=revision, cache_dir=cache, local_dir=local_dir, token=WRITER
        )
        return Path(folder)


@contextmanager
def refused(error: type[HfHubHTTPError], status: int) -> Iterator[None]:
    """Expect an error of the client with this HTTP status."""
    response = None
    try:
        yield
    except error as caught:
        response = caught.response
    assert response is not None, f"{error.__name__} was not raised"
    assert response.status_code == status, response.status_code


def assert_snapshot(folder: Path, config: bytes) -> None:
    """Compare a downloaded snapshot with what was uploaded."""
    assert (folder / "config.json").read_bytes() == config
    assert (folder / "model.safetensors").read_bytes() == WEIGHTS


# Write


def whoami(walk: Walk) -> None:
    """The writer's token has a name."""
    assert walk.api.whoami()["name"] == "tester"


def create_repo(walk: Walk) -> None:
    """A repo is created; a second time it is there already."""
    assert walk.api.create_repo(REPO).repo_id == REPO
    walk.api.create_repo(REPO, exist_ok=True)
    with refused(HfHubHTTPError, 409):
        walk.api.create_repo(REPO)


def upload_folder(walk: Walk) -> None:
    """A folder with a large file is uploaded."""
    source = walk.folder / "source"
    (source / "sub").mkdir(parents=True)
    (source / "README.md").write_text("---\nlicense: mit\n---\n", encoding="utf-8")
    (source / "config.json").write_bytes(FIRST_CONFIG)
    (source / "sub" / "tokenizer.json").write_text('{"tokens": [1, 2, 3]}\n', encoding="utf-8")
    (source / "model.safetensors").write_bytes(WEIGHTS)
    walk.first = walk.api.upload_folder(repo_id=REPO, folder_path=source, commit_message="first").oid


def create_tag(walk: Walk) -> None:
    """A commit is tagged, and tagged only once."""
    walk.api.create_tag(REPO, tag="v1", revision=walk.first)
    with refused(HfHubHTTPError, 409):
        walk.api.create_tag(REPO, tag="v1", revision=walk.first)


def create_branch(walk: Walk) -> None:
    """A branch starts from a commit."""
    walk.api.create_branch(REPO, branch="dev", revision=walk.first)


def create_commit(walk: Walk) -> None:
    """A commit edits one file and adds another."""
    operations = [
        CommitOperationAdd("config.json", SECOND_CONFIG),
        CommitOperationAdd("new/notes.txt", b"hello\n"),
    ]
    walk.second = walk.api.create_commit(REPO, operations, commit_message="second").oid


def commit_on_a_stale_parent(walk: Walk) -> None:
    """A commit on a parent that is not the head is refused with 412."""
    operations = [CommitOperationAdd("late.txt", b"late")]
    with refused(HfHubHTTPError, 412):
        walk.api.create_commit(REPO, operations, commit_message="late", parent_commit=walk.first)


def delete_file(walk: Walk) -> None:
    """A commit deletes a file."""
    operations = [CommitOperationDelete("new/notes.txt")]
    walk.third = walk.api.create_commit(REPO, operations, commit_message="third").oid


def pull_request(walk: Walk) -> None:
    """A commit to a new pull request can be downloaded from its ref, and leaves main alone."""
    operations = [CommitOperationAdd("proposal.txt", b"proposal\n")]
    info = walk.api.create_commit(REPO, operations, commit_message="proposal", create_pr=True)
    assert info.pr_revision == "refs/pr/1"
    path = hf_hub_download(REPO, "proposal.txt", revision="refs/pr/1", cache_dir=walk.folder / "cache")
    assert Path(path).read_bytes() == b"proposal\n"
    assert walk.api.model_info(REPO).sha == walk.third


def upload_same_bytes(walk: Walk) -> None:
    """A large file that the Hub has already is committed under a second path."""
    operations = [CommitOperationAdd("copy.safetensors", WEIGHTS)]
    walk.api.create_commit(REPO, operations, commit_message="copy", revision="dev")
    files = {path.path: path for path in walk.api.list_repo_tree(REPO, revision="dev")}
    copy = files["copy.safetensors"]
    assert isinstance(copy, RepoFile)
    assert copy.lfs is not None
    assert copy.lfs.sha256 == WEIGHTS_SHA256


# Look


def list_refs(walk: Walk) -> None:
    """Branches and tags are listed with their commits, pull requests when asked for."""
    refs = walk.api.list_repo_refs(REPO, include_pull_requests=True)
    assert {ref.name: ref.target_commit for ref in refs.tags} == {"v1": walk.first}
    assert {ref.name for ref in refs.branches} == {"main", "dev"}
    assert [ref.ref for ref in refs.pull_requests or ()] == ["refs/pr/1"]


def list_commits(walk: Walk) -> None:
    """History is listed newest first."""
    titles = [commit.title for commit in walk.api.list_repo_commits(REPO)]
    assert titles == ["third", "second", "first", "initial commit"]


def model_info(walk: Walk) -> None:
    """A tag's info holds its commit and each file's digest."""
    info = walk.api.model_info(REPO, revision="v1", files_metadata=True)
    assert info.sha == walk.first
    weights = {file.rfilename: file for file in info.siblings or ()}["model.safetensors"]
    assert weights.lfs is not None
    assert (weights.size, weights.lfs.sha256) == (len(WEIGHTS), WEIGHTS_SHA256)


def list_tree(walk: Walk) -> None:
    """An expanded tree holds sizes, digests and last commits."""
    tree = walk.api.list_repo_tree(REPO, recursive=True, expand=True, revision=walk.second)
    files = {entry.path: entry for entry in tree if isinstance(entry, RepoFile)}
    weights, config = files["model.safetensors"], files["config.json"]
    assert weights.lfs is not None
    assert (weights.size, weights.lfs.sha256) == (len(WEIGHTS), WEIGHTS_SHA256)
    assert config.blob_id == hashlib.sha1(b"blob %d\0" % len(SECOND_CONFIG) + SECOND_CONFIG).hexdigest()
    assert config.last_commit is not None
    assert config.last_commit.title == "second"


def paths_info(walk: Walk) -> None:
    """Known paths are described, unknown ones left out."""
    infos = walk.api.get_paths_info(REPO, ["model.safetensors", "sub", "nope"], revision="v1")
    assert [info.path for info in infos] == ["model.safetensors", "sub"]


# Download


def snapshot_at_commit(walk: Walk) -> None:
    """A snapshot of a commit has the bytes that were uploaded."""
    assert_snapshot(walk.snapshot(walk.first), FIRST_CONFIG)


def snapshot_at_tag(walk: Walk) -> None:
    """A snapshot of a tag is that of its commit."""
    assert walk.snapshot("v1").name == walk.first


def snapshot_at_branch(walk: Walk) -> None:
    """A snapshot of main is that of its head."""
    folder = walk.snapshot("main")
    assert folder.name == walk.third
    assert_snapshot(folder, SECOND_CONFIG)


def snapshot_by_default(walk: Walk) -> None:
    """Without a revision it is main."""
    assert walk.snapshot(None).name == walk.third


def snapshot_to_folder(walk: Walk) -> None:
    """A snapshot can be written to a plain folder."""
    assert_snapshot(walk.snapshot(walk.second, local_dir=walk.folder / "plain"), SECOND_CONFIG)


def dry_run(walk: Walk) -> None:
    """A dry run knows what is there already."""
    cache = walk.folder / "cache"
    plan = snapshot_download(REPO, revision=walk.first, cache_dir=cache, token=WRITER, dry_run=True)
    assert {file.filename: file.will_download for file in plan}["model.safetensors"] is False


def verify_cache(walk: Walk) -> None:
    """The cached files have the digests that the Hub gives."""
    result = walk.api.verify_repo_checksums(REPO, revision=walk.first, cache_dir=walk.folder / "cache")
    assert not result.mismatches
    assert not result.missing_paths


def verify_folder(walk: Walk) -> None:
    """So have the files in the plain folder."""
    result = walk.api.verify_repo_checksums(REPO, revision=walk.second, local_dir=walk.folder / "plain")
    assert not result.mismatches
    assert not result.missing_paths


def range_of_large_file(_walk: Walk) -> None:
    """A range is followed through the redirect to the CDN."""
    headers = {"Range": "bytes=1000-1999", "Authorization": f"Bearer {WRITER}"}
    response = get_session().get(hf_hub_url(REPO, "model.safetensors", revision="v1"), headers=headers)
    assert response.status_code == 206
    assert response.headers["Content-Range"] == f"bytes 1000-1999/{len(WEIGHTS)}"
    assert response.content == WEIGHTS[1000:2000]


# Refuse


def unknown_repo(walk: Walk) -> None:
    """An unknown repo is RepositoryNotFoundError: 404 for a user, 401 for nobody."""
    with refused(RepositoryNotFoundError, 404):
        walk.api.model_info("tester/none")
    with refused(RepositoryNotFoundError, 401):
        walk.api.model_info("tester/none", token=False)


def unknown_revision(walk: Walk) -> None:
    """An unknown branch is RevisionNotFoundError."""
    with refused(RevisionNotFoundError, 404):
        walk.snapshot("nope")


def unknown_commit(walk: Walk) -> None:
    """So is an unknown commit."""
    with refused(RevisionNotFoundError, 404):
        walk.snapshot("0" * 40)


def unknown_file(walk: Walk) -> None:
    """An unknown file is RemoteEntryNotFoundError."""
    with refused(RemoteEntryNotFoundError, 404):
        hf_hub_download(REPO, "nope.bin", cache_dir=walk.folder / "cache", token=WRITER)


def private_repo(walk: Walk) -> None:
    """A private repo is not there for nobody, nor for a reader."""
    walk.api.update_repo_settings(REPO, private=True)
    for token, status in ((False, 401), (READER, 404)):
        with refused(RepositoryNotFoundError, status):
            walk.api.model_info(REPO, token=token)
    walk.api.update_repo_settings(REPO, private=False)


def gated_repo(walk: Walk) -> None:
    """A gated repo's files are refused: 401 for nobody, 403 for a reader."""
    walk.api.update_repo_settings(REPO, gated="manual")
    for token, status in ((False, 401), (READER, 403)):
        with refused(GatedRepoError, status):
            hf_hub_download(REPO, "config.json", cache_dir=walk.folder / "other", token=token)
    walk.api.update_repo_settings(REPO, gated=False)


def bad_token(walk: Walk) -> None:
    """A token that nobody has is refused."""
    with refused(HfHubHTTPError, 401):
        walk.api.whoami(token="hf_bad")


def reader_cannot_write(walk: Walk) -> None:
    """A reader's commit is refused with 403."""
    with refused(HfHubHTTPError, 403):
        walk.api.create_tag(REPO, tag="v2", token=READER)


# Rename, delete


def rename(walk: Walk) -> None:
    """The old name leads to the renamed repo, for the API and for files."""
    walk.api.move_repo(REPO, "tester/renamed")
    assert walk.api.model_info(REPO).id == "tester/renamed"
    path = hf_hub_download(REPO, "config.json", cache_dir=walk.folder / "renamed", token=WRITER)
    assert Path(path).read_bytes() == SECOND_CONFIG


def delete(walk: Walk) -> None:
    """A deleted repo is gone under both names."""
    walk.api.delete_repo("tester/renamed")
    for repo_id in (REPO, "tester/renamed"):
        assert not walk.api.repo_exists(repo_id)


STEPS: tuple[Callable[[Walk], None], ...] = (
    whoami,
    create_repo,
    upload_folder,
    create_tag,
    create_branch,
    create_commit,
    commit_on_a_stale_parent,
    delete_file,
    pull_request,
    upload_same_bytes,
    list_refs,
    list_commits,
    model_info,
    list_tree,
    paths_info,
    snapshot_at_commit,
    snapshot_at_tag,
    snapshot_at_branch,
    snapshot_by_default,
    snapshot_to_folder,
    dry_run,
    verify_cache,
    verify_folder,
    range_of_large_file,
    unknown_repo,
    unknown_revision,
    unknown_commit,
    unknown_file,
    private_repo,
    gated_repo,
    bad_token,
    reader_cannot_write,
    rename,
    delete,
)


def run(step: Callable[[Walk], None], walk: Walk) -> bool:
    """Take one step, print how it went, and tell whether it went well."""
    started = time.perf_counter()
    problem = ""
    try:
        step(walk)
    except Exception as error:  # noqa: BLE001 - a step's failure is this script's output
        problem = f" {type(error).__name__}: {str(error)[:300]!r}"
    verdict = "FAIL" if problem else "PASS"
    print(f"{verdict} {step.__name__} ({time.perf_counter() - started:.2f} s){problem}", flush=True)  # noqa: T201 - a program
    return not problem


def main() -> int:
    """Take all steps; return the exit code."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        walk = Walk(folder=Path(folder))
        passed = sum([run(step, walk) for step in STEPS])
    print(f"{passed} of {len(STEPS)} steps passed with huggingface_hub {huggingface_hub.__version__}")  # noqa: T201 - a program
    return 0 if passed == len(STEPS) else 1


if __name__ == "__main__":
    sys.exit(main())
