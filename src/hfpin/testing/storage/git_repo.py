"""One repo's git side: revisions, trees, commits and refs, in a bare repository kept by dulwich."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dulwich.index import commit_tree
from dulwich.object_store import iter_tree_contents, tree_lookup_path
from dulwich.objects import Blob, Commit, ObjectID, Tag
from dulwich.refs import Ref
from dulwich.repo import Repo

from hfpin.testing.refusal import bad_request, conflict, revision_not_found
from hfpin.testing.storage.lfs import LfsPointer, is_large, lfs_patterns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

FILE_MODE = 0o100644
SECONDS_BETWEEN_COMMITS = 60
_AUTHOR = b"Tester <tester@localhost>"
_COMMIT_HASH = re.compile(r"[0-9a-f]{40}")
_ABBREVIATED_COMMIT = re.compile(r"[0-9a-f]{7,39}")


@dataclass(frozen=True, kw_only=True, slots=True)
class CommitInfo:
    """One commit: its hash and its tree's (40 hex digits), seconds since 1970, and its whole message."""

    commit_hash: str
    tree_hash: str
    timestamp: int
    message: str

    @property
    def title(self) -> str:
        """The message's first line."""
        return self.message.partition("\n")[0]

    @property
    def description(self) -> str:
        """The message without its title."""
        return self.message.partition("\n")[2].strip("\n")


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredFile:
    """One file as git has it: the blob's sha1, its size in bytes, and the pointer if the blob is one."""

    blob_hash: str
    blob_size: int
    pointer: LfsPointer | None

    @property
    def size(self) -> int:
        """Bytes that a reader of the file gets."""
        return self.pointer.size if self.pointer else self.blob_size

    @property
    def digest(self) -> str:
        """The sha256 of a large file, the git blob sha1 of any other."""
        return self.pointer.oid if self.pointer else self.blob_hash


