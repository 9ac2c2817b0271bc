"""Derive the lock from what the configs declare and what the Hub holds.

What the old lock says is kept where it is still right. The Hub is asked once for each tag or branch, whether
it is where it was, and once for the files of each commit that is new (or is newly filtered); the index of a
sharded model is read where patterns may have left out some of its shards. Nothing else.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator
from functools import partial

from hfpin.dataclass import dataclass, field, replace
from hfpin.digest import Hasher
from hfpin.errors import (
    ConfigError,
    HubError,
    IntegrityError,
    LockError,
    NetworkError,
    OfflineError,
    RevisionMovedError,
)
from hfpin.hub import Hub
from hfpin.lock import Lock, LockedFile, LockedPin
from hfpin.operations.complete import refuse_incomplete
from hfpin.operations.declared import Declared, read_declaration, refuse_loose, settle
from hfpin.operations.project import Project, read_lock, write_lock
from hfpin.operations.record import record_tensors
from hfpin.operations.select import select
from hfpin.paths import is_record_path
from hfpin.reference import Reference
from hfpin.repo import Repo

_LARGEST_INDEX = 64 << 20
"""Bytes. The largest on the Hub are a few MiB; what is larger is no index, whatever it is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LockResult:
    """What locking did.

    Args:
        lock: The lock as it is now.
        added: Names of pins that are new, or stand for something else than before.
        removed: Names of pins that are gone.
        skipped: References that cannot be locked as they are written.
        unasked: References whose tag or branch stays where the lock has it, because the Hub gave no answer.
        changed: Whether the file changed.
    """

    lock: Lock
    added: tuple[str, ...]
    removed: tuple[str, ...]
    skipped: tuple[Reference, ...]
    unasked: tuple[Reference, ...]
    changed: bool


