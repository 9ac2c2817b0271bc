"""What a test does to a hub's repos from Python, without a client."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from hfpin.testing.storage.accounts import Access
from hfpin.testing.storage.ref_names import ref_of_branch, ref_of_tag
from hfpin.testing.storage.repo_name import RepoName
from hfpin.testing.storage.staging import stage, walk_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from hfpin.testing.storage.hub_store import HubStore
    from hfpin.testing.storage.lfs import LargeObjects

T = TypeVar("T")


class RepoVerbs(ABC):
    """The verbs of `LocalHub` that change repos. What they refuse, they refuse with `HubRefusal`."""

    @abstractmethod
    def _on_store(self, function: Callable[[HubStore], T]) -> T:
        """Run a function on the thread that owns the store, and return or raise what it does."""

    @property
    @abstractmethod
    def _objects(self) -> LargeObjects:
        """The large objects, which any thread may add to."""

    # Repos

    def create_repo(
        self, repo_id: str, repo_type: str = "model", *, private: bool = False, gated: bool | str = False
    ) -> str:
        """Create a repo with its first commit.

        Args:
            repo_id: ``namespace/name``, or one word as the Hub's oldest repos have it.
            repo_type: ``"model"``, ``"dataset"``, ``"space"`` or ``"kernel"``.
            private: Hide it from everybody but the writer and who is granted access.
            gated: False, ``"auto"``, ``"manual"``, or True for ``"manual"``.

        Returns:
            The first commit's hash.
        """
        name = RepoName(repo_type=repo_type, repo_id=repo_id)
        access = Access().changed(private=private, gated=gated)
        repo = self._on_store(lambda store: store.create(name, access))
        return repo.git.resolve("main").commit_hash

    def set_access(
        self,
        repo_id: str,
        repo_type: str = "model",
        *,
        private: bool | None = None,
        gated: bool | str | None = None,
        granted: Iterable[str] | None = None,
    ) -> None:
        """Change who may see a repo; what is None stays as it is.

        Args:
            repo_id: The repo's id.
            repo_type: The repo's type.
            private: As in `create_repo`.
            gated: As in `create_repo`.
            granted: Names of users who are let in, for example ``["reader"]``.
        """

        def change(store: HubStore) -> None:
            repo = store.get(RepoName(repo_type=repo_type, repo_id=repo_id))
            store.set_access(repo, repo.access.changed(private=private, gated=gated, granted=granted))

        self._on_store(change)

    def rename(self, repo_id: str, new_id: str, repo_type: str = "model") -> None:
        """Give a repo another id; clients that ask for the old one are redirected."""
        old = RepoName(repo_type=repo_type, repo_id=repo_id)
        new = RepoName(repo_type=repo_type, repo_id=new_id)
        self._on_store(lambda store: store.rename(old, new))

    def delete_repo(self, repo_id: str, repo_type: str = "model") -> None:
        """Delete a repo and all it holds."""
        name = RepoName(repo_type=repo_type, repo_id=repo_id)
        self._on_store(lambda store: store.delete(name))

    # Commits and refs

    def commit(  # noqa: PLR0913 - a commit has that many parts
        self,
        repo_id: str,
        files: Mapping[str, bytes | Path | None],
        *,
        message: str = "commit",
        revision: str = "main",
        repo_type: str = "model",
        parent_commit: str | None = None,
    ) -> str:
        """Commit to a branch.

        A file goes to LFS if ``.gitattributes`` says so, or above 10 MiB; such a file has no Xet hash. Files
        on disk are copied while they are hashed, a block at a time.

        Args:
            repo_id: The repo's id.
            files: Path in the repo, and its content, a file to read it from, or None to delete the path.
            message: The commit message; what follows its first line is the description.
            revision: A branch, or ``refs/pr/N``.
            repo_type: The repo's type.
            parent_commit: Hash that the branch's head has to have, None for any.

        Returns:
            The new commit's hash, 40 hex digits.

        Raises:
            HubRefusal: A path leaves the repo or is to be deleted and not there, or the branch does not
                exist, or its head is not `parent_commit`.
        """
        name = RepoName(repo_type=repo_type, repo_id=repo_id)
        is_large = self._on_store(lambda store: store.get(name).git.size_rule(revision))
        change = stage(files, is_large, self._objects)  # here, not on the store's thread: it may take long

        def commit(store: HubStore) -> str:
            repo = store.get(name)
            created, _number = store.commit(
                repo, change, branch=revision, message=message, parent_hash=parent_commit
            )
            return created.commit_hash

        return self._on_store(commit)

    def add_folder(
        self,
        repo_id: str,
        folder: str | Path,
        *,
        message: str = "add folder",
        revision: str = "main",
        repo_type: str = "model",
    ) -> str:
        """Commit every file below a folder of the disk, as `commit` does; return the new commit's hash."""
        files = walk_folder(Path(folder))
        return self.commit(repo_id, files, message=message, revision=revision, repo_type=repo_type)

    def commit_hash(self, repo_id: str, revision: str = "main", repo_type: str = "model") -> str:
        """Return the hash of the commit that a branch, tag, ref or commit names."""
        name = RepoName(repo_type=repo_type, repo_id=repo_id)
        return self._on_store(lambda store: store.get(name).git.resolve(revision).commit_hash)

    def tag(
        self, repo_id: str, tag: str, revision: str = "main", *, repo_type: str = "model", force: bool = False
    ) -> None:
        """Tag a revision; with `force`, move a tag that exists."""
        self._set_ref(RepoName(repo_type=repo_type, repo_id=repo_id), ref_of_tag(tag), revision, force=force)

    def branch(
        self,
        repo_id: str,
        branch: str,
        revision: str = "main",
        *,
        repo_type: str = "model",
        force: bool = False,
    ) -> None:
        """Make a branch, or a pull request's ``refs/pr/N``; with `force`, move what exists (force push)."""
        self._set_ref(
            RepoName(repo_type=repo_type, repo_id=repo_id), ref_of_branch(branch), revision, force=force
        )

    def _set_ref(self, name: RepoName, ref: str, revision: str, *, force: bool) -> None:
        def change(store: HubStore) -> None:
            git = store.get(name).git
            git.set_ref(ref, git.resolve(revision).commit_hash, force=force)

        self._on_store(change)
