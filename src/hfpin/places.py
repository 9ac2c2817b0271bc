"""Where a project is, and where its files go."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from hfpin.dataclass import dataclass
from hfpin.errors import HfpinError
from hfpin.paths import LOCK_FILE, RECORD_DIR

if TYPE_CHECKING:  # every command opens a project; few of them read its lock
    from hfpin.lock import LockedFile
    from hfpin.pin import Target
    from hfpin.repo import Repo

_MARKERS = (LOCK_FILE, "pyproject.toml", ".git")
_RECORD_NAME = "files.json"


def find_root(start: Path) -> Path:
    """Find the project that a folder is in: the nearest one up that holds a lock, a pyproject.toml or a .git.

    Args:
        start: An absolute path to a folder. It is the answer where no folder above it holds any of them.
    """
    for folder in (start, *start.parents):
        if any((folder / marker).exists() for marker in _MARKERS):
            return folder
    return start


def find_home() -> Path:
    """Find the user's home directory.

    In a container a user may have neither $HOME nor a name. Then it is `~`, in whatever folder one is, as for
    huggingface_hub: who says where the cache is, as one does there, needs none.
    """
    return Path(os.path.expanduser("~"))  # noqa: PTH111  # Path.home() fails where there is none


@dataclass(frozen=True, slots=True)
class Places:
    """Where a project's files go.

    Args:
        root: The project.
        cache: The Hub cache; or why there is none here, for whoever needs it.
    """

    root: Path
    cache: Path | HfpinError

    @property
    def cache_dir(self) -> Path:
        """The Hub cache.

        Raises:
            ConfigError: The project's settings lead to none here.
        """
        if isinstance(self.cache, HfpinError):
            raise self.cache
        return self.cache

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

    def workshop(self, target: Target) -> Path:
        """The folder in which the files of a target gather while they come, on the disk that they stay on."""
        if target.local_dir is None:
            return self.repo_folder(target.repo) / "blobs"
        return self.snapshot(target) / RECORD_DIR

    def record(self, target: Target) -> Path:
        """The record of a `local_dir`."""
        return self.snapshot(target) / RECORD_DIR / _RECORD_NAME