class GitRepo:
    """A bare git repository with the few verbs that the Hub needs.

    Commits, trees and files are immutable, so they are kept in memory once they were read: a snapshot of
    1,500 files asks for the same tree 3,000 times.

    Args:
        folder: An existing bare repository.
    """

    def __init__(self, folder: Path) -> None:
        self._repo = Repo(str(folder))
        self._commits: dict[str, CommitInfo] = {}
        self._trees: dict[str, Mapping[str, str]] = {}
        self._files: dict[str, StoredFile] = {}

    @classmethod
    def create(cls, folder: Path) -> GitRepo:
        """Make a repository whose default branch is ``main``, and that has no commit yet."""
        folder.mkdir(parents=True)
        repo = Repo.init_bare(str(folder))
        repo.refs.set_symbolic_ref(Ref(b"HEAD"), Ref(b"refs/heads/main"))
        repo.close()
        return cls(folder)

    def close(self) -> None:
        """Let go of open packs, without which Windows deletes no folder."""
        self._repo.close()

    # Revisions and refs

    def refs(self) -> dict[str, str]:
        """Return each full ref name (without HEAD) with the hash of its commit, sorted by name."""
        names = sorted(name.decode() for name in self._repo.refs.allkeys() if name.startswith(b"refs/"))
        return {name: self._commit_at(Ref(name.encode())).id.decode() for name in names}

    def resolve(self, revision: str) -> CommitInfo:
        """Return the commit that a branch, tag, full ref, commit hash or abbreviated hash names.

        Raises:
            HubRefusal: The repo has no such revision (status 404, ``RevisionNotFound``).
        """
        if revision in self._commits:
            return self._commits[revision]
        for name in (f"refs/heads/{revision}", f"refs/tags/{revision}", revision):
            if name.startswith("refs/") and self.has_ref(name):
                return _info(self._commit_at(Ref(name.encode())))
        for object_id in self._objects_named(revision):
            found = self._repo[object_id]
            if isinstance(found, Commit):
                return self._commits.setdefault(found.id.decode(), _info(found))
        raise revision_not_found(revision)

    def has_ref(self, ref: str) -> bool:
        """Tell whether the full ref exists."""
        return Ref(ref.encode()) in self._repo.refs

    def set_ref(self, ref: str, commit_hash: str, *, force: bool = False) -> None:
        """Point a ref at a commit.

        Raises:
            HubRefusal: The ref exists and `force` is false (status 409).
        """
        if not force and self.has_ref(ref):
            raise conflict(f"Reference exists already: {ref}")
        self._repo.refs[Ref(ref.encode())] = ObjectID(commit_hash.encode())

    def delete_ref(self, ref: str) -> None:
        """Forget a ref.

        Raises:
            HubRefusal: There is no such ref (status 404, ``RevisionNotFound``).
        """
        if not self.has_ref(ref):
            raise revision_not_found(ref)
        del self._repo.refs[Ref(ref.encode())]

    def history(self, commit: CommitInfo) -> Iterator[CommitInfo]:
        """Yield the commit and its ancestors, newest first."""
        for entry in self._repo.get_walker(include=[ObjectID(commit.commit_hash.encode())]):
            yield _info(entry.commit)

    def last_change(self, commit: CommitInfo, path: str) -> CommitInfo:
        """Return the newest commit, up to `commit`, that changed a file or anything below a folder."""
        start = ObjectID(commit.commit_hash.encode())
        walker = self._repo.get_walker(include=[start], paths=[path.encode()], max_entries=1)
        return _info(next(iter(walker)).commit)

    # Trees and files

    def tree(self, commit: CommitInfo) -> Mapping[str, str]:
        """Return every file's path with its blob's sha1, sorted by path."""
        known = self._trees.get(commit.tree_hash)
        if known is None:
            entries = iter_tree_contents(self._repo.object_store, ObjectID(commit.tree_hash.encode()))
            known = dict(sorted((_text(entry.path), _text(entry.sha)) for entry in entries))
            self._trees[commit.tree_hash] = known
        return known

    def file(self, blob_hash: str) -> StoredFile:
        """Return what is known of a blob."""
        known = self._files.get(blob_hash)
        if known is None:
            content = self.content(blob_hash)
            pointer = LfsPointer.loads(content)
            known = StoredFile(blob_hash=blob_hash, blob_size=len(content), pointer=pointer)
            self._files[blob_hash] = known
        return known

    def content(self, blob_hash: str) -> bytes:
        """Return a blob's bytes."""
        blob = self._repo[ObjectID(blob_hash.encode())]
        if not isinstance(blob, Blob):
            raise TypeError(f"Object {blob_hash} is a {blob.type_name.decode()}, not a blob.")
        return blob.data

    def folder_hash(self, commit: CommitInfo, path: str) -> str:
        """Return the sha1 of a folder's tree."""
        root = ObjectID(commit.tree_hash.encode())
        return tree_lookup_path(self._repo.get_object, root, path.encode())[1].decode()

    def size_rule(self, revision: str) -> Callable[[str, int], bool]:
        """Return what tells, by path and size in bytes, whether a file goes to LFS at a revision.

        Raises:
            HubRefusal: The repo has no such revision (status 404, ``RevisionNotFound``).
        """
        attributes = self.tree(self.resolve(revision)).get(".gitattributes")
        patterns = lfs_patterns(self.content(attributes)) if attributes else ()
        return lambda path, size: is_large(path, size, patterns)

    # Commits

    def add_blobs(self, contents: Mapping[str, bytes]) -> dict[str, str]:
        """Store each path's content as a blob; return each path's blob sha1."""
        blobs = {path: Blob.from_string(content) for path, content in contents.items()}
        for blob in blobs.values():
            self._repo.object_store.add_object(blob)
        return {path: blob.id.decode() for path, blob in blobs.items()}

    def add_commit(
        self, ref: str, files: Mapping[str, str], *, message: str, parent: CommitInfo | None, timestamp: int
    ) -> CommitInfo:
        """Write a commit and move `ref` to it.

        Author and time are fixed by the caller, so that the same content has the same hash in every run.

        Args:
            ref: Full ref name.
            files: Every file of the new tree: path and blob sha1.
            message: The whole message.
            parent: None for a first commit.
            timestamp: Seconds since 1970.

        Raises:
            HubRefusal: One path is both a file and a folder (status 400).
        """
        _refuse_files_as_folders(files)
        commit = Commit()
        commit.tree = commit_tree(
            self._repo.object_store,
            [(path.encode(), ObjectID(blob.encode()), FILE_MODE) for path, blob in files.items()],
        )
        commit.parents = [ObjectID(parent.commit_hash.encode())] if parent else []
        commit.author = commit.committer = _AUTHOR
        commit.author_time = commit.commit_time = timestamp
        commit.author_timezone = commit.commit_timezone = 0
        commit.encoding = b"UTF-8"
        commit.message = message.encode()
        self._repo.object_store.add_object(commit)
        self._repo.refs[Ref(ref.encode())] = commit.id
        return _info(commit)

    def _objects_named(self, revision: str) -> Iterator[ObjectID]:
        """Yield the objects whose hash is, or begins with, a revision that may be a hash."""
        prefix, store = ObjectID(revision.encode()), self._repo.object_store
        if _COMMIT_HASH.fullmatch(revision):
            yield from (prefix,) if prefix in store else ()
        elif _ABBREVIATED_COMMIT.fullmatch(revision):
            yield from (object_id for object_id in store if object_id.startswith(prefix))

    def _commit_at(self, ref: Ref) -> Commit:
        found = self._repo[self._repo.refs[ref]]
        while isinstance(found, Tag):
            found = self._repo[found.object[1]]
        if not isinstance(found, Commit):
            raise revision_not_found(ref.decode())
        return found


def _refuse_files_as_folders(files: Mapping[str, str]) -> None:
    for path in files:
        parts = path.split("/")
        for depth in range(1, len(parts)):
            folder = "/".join(parts[:depth])
            if folder in files:
                raise bad_request(
                    f"Path {folder!r} is a file, so {path!r} cannot be below it: delete one of them."
                )


def _info(commit: Commit) -> CommitInfo:
    return CommitInfo(
        commit_hash=commit.id.decode(),
        tree_hash=commit.tree.decode(),
        timestamp=commit.commit_time,
        message=commit.message.decode(errors="replace"),
    )


def _text(value: bytes | None) -> str:
    return (value or b"").decode(errors="surrogateescape")
