"""Remembers what was found of a lock and the configs as they stand, so that not every fetch finds it again.

A fetch with nothing to fetch would spend most of its time on that: to compare the lock with the configs, it
loads a YAML reader and scans each declaring file; to tell whether weights are whole, it looks at each header.

The memo is about one state of the project, by a digest over the settings, the lock, and the name and bytes of
each declaring file. Where any of it changes, where a declaring file comes or goes, or where another version
of hfpin or Python asks, it is as if there were none. It holds good news only: that lock and configs agree,
and which pins were found whole. Whether files are there is never remembered: the disk is asked.

It is in `.cache/huggingface/hfpin/memo` of the project. It is safe to delete, and where it cannot be written
everything works without it.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from hfpin import __version__, atomic
from hfpin.dataclass import dataclass
from hfpin.errors import HfpinError
from hfpin.lock import Lock
from hfpin.operations.project import Project, declaring_files, read_lock
from hfpin.paths import RECORD_DIR

_NAME = "memo"
_LONGEST = 16 << 20
"""Bytes of a lock, a hundred thousand files, that is not too long to be read twice when something is new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Memo:
    """What is remembered of a project whose lock and configs agree.

    Args:
        project: The project.
        lock: Its lock, as it was read.
        digest: Of all that the memo is about; None where nothing is to be remembered.
        whole: Names of the pins that were found whole.
    """

    project: Project
    lock: Lock
    digest: str | None
    whole: frozenset[str] = frozenset()

    def keep(self, whole: Iterable[str] = ()) -> None:
        """Remember it, with the pins that were found whole, if there is news and all still is as it was."""
        found = self.whole.union(whole)
        if self.digest is None or _read(self.project) == [self.digest, *sorted(found)]:
            return
        with contextlib.suppress(HfpinError, OSError):
            # the lock that was read must be the one that the digest is about, also where somebody writes
            if self.digest == _digest(self.project) and self.lock == read_lock(self.project):
                _write(self.project, "\n".join([self.digest, *sorted(found)]))


def refuse_drift(project: Project, lock: Lock) -> Memo:
    """Refuse a lock that is not about the configs, as `drift.refuse_drift` does, if that is not remembered.

    Args:
        project: The project.
        lock: Its lock, as it was read.

    Returns:
        What is remembered beside that they agree.

    Raises:
        LockError: They do not agree, or what patterns leave of a model cannot be loaded.
        ConfigError: A declaring file cannot be read, or what it declares could not be locked.
    """
    digest = _digest(project)
    known, *whole = _read(project) or [""]
    if digest is not None and digest == known:
        return Memo(project=project, lock=lock, digest=digest, whole=frozenset(whole))
    from hfpin.operations import drift  # here: it loads all that finds references

    drift.refuse_drift(project, lock)
    memo = Memo(project=project, lock=lock, digest=digest)
    memo.keep()
    return memo


def _digest(project: Project) -> str | None:
    """Digest all that a memo is about.

    None where that is too long, or cannot be read, which the comparison puts into words.
    """
    import hashlib

    hasher = hashlib.sha256()
    try:
        if project.lock_path.stat().st_size > _LONGEST:
            return None
        for part in _parts(project):
            hasher.update(b"%d\n" % len(part))
            hasher.update(part)
    except (OSError, HfpinError):
        return None
    return hasher.hexdigest()


def _parts(project: Project) -> Iterator[bytes]:
    # By the numbers of two inodes a memo that somebody committed is about no clone of the repository.
    inodes = [project.root.stat().st_ino, project.lock_path.stat().st_ino]
    yield repr((__version__, sys.implementation.cache_tag, inodes, project.config)).encode()
    yield project.lock_path.read_bytes()
    for path in declaring_files(project):
        yield os.fsencode(path.relative_to(project.root))
        yield path.read_bytes()


def _read(project: Project) -> list[str] | None:
    """Read the digest and the names; None where there is nothing that could be."""
    try:
        return atomic.a_file(_path(project)).read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError):
        return None


def _write(project: Project, text: str) -> None:
    path = _path(project)
    place = Path(os.path.realpath(path.parent))
    if place != Path(os.path.realpath(project.root), RECORD_DIR) or path.is_symlink():
        return  # a link that came with the repository could lead to any file of its user's
    path.parent.mkdir(parents=True, exist_ok=True)
    atomic.ignore(path.parent)
    atomic.write(path, text.encode(), follow=False)


def _path(project: Project) -> Path:
    return project.root / RECORD_DIR / _NAME
