"""All repos of a hub: created, found, renamed, deleted, committed to; and remembered in one JSON file."""

from __future__ import annotations

import json
import os
import shutil
import zlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hfpin.testing.refusal import HubRefusal, bad_request, conflict
from hfpin.testing.storage.accounts import Access
from hfpin.testing.storage.git_repo import SECONDS_BETWEEN_COMMITS, CommitInfo, GitRepo
from hfpin.testing.storage.lfs import GITATTRIBUTES
from hfpin.testing.storage.paths import check_path
from hfpin.testing.storage.ref_names import ref_of_branch
from hfpin.testing.storage.repo_name import RepoName

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_FIRST_DAY = 1_704_067_200  # 2024-01-01T00:00:00Z
_YEAR_IN_MINUTES = 365 * 24 * 60


@dataclass(frozen=True, kw_only=True, slots=True)
class HubRepo:
    """One repo of the hub: its name, who may see it, its creation (seconds since 1970), its git side."""

    name: RepoName
    access: Access
    created: int
    git: GitRepo

    @property
    def internal_id(self) -> str:
        """Return 24 hex digits that stay the same for one name, as the Hub's ``_id`` has them."""
        return f"{zlib.crc32(self.name.url_path.encode()):024x}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """What a commit does to the files of its parent.

    Args:
        files: Path and content of each ordinary file, and of each pointer, to add or replace.
        deleted_files: Paths that have to be there.
        deleted_folders: Paths of folders, with or without a slash at the end.
    """

    files: Mapping[str, bytes]
    deleted_files: tuple[str, ...] = ()
    deleted_folders: tuple[str, ...] = ()


class HubStore:
    """The repos of one hub, on disk below `root`.

    One thread owns it: nothing here is locked.

    Args:
        root: Folder, made when it is missing. What an earlier hub left there is opened again.
    """

    def __init__(self, root: Path) -> None:
        self._git_root = root / "git"
        self._index = root / "repos.json"
        self._repos: dict[RepoName, HubRepo] = {}
        self._moved: dict[RepoName, RepoName] = {}
        self._load()

    def close(self) -> None:
        """Close every git repository."""
        for repo in self._repos.values():
            repo.git.close()

    def find(self, name: RepoName) -> HubRepo | None:
        """Return the repo of that name, or the one that it was renamed to; None if there is neither."""
        while name not in self._repos and name in self._moved:
            name = self._moved[name]
        return self._repos.get(name)

    def get(self, name: RepoName) -> HubRepo:
        """Return what `find` does.

        Raises:
            HubRefusal: There is no such repo (status 404, ``RepoNotFound``).
        """
        repo = self.find(name)
        if repo is None:
            raise HubRefusal(f"Repository not found: {name.url_path}", status=404, code="RepoNotFound")
        return repo

    def create(self, name: RepoName, access: Access) -> HubRepo:
        """Make a repo with its first commit, which holds ``.gitattributes`` as on the Hub.

        Raises:
            HubRefusal: The name is taken (status 409).
        """
        if name in self._repos:
            raise conflict(f"You already created this {name.repo_type} repo: {name.repo_id}")
        self._moved.pop(name, None)
        # The date depends on the name: two repos must not share commit hashes, and no run may change them.
        created = _FIRST_DAY + 60 * (zlib.crc32(name.url_path.encode()) % _YEAR_IN_MINUTES)
        git = GitRepo.create(name.git_folder(self._git_root))
        repo = HubRepo(name=name, access=access, created=created, git=git)
        blobs = git.add_blobs({".gitattributes": GITATTRIBUTES})
        git.add_commit("refs/heads/main", blobs, message="initial commit", parent=None, timestamp=created)
        self._keep(repo)
        return repo

    def delete(self, name: RepoName) -> None:
        """Remove a repo and all it holds.

        Raises:
            HubRefusal: There is no such repo (status 404, ``RepoNotFound``).
        """
        repo = self.get(name)
        repo.git.close()
        shutil.rmtree(repo.name.git_folder(self._git_root))
        del self._repos[repo.name]
        self._save()

    def rename(self, old: RepoName, new: RepoName) -> HubRepo:
        """Give a repo a new name; the old one leads there until a repo is created under it.

        Raises:
            HubRefusal: The old name is unknown (status 404), the new one is taken (status 409), or the types
                differ (status 400).
        """
        if old.repo_type != new.repo_type:
            raise bad_request(f"A {old.repo_type} cannot become a {new.repo_type}: move it within its type.")
        repo = self.get(old)
        if new in self._repos:
            raise conflict(f"Cannot move {old.repo_id}: {new.repo_id} exists already.")
        repo.git.close()
        target = new.git_folder(self._git_root)
        target.parent.mkdir(parents=True, exist_ok=True)
        repo.name.git_folder(self._git_root).replace(target)
        del self._repos[repo.name]
        self._moved.pop(new, None)
        self._moved[repo.name] = new
        renamed = replace(repo, name=new, git=GitRepo(target))
        self._keep(renamed)
        return renamed

    def set_access(self, repo: HubRepo, access: Access) -> None:
        """Change who may see a repo."""
        self._keep(replace(repo, access=access))

    def commit(  # noqa: PLR0913 - a commit has that many parts
        self,
        repo: HubRepo,
        change: Change,
        *,
        branch: str,
        message: str,
        parent_hash: str | None = None,
        open_pull_request: bool = False,
    ) -> tuple[CommitInfo, int | None]:
        """Commit a change to a branch, or to a new pull request that starts from it.

        Args:
            repo: The repo.
            change: What changes.
            branch: A branch, or ``refs/pr/N``.
            message: The whole message.
            parent_hash: What the caller takes for the branch's head.
            open_pull_request: Leave the branch where it is and commit to the next ``refs/pr/N``.

        Returns:
            The commit, and the pull request's number if one was opened.

        Raises:
            HubRefusal: A path may not be committed, or is to be deleted and is not there (status 400); the
                branch does not exist (404); its head is not `parent_hash` (412).
        """
        ref = ref_of_branch(branch)
        parent = repo.git.resolve(ref)
        if parent_hash and parent_hash != parent.commit_hash:
            raise HubRefusal(
                f"A commit has happened since {parent_hash} on {branch}. Please refresh and try again.",
                status=412,
                code="PreconditionFailed",
            )
        files = _apply(change, dict(repo.git.tree(parent)), repo.git)
        number = self.next_pull_request(repo) if open_pull_request else None
        commit = repo.git.add_commit(
            f"refs/pr/{number}" if number else ref,
            files,
            message=message,
            parent=parent,
            timestamp=parent.timestamp + SECONDS_BETWEEN_COMMITS,
        )
        return commit, number

    def next_pull_request(self, repo: HubRepo) -> int:
        """Return the number that the repo's next pull request gets, from 1."""
        numbers = [int(ref.removeprefix("refs/pr/")) for ref in repo.git.refs() if ref.startswith("refs/pr/")]
        return max(numbers, default=0) + 1

    # The index on disk

    def _keep(self, repo: HubRepo) -> None:
        self._repos[repo.name] = repo
        self._save()

    def _save(self) -> None:
        document = {
            "repos": [_dump(repo) for repo in self._repos.values()],
            "moved": [[old.repo_type, old.repo_id, new.repo_id] for old, new in self._moved.items()],
        }
        beside = self._index.with_suffix(".new")
        beside.write_text(json.dumps(document), encoding="utf-8")
        os.replace(beside, self._index)  # noqa: PTH105 - the name says that it overwrites, on Windows too

    def _load(self) -> None:
        if not self._index.exists():
            return
        document = json.loads(self._index.read_text(encoding="utf-8"))
        for entry in document["repos"]:
            name = RepoName(repo_type=entry["type"], repo_id=entry["id"])
            access = Access(
                private=entry["private"], gated=entry["gated"], granted=frozenset(entry["granted"])
            )
            git = GitRepo(name.git_folder(self._git_root))
            self._repos[name] = HubRepo(name=name, access=access, created=entry["created"], git=git)
        for repo_type, old, new in document["moved"]:
            target = RepoName(repo_type=repo_type, repo_id=new)
            self._moved[RepoName(repo_type=repo_type, repo_id=old)] = target


def _dump(repo: HubRepo) -> dict[str, Any]:
    return {
        "type": repo.name.repo_type,
        "id": repo.name.repo_id,
        "private": repo.access.private,
        "gated": repo.access.gated,
        "granted": sorted(repo.access.granted),
        "created": repo.created,
    }


def _apply(change: Change, files: dict[str, str], git: GitRepo) -> dict[str, str]:
    """Return the new tree; refuse before anything is written."""
    for path in change.files:
        check_path(path)
    for path in change.deleted_files:
        if path not in files:
            raise bad_request(f"Cannot delete {path!r}: the parent commit has no such file.")
        del files[path]
    for folder in change.deleted_folders:
        below = [path for path in files if path.startswith(folder.rstrip("/") + "/")]
        if not below:
            raise bad_request(f"Cannot delete folder {folder!r}: the parent commit has no file below it.")
        for path in below:
            del files[path]
    return files | git.add_blobs(change.files)
