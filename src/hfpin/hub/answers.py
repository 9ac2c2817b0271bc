"""What huggingface_hub passes on of the Hub's answers as it came: held against what a Hub gives."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from hfpin.digest import Digest
from hfpin.lock import LockedFile
from hfpin.paths import is_safe_path


def locked_file(entry: Any) -> LockedFile:
    """Read what the Hub lists of a file: a `RepoFile`, whose fields are whatever came.

    Raises:
        ValueError, TypeError: It is not of the kind that a Hub gives.
    """
    size = entry.lfs.size if entry.lfs else entry.size
    if not isinstance(entry.path, str) or type(size) is not int or size < 0:
        raise ValueError
    digest = Digest("sha256", entry.lfs.sha256) if entry.lfs else Digest("git-sha1", entry.blob_id)
    return LockedFile(path=entry.path, size=size, digest=digest)


def impossible_path(paths: Sequence[str]) -> str | None:
    """Give a path that is unsafe, stands twice, or is a file and a folder; None where there is none."""
    seen: set[str] = set()
    folders: set[str] = set()
    for path in paths:
        if path in seen or not is_safe_path(path):
            return path
        seen.add(path)
        folder = path.rpartition("/")[0]
        while folder and folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    return min(seen & folders, default=None)


@contextlib.contextmanager
def no_passwords(endpoint: str) -> Iterator[None]:
    """Keep the user and password of an address out of what huggingface_hub logs."""
    secret, at, _ = urlsplit(endpoint).netloc.rpartition("@")
    if not at:
        yield
        return
    import logging  # here: few addresses have one

    def hide(record: logging.LogRecord) -> bool:
        record.msg, record.args = record.getMessage().replace(f"{secret}@", ""), ()
        return True

    logger = logging.getLogger("huggingface_hub.utils._http")  # a filter does not see what others pass up
    logger.addFilter(hide)
    try:
        yield
    finally:
        logger.removeFilter(hide)
