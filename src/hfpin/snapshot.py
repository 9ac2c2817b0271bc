"""A pin's files on disk, held against the lock: in the standard Hub cache, or in a `local_dir`.

The cache is laid out as huggingface_hub has it
(https://huggingface.co/docs/huggingface_hub/guides/manage-cache): below a folder for the repo,
`blobs/<digest>` holds the bytes and `snapshots/<commit>/<path>` links to them.

A `local_dir` holds plain files. Beside them, in `.cache/hfpin/`, a record says which digest each file had
when hfpin put it there: that is how an update tells its own old files from ones that somebody edited.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hfpin import atomic
from hfpin.digest import digest_of
from hfpin.lock import LockedFile
from hfpin.paths import RECORD_DIR
from hfpin.pin import Target
from hfpin.repo import Repo, RepoType

_RECORD_NAME = "files.json"


class FileState(enum.Enum):
    """How one file on disk compares with the lock."""

    PRESENT = "present"
    MISSING = "missing"
    SIZE = "size differs"
    DIGEST = "digest differs"
    UNRECORDED = "not recorded"
    """In a `local_dir`, with the right size, but hfpin did not put it there for this commit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A pin's files, complete on disk.

    Attributes:
        name: The pin's name.
        path: The folder that holds the files under their own names.
        repo_id: `namespace/name`.
        repo_type: `model`, `dataset`, `space` or `kernel`.
        revision: The commit, 40 lowercase hex digits: what to pass as `revision=`.
    """

    name: str
    path: Path
    repo_id: str
    repo_type: RepoType
    revision: str


@dataclass(frozen=True, slots=True)
class Places:
    """Where a project's files go.

    Args:
        root: The project.
        cache_dir: The Hub cache.
    """

    root: Path
    cache_dir: Path

    def repo_folder(self, repo: Repo) -> Path:
        """The cache's folder for a repo: `models--namespace--name`."""
        return self.cache_dir / "--".join((f"{repo.repo_type}s", *repo.repo_id.split("/")))

    def blob(self, repo: Repo, file: LockedFile) -> Path:
        """Where the cache keeps the bytes of a file: named by the digest that the Hub gives as its etag."""
        return self.repo_folder(repo) / "blobs" / file.digest.hex

    def snapshot(self, target: Target) -> Path:
        """The folder in which the files of a target stand under their own names."""
        if target.local_dir is not None:
            return self.root / target.local_dir
        return self.repo_folder(target.repo) / "snapshots" / target.commit

    def record(self, target: Target) -> Path:
        """The record of a `local_dir`."""
        return self.snapshot(target) / RECORD_DIR / _RECORD_NAME


def quick_state(places: Places, target: Target, file: LockedFile, record: Mapping[str, str]) -> FileState:
    """Compare name and size, and in a `local_dir` the record. Reads no content.

    Args:
        places: Where files are.
        target: The pin's target.
        file: The file.
        record: What `read_record` gave for this target; empty for the cache.
    """
    try:
        size = (places.snapshot(target) / file.path).stat().st_size
    except (FileNotFoundError, NotADirectoryError):
        return FileState.MISSING
    if size != file.size:
        return FileState.SIZE
    if target.local_dir is not None and record.get(file.path) != str(file.digest):
        return FileState.UNRECORDED
    return FileState.PRESENT


def full_state(path: Path, file: LockedFile) -> tuple[FileState, str | None]:
    """Compare size and digest, reading all of a file once.

    Args:
        path: The file on disk.
        file: What the lock says of it.

    Returns:
        The state, and for a file whose digest differs the hex digest it has.
    """
    try:
        with path.open("rb") as opened:
            if path.stat().st_size != file.size:
                return FileState.SIZE, None
            found = digest_of(opened, file.digest.algorithm, file.size)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return FileState.MISSING, None
    if found == file.digest:
        return FileState.PRESENT, None
    return FileState.DIGEST, found.hex


def read_record(places: Places, target: Target) -> dict[str, str]:
    """Read which files hfpin put into a `local_dir`: path to `algorithm:hex`. Empty for the cache."""
    if target.local_dir is None:
        return {}
    try:
        record = json.loads(places.record(target).read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}  # as if nothing were recorded: files are then hashed before they are trusted or replaced
    if not isinstance(record, dict):
        return {}
    return {str(path): str(digest) for path, digest in record.items()}


def write_record(places: Places, target: Target, record: Mapping[str, str]) -> None:
    """Write which files hfpin put into a `local_dir`, and keep git from committing the record."""
    path = places.record(target)
    path.parent.mkdir(parents=True, exist_ok=True)
    atomic.write(path.parent / ".gitignore", b"*\n")
    atomic.write(path, json.dumps(dict(sorted(record.items())), indent=1).encode())
