"""A pin's files on disk, held against the lock: in the standard Hub cache, or in a `local_dir`.

The cache is laid out as huggingface_hub has it
(https://huggingface.co/docs/huggingface_hub/guides/manage-cache): below a folder for the repo,
`blobs/<digest>` holds the bytes and `snapshots/<commit>/<path>` links to them.

A `local_dir` holds plain files. Beside them, in `.cache/huggingface/hfpin/`, a record says which digest each
file had when hfpin put it there: that is how an update tells its own old files from edited ones.
"""

from __future__ import annotations

import enum
import json
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import cast

from hfpin import atomic
from hfpin.dataclass import dataclass
from hfpin.digest import Algorithm, Digest, Hasher, digest_of
from hfpin.lock import LockedFile
from hfpin.paths import is_safe_path
from hfpin.pin import Target
from hfpin.places import Places
from hfpin.repo import RepoType


class FileState(enum.Enum):
    """How one file on disk compares with the lock."""

    PRESENT = "present"
    MISSING = "missing"
    SIZE = "size differs"
    DIGEST = "digest differs"
    NOT_A_FILE = "not a file"
    """Its name is taken by a folder, a socket or the like."""
    UNREADABLE = "cannot be read"
    """The system refuses to say: permissions, a loop of links, a failing disk."""
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


def quick_states(
    places: Places, target: Target, files: Iterable[LockedFile]
) -> Iterator[tuple[LockedFile, FileState]]:
    """Compare names and sizes, and in a `local_dir` the record. Reads no content.

    Args:
        places: Where files are.
        target: The target of their pin.
        files: The files.

    Yields:
        Each file, and how it compares.
    """
    folder = os.fspath(places.snapshot(target))
    if _is_gone(folder):  # an empty cache is told by one look
        yield from ((file, FileState.MISSING) for file in files)
        return
    record = read_record(places, target)
    for file in files:
        state, _ = size_state(f"{folder}/{file.path}", file)
        if state is FileState.PRESENT and target.local_dir is not None:
            is_recorded = record.get(file.path) == str(file.digest)
            state = state if is_recorded else FileState.UNRECORDED
        yield file, state


def _is_gone(folder: str) -> bool:
    """Whether nothing is there. Where the system refuses to say, each file is asked, and says that."""
    try:
        os.lstat(folder)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def size_state(path: Path | str, file: LockedFile) -> tuple[FileState, str | None]:
    """Compare name and size.

    Args:
        path: The file on disk.
        file: What the lock says of it.

    Returns:
        The state, and what was found instead: the size in bytes where that differs, the system's own words
        where it refuses.
    """
    try:
        status = os.stat(path)  # noqa: PTH116  # of a text: a Path takes longer to make than to look at
    except OSError as error:
        return _refused(error)
    if not stat.S_ISREG(status.st_mode):
        return FileState.NOT_A_FILE, None
    if status.st_size != file.size:
        return FileState.SIZE, str(status.st_size)
    return FileState.PRESENT, None


def full_state(path: Path, file: LockedFile) -> tuple[FileState, str | None]:
    """Compare size and digest, reading all of a file once.

    Args:
        path: The file on disk.
        file: What the lock says of it.

    Returns:
        What `size_state` gives, or for a file whose digest differs that and the hex digest it has.
    """
    state = size_state(path, file)  # before it is opened: opening a pipe would wait for ever
    if state[0] is not FileState.PRESENT:
        return state
    try:
        with path.open("rb", buffering=0) as opened:
            found = digest_of(opened, file.digest.algorithm, file.size)
    except OSError as error:
        return _refused(error)
    if found == file.digest:
        return FileState.PRESENT, None
    return FileState.DIGEST, found.hex


