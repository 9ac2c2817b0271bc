"""Derive the lock from what the configs declare and what the Hub holds.

What the old lock says is kept where it is still right, so the Hub is asked only for what is new.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hfpin.errors import ConfigError, HubError, LockError
from hfpin.hub import Hub
from hfpin.lock import Lock, LockedFile, LockedPin, is_safe_path
from hfpin.operations.project import Project, read_lock, scan_declaring_files, write_lock
from hfpin.pin import Mention, Pin, Target, assign_names
from hfpin.reference import Reference
from hfpin.repo import RevisionKind, revision_kind


@dataclass(frozen=True, slots=True, kw_only=True)
class LockResult:
    """What locking did.

    Args:
        lock: The lock as it is now.
        added: Names of pins that are new, or stand for something else than before.
        removed: Names of pins that are gone.
        skipped: References whose revision another program fills in: they cannot be locked.
        changed: Whether the file changed.
    """

    lock: Lock
    added: tuple[str, ...]
    removed: tuple[str, ...]
    skipped: tuple[Reference, ...]
    changed: bool


def lock(project: Project, hub: Hub) -> LockResult:
    """Write the project's lock.

    Raises:
        ConfigError: A declaring file cannot be read, names collide, or a `local_dir` cannot be used.
        LockError: A reference has no revision that can be locked.
        HubError: The Hub was asked, and refused or did not answer.
    """
    old = _old_lock(project)
    references = [reference for scanned in scan_declaring_files(project) for reference in scanned.references]
    _refuse_unpinned(references)
    skipped = tuple(reference for reference in references if _kind(reference) is RevisionKind.DYNAMIC)
    mentions: list[Mention] = []
    asked_for: dict[Target, set[str]] = {}
    for reference in references:
        if reference in skipped or reference.revision is None:
            continue
        commit = _commit(reference, reference.revision, old, hub)
        target = Target(
            repo=reference.repo,
            commit=commit,
            patterns=reference.patterns,
            local_dir=_local_dir(reference),
        )
        mentions.append(Mention(target=target, name=reference.name, where=reference.where))
        is_named = commit != reference.revision
        requested = reference.revision if is_named else reference.requested or commit
        asked_for.setdefault(target, set()).add(requested)
    _refuse_shared_local_dirs(mentions)
    where = {mention.target: mention.where for mention in reversed(mentions)}
    pins = []
    for target, (name, *aliases) in assign_names(mentions).items():
        named = asked_for[target] - {target.commit}
        revision = min(named) if named else target.commit
        pin = Pin(name=name, aliases=tuple(sorted(aliases)), target=target, revision=revision)
        pins.append(LockedPin(pin=pin, files=_files(target, where[target], old, hub)))
    new = Lock(tuple(sorted(pins, key=lambda locked: locked.pin.name)))
    before = {locked.pin.name: locked.pin.target for locked in old.pins}
    after = {locked.pin.name: locked.pin.target for locked in new.pins}
    return LockResult(
        lock=new,
        added=tuple(name for name, target in after.items() if before.get(name) != target),
        removed=tuple(name for name in before if name not in after),
        skipped=skipped,
        changed=write_lock(project, new),
    )


def _old_lock(project: Project) -> Lock:
    """Read what may be kept. A lock that cannot be used is not kept, and is written anew."""
    if not project.lock_path.exists():
        return Lock()
    try:
        return read_lock(project)
    except LockError:
        return Lock()


def _kind(reference: Reference) -> RevisionKind | None:
    return None if reference.revision is None else revision_kind(reference.revision)


def _refuse_unpinned(references: Iterable[Reference]) -> None:
    loose = [reference for reference in references if _kind(reference) in (None, RevisionKind.MUTABLE)]
    if not loose:
        return
    first = loose[0]
    more = f" (and {len(loose) - 1} more)" if len(loose) > 1 else ""
    raise LockError(
        f"{first.where}: {first.repo} has no revision that can be locked{more}",
        hint="Run `hfpin pin` to write their commits into the configs; it writes the lock too.",
    )


def _commit(reference: Reference, revision: str, old: Lock, hub: Hub) -> str:
    if revision_kind(revision) is RevisionKind.COMMIT:
        return revision
    for locked in old.pins:
        if locked.pin.repo == reference.repo and locked.pin.revision == revision:
            return locked.pin.commit
    with _located(reference.where):
        return hub.resolve(reference.repo, revision).commit


@contextlib.contextmanager
def _located(where: str) -> Iterator[None]:
    """Say in the Hub's errors which line of which config asked."""
    try:
        yield
    except HubError as error:
        raise type(error)(f"{where}: {error.message}", hint=error.hint) from None


def _files(target: Target, where: str, old: Lock, hub: Hub) -> tuple[LockedFile, ...]:
    for locked in old.pins:
        known = locked.pin.target
        if (known.repo, known.commit, known.patterns) == (target.repo, target.commit, target.patterns):
            return locked.files
    with _located(where):
        files = hub.files(target.repo, target.commit)
    return tuple(file for file in files if target.patterns.keeps(file.path))


def _local_dir(reference: Reference) -> str | None:
    written = reference.local_dir
    if written is None:
        return None
    tidy = written.removeprefix("./").rstrip("/")
    if not is_safe_path(tidy):
        raise ConfigError(
            f"{reference.where}: local_dir {written!r} is not a path inside the project",
            hint="Write a relative one, like data/models/mistral; a shared place is [tool.hfpin] cache-dir.",
        )
    return tidy


def _refuse_shared_local_dirs(mentions: Iterable[Mention]) -> None:
    """Refuse two targets in one folder, or in a folder of one another: files would replace each other."""
    first: dict[str, Mention] = {}
    for mention in mentions:
        if mention.target.local_dir is not None:
            first.setdefault(mention.target.local_dir, mention)
            if first[mention.target.local_dir].target != mention.target:
                raise _shared(mention, first[mention.target.local_dir])
    for path, mention in first.items():
        for other, outer in first.items():
            if path.startswith(f"{other}/"):
                raise _shared(mention, outer)


def _shared(mention: Mention, other: Mention) -> ConfigError:
    return ConfigError(
        f"{mention.where}: local_dir {mention.target.local_dir!r} is used already, at {other.where}",
        hint="Give each pin a folder of its own.",
    )
