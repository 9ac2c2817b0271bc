"""Tell whether the lock is about the configs as they stand. Offline."""

from __future__ import annotations

from collections.abc import Iterator

from hfpin.errors import LockError
from hfpin.lock import FILE_NAME, Lock
from hfpin.operations.project import Project, scan_declaring_files
from hfpin.pin import Target
from hfpin.reference import Reference
from hfpin.repo import RevisionKind, revision_kind


def refuse_drift(project: Project, lock: Lock) -> None:
    """Refuse a lock that lacks what a config declares: what it fetches would not be what is meant.

    Raises:
        LockError: It does.
        ConfigError: A declaring file cannot be read.
    """
    for where, message in _drift(project, lock):
        raise LockError(
            f"{where}: {message}",
            hint="Run `hfpin pin` (or `hfpin lock`, where all is pinned) to bring the lock up to date.",
        )


def _drift(project: Project, lock: Lock) -> Iterator[tuple[str, str]]:
    for scanned in scan_declaring_files(project):
        for reference in scanned.references:
            if not _is_locked(reference, lock):
                yield reference.where, f"{reference.repo} as it stands here is not in {FILE_NAME}"


def _is_locked(reference: Reference, lock: Lock) -> bool:
    if reference.revision is None:
        return False
    kind = revision_kind(reference.revision)
    if kind is RevisionKind.DYNAMIC:
        return True
    return any(
        _same(reference, locked.pin.target)
        and reference.revision == (locked.pin.commit if kind is RevisionKind.COMMIT else locked.pin.revision)
        for locked in lock.pins
    )


def _same(reference: Reference, target: Target) -> bool:
    local_dir = (reference.local_dir or "").removeprefix("./").rstrip("/") or None
    return (reference.repo, reference.patterns, local_dir) == (target.repo, target.patterns, target.local_dir)