def tree_listing(files: Iterable[LockedFile]) -> bytes:
    """Write what a commit holds as huggingface_hub 2 keeps it, in `trees/<commit>.json` of the cache.

    With it `snapshot_download` at that commit asks nothing of the Hub. The format is that of its
    `_tree_cache` module, version 1; another version is ignored there. A large file's git blob is the pointer
    that git-lfs commits in its place (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md).

    Args:
        files: All files of the commit.
    """
    entries = {}
    for file in sorted(files, key=lambda file: file.path):
        if file.digest.algorithm == "git-sha1":
            entries[file.path] = {"size": file.size, "blob_id": file.digest.hex}
            continue
        pointer = (
            f"version https://git-lfs.github.com/spec/v1\noid sha256:{file.digest.hex}\nsize {file.size}\n"
        ).encode()
        hasher = Hasher("git-sha1", len(pointer))
        hasher.update(pointer)
        entries[file.path] = {
            "size": file.size,
            "blob_id": hasher.digest().hex,
            "lfs_sha256": file.digest.hex,
            "lfs_size": file.size,
        }
    return json.dumps({"format_version": 1, "files": entries}).encode()


def read_if_right(path: Path, file: LockedFile) -> bytes | None:
    """Read a small file into memory; None where it is not there, or not what is locked."""
    try:
        if path.stat().st_size != file.size:
            return None
        data = path.read_bytes()
    except OSError:
        return None
    hasher = Hasher(file.digest.algorithm, len(data))
    hasher.update(data)
    return data if hasher.digest() == file.digest else None


def _refused(error: OSError) -> tuple[FileState, str | None]:
    """What it means that a file could not be looked at."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return FileState.MISSING, None
    return FileState.UNREADABLE, error.strerror


def files_below(folder: Path) -> Iterator[str]:
    """List what is below a folder and no folder, by relative paths with forward slashes.

    Links to folders are named, not entered. A folder that is not there has nothing in it.

    Raises:
        OSError: A folder cannot be read.
    """
    waiting = [""]
    while waiting:
        within = waiting.pop()
        try:
            entries = list(os.scandir(folder / within))
        except (FileNotFoundError, NotADirectoryError):
            continue
        waiting += [f"{within}{entry.name}/" for entry in entries if entry.is_dir(follow_symlinks=False)]
        yield from (f"{within}{entry.name}" for entry in entries if not entry.is_dir(follow_symlinks=False))


def is_inside(folder: Path, path: str) -> bool:
    """Whether a path that a record names stays in the folder, also by links.

    A record may have come with a repository, and says then what a stranger likes.
    """
    if not is_safe_path(path):
        return False
    place = Path(os.path.realpath((folder / path).parent))
    return place == Path(os.path.realpath(folder), PurePosixPath(path).parent)


def is_as_recorded(path: Path, recorded: str | None) -> bool:
    """Whether a file of a `local_dir` still has the bytes that hfpin put there.

    Args:
        path: The file.
        recorded: `algorithm:hex`, as `read_record` gives it for the file; None where it is not recorded.

    Raises:
        OSError: The file cannot be read, or is not there.
    """
    algorithm, _, expected = (recorded or "").partition(":")
    try:
        digest = Digest(cast("Algorithm", algorithm), expected)
    except ValueError:
        return False
    with path.open("rb", buffering=0) as file:
        return digest_of(file, digest.algorithm, os.fstat(file.fileno()).st_size) == digest


def read_record(places: Places, target: Target) -> dict[str, str]:
    """Read which files hfpin put into a `local_dir`: path to `algorithm:hex`. Empty for the cache."""
    if target.local_dir is None:
        return {}
    try:
        record = json.loads(atomic.a_file(places.record(target)).read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}  # as if nothing were recorded: files are then hashed before they are trusted or replaced
    if not isinstance(record, dict):
        return {}
    return {str(path): str(digest) for path, digest in record.items()}


def write_record(places: Places, target: Target, record: Mapping[str, str]) -> None:
    """Write which files hfpin put into a `local_dir`, and keep git from committing the record."""
    path = places.record(target)
    path.parent.mkdir(parents=True, exist_ok=True)
    atomic.ignore(path.parent)
    atomic.write(path, json.dumps(dict(sorted(record.items())), indent=1).encode(), follow=False)
