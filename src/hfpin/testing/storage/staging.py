"""Local content on its way into a commit: large files to the object store, the rest as bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hfpin.testing.storage.hub_store import Change
from hfpin.testing.storage.paths import check_path

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from hfpin.testing.storage.lfs import LargeObjects


def stage(
    files: Mapping[str, bytes | Path | None], is_large: Callable[[str, int], bool], objects: LargeObjects
) -> Change:
    """Return the change that makes of `files` what a commit holds.

    Args:
        files: Path in the repo, and its content, a file to read it from, or None to delete the path.
        is_large: Tells by path and size in bytes whether a file goes to the object store.
        objects: The object store.

    Raises:
        HubRefusal: A path leaves the repo (status 400); nothing was stored.
        OSError: A file cannot be read.
    """
    for path in files:
        check_path(path)
    contents = {
        path: _stored(path, source, is_large, objects) for path, source in files.items() if source is not None
    }
    return Change(files=contents, deleted_files=tuple(path for path in files if files[path] is None))


def walk_folder(folder: Path) -> dict[str, bytes | Path | None]:
    """Return every file below a folder, by its path with forward slashes.

    Raises:
        NotADirectoryError: There is no such folder.
    """
    if not folder.is_dir():
        raise NotADirectoryError(f"{folder} is not a folder.")
    return {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}


def _stored(
    path: str, source: bytes | Path, is_large: Callable[[str, int], bool], objects: LargeObjects
) -> bytes:
    if isinstance(source, bytes):
        return objects.add_bytes(source).dumps() if is_large(path, len(source)) else source
    return objects.add_file(source).dumps() if is_large(path, source.stat().st_size) else source.read_bytes()