def lock(project: Project, hub: Hub, *, update: Collection[str] | None = ()) -> LockResult:
    """Write the project's lock.

    Args:
        project: The project.
        hub: Asked for what is new.
        update: Pins, by name or repo id, whose tag or branch may be somewhere else than it was; None for all.

    Raises:
        ConfigError: A declaring file cannot be read, names collide, or a `local_dir` cannot be used.
        LockError: A reference has no revision that can be locked, a tag moved, or what patterns leave of a
            model cannot be loaded.
        HubError: The Hub was asked, and refused or did not answer about what is new.
    """
    old = _old_lock(project)
    declaration = read_declaration(project)
    refuse_loose(declaration)
    asking = _Asking(hub=hub, old=old, movable=_movable(old, update))
    declared = settle(project, declaration.references, asking.commit)
    asking.refuse_moved()
    new = Lock(record_tensors(project, (asking.locked(one) for one in declared), hub))
    refuse_incomplete(project, new.pins, {one.pin.name: one.where for one in declared})
    before = {locked.pin.name: locked.pin.target for locked in old.pins}
    after = {locked.pin.name: locked.pin.target for locked in new.pins}
    return LockResult(
        lock=new,
        added=tuple(name for name, target in after.items() if before.get(name) != target),
        removed=tuple(name for name in before if name not in after),
        skipped=declaration.skipped,
        unasked=tuple(asking.unasked),
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


def _movable(old: Lock, update: Collection[str] | None) -> frozenset[tuple[Repo, str]]:
    pins = old.pins if update is None else [old.find(name) for name in update]
    return frozenset((locked.pin.repo, locked.pin.revision) for locked in pins)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moved:
    """A tag or branch that is not where it was locked."""

    reference: Reference
    locked: str
    found: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asking:
    """One run: the Hub, and what it has said so far, so that nothing is asked twice.

    Args:
        hub: The Hub.
        old: The lock as it was.
        movable: Repos and revisions that may be somewhere else than they were.
    """

    hub: Hub
    old: Lock
    movable: frozenset[tuple[Repo, str]]
    commits: dict[tuple[Repo, str], str] = field(default_factory=dict)
    trees: dict[tuple[Repo, str], tuple[LockedFile, ...]] = field(default_factory=dict)
    moved: list[_Moved] = field(default_factory=list)
    unasked: list[Reference] = field(default_factory=list)

    def commit(self, reference: Reference, revision: str) -> str:
        """Settle a tag or branch."""
        asked = (reference.repo, revision)
        if asked not in self.commits:
            self.commits[asked] = self._ask(reference, revision)
        return self.commits[asked]

    def _ask(self, reference: Reference, revision: str) -> str:
        known = self._known(reference.repo, revision)
        if known is not None and self.unasked:
            self.unasked.append(reference)  # one answer that did not come is enough to wait for
            return known
        try:
            with _located(reference.where):
                found = self.hub.resolve(reference.repo, revision).commit
        except (NetworkError, OfflineError):
            if known is None:
                raise
            self.unasked.append(reference)
            return known
        if known is not None and known != found and (reference.repo, revision) not in self.movable:
            self.moved.append(_Moved(reference=reference, locked=known, found=found))
        return found

    def _known(self, repo: Repo, revision: str) -> str | None:
        pins = (locked.pin for locked in self.old.pins)
        return next((pin.commit for pin in pins if (pin.repo, pin.revision) == (repo, revision)), None)

    def refuse_moved(self) -> None:
        """Refuse to follow a tag that moved, unless that was asked for.

        Raises:
            RevisionMovedError: There is one.
        """
        if not self.moved:
            return
        first, *others = self.moved
        more = f" (and {len(others)} more)" if others else ""
        reference = first.reference
        names = " ".join(
            dict.fromkeys(
                locked.pin.name
                for one in self.moved
                for locked in self.old.pins
                if (locked.pin.repo, locked.pin.revision) == (one.reference.repo, one.reference.revision)
            )
        )
        raise RevisionMovedError(
            f"{reference.where}: {reference.revision} of {reference.repo} moved: hfpin.lock has "
            f"{first.locked}, the Hub has {first.found}{more}",
            hint=f"`hfpin lock --update {names}` follows it; to stay, declare the commit that is locked.",
        )

    def locked(self, declared: Declared) -> LockedPin:
        """Give a pin its files: those of the old lock where that is about the same, else the Hub's."""
        pin, target = declared.pin, declared.pin.target
        for known in self.old.pins:
            same = known.pin.target
            if (same.repo, same.commit, same.patterns, same.formats) == (
                target.repo,
                target.commit,
                target.patterns,
                target.formats,
            ):
                found = replace(known, pin=pin)
                break
        else:
            with _located(declared.where):
                files = self._tree(target.repo, target.commit)
                selection = select(files, target, partial(self._read, target.repo, target.commit))
            found = LockedPin(
                pin=pin,
                files=selection.kept,
                dropped=selection.dropped,
                unmatched_patterns=selection.unmatched_patterns,
                incomplete=selection.incomplete,
            )
        if target.local_dir is not None:
            _refuse_record_paths(found, declared.where)
        return found

    def _tree(self, repo: Repo, commit: str) -> tuple[LockedFile, ...]:
        if (repo, commit) not in self.trees:
            self.trees[repo, commit] = self.hub.files(repo, commit)
        return self.trees[repo, commit]

    def _read(self, repo: Repo, commit: str, file: LockedFile) -> bytes:
        """Read a small file of a commit into memory, and check its digest."""
        if file.size > _LARGEST_INDEX:
            return b""
        hasher, chunks = Hasher(file.digest.algorithm, file.size), []
        with self.hub.open(repo, commit, file.path) as stream:
            for chunk in stream.chunks:
                hasher.update(chunk)
                chunks.append(chunk)
        if hasher.digest() != file.digest:
            raise IntegrityError(
                f"{repo}: the Hub lists {file.path} as {file.digest} and sent {hasher.digest()}",
                hint="Run the same command again; if it stays, something between here and the Hub is broken.",
            )
        return b"".join(chunks)


@contextlib.contextmanager
def _located(where: str) -> Iterator[None]:
    """Say in the Hub's errors which line of which config asked."""
    try:
        yield
    except HubError as error:
        raise type(error)(f"{where}: {error.message}", hint=error.hint) from None


def _refuse_record_paths(locked: LockedPin, where: str) -> None:
    for file in locked.files:
        if is_record_path(file.path):
            raise ConfigError(
                f"{where}: {locked.pin.repo} has {file.path}, where the account of a local_dir is kept",
                hint='Leave it out: ignore_patterns: [".cache/*"].',
            )
