"""Derive the lock from what the configs declare and what the Hub holds.

What the old lock says is kept where it is still right. The Hub is asked once for each tag or branch, whether
it is where it was, and once for the files of each commit that is new (or is newly filtered); the index of a
sharded model is read where patterns may have left out some of its shards, and the small files of a new commit
that may name other repos. Nothing else.
"""

from __future__ import annotations

from collections.abc import Collection

from hfpin import atomic
from hfpin.dataclass import dataclass
from hfpin.errors import LockError
from hfpin.hub import Hub
from hfpin.lock import Lock, loads, sides
from hfpin.operations.asking import Asked, Asking
from hfpin.operations.complete import refuse_incomplete
from hfpin.operations.declared import read_declaration, refuse_loose, settle
from hfpin.operations.dependencies import follow
from hfpin.operations.project import Project, read_lock, write_lock
from hfpin.operations.record import record_tensors
from hfpin.operations.sparse import refuse_partial
from hfpin.reference import Reference
from hfpin.repo import Repo


@dataclass(frozen=True, slots=True, kw_only=True)
class LockResult:
    """What locking did.

    Args:
        lock: The lock as it is now.
        added: Names of pins that are new, or stand for something else than before.
        before: Names of the pins that were there before.
        removed: Names of pins that are gone.
        skipped: References that cannot be locked as they are written.
        unasked: Whose tag or branch stays where the lock has it, because the Hub gave no answer.
        changed: Whether the file changed.
    """

    lock: Lock
    added: tuple[str, ...]
    before: frozenset[str]
    removed: tuple[str, ...]
    skipped: tuple[Reference, ...]
    unasked: tuple[Asked, ...]
    changed: bool


def lock(project: Project, hub: Hub, *, update: Collection[str] | None = ()) -> LockResult:
    """Write the project's lock.

    Args:
        project: The project.
        hub: Asked for what is new.
        update: Pins, by name or repo id, whose tag or branch may be somewhere else than it was; None for all.
            A dependency has its name too.

    Raises:
        ConfigError: A declaring file cannot be read, names collide, or a `local_dir` cannot be used.
        LockError: A reference has no revision that can be locked, a tag moved, what patterns leave of a
            model cannot be loaded, or what a pin needs of other repos cannot be settled.
        PartialCheckoutError: The lock would change, and not all that declares is checked out.
        HubError: The Hub was asked, and refused or did not answer about what is new.
    """
    old, theirs = _old_locks(project)
    declaration = read_declaration(project)
    refuse_loose(declaration)
    asking = Asking(places=project.places, hub=hub, old=old, theirs=theirs, movable=_movable(old, update))
    declared = settle(project, declaration.references, asking.commit)
    asking.refuse_moved()
    new = Lock(record_tensors(project, follow(project, asking, declared), hub))
    refuse_incomplete(project, new.pins, {one.pin.name: one.where for one in declared})
    if new.pins != old.pins:
        refuse_partial(project)
    before = {locked.pin.name: locked.pin.target for locked in old.pins}
    after = {locked.pin.name: locked.pin.target for locked in new.pins}
    return LockResult(
        lock=new,
        added=tuple(name for name, target in after.items() if before.get(name) != target),
        before=frozenset(before),
        removed=tuple(name for name in before if name not in after),
        skipped=declaration.skipped,
        unasked=tuple(asking.unasked),
        changed=write_lock(project, new),
    )


def _old_locks(project: Project) -> tuple[Lock, Lock]:
    """Read what may be kept: the lock, or both sides of a merge. What cannot be used is written anew."""
    if not project.lock_path.exists():
        return Lock(), Lock()
    try:
        return read_lock(project), Lock()
    except LockError:
        both = _sides(project)
    ours, theirs = (_usable(text) for text in both)
    return ours, theirs


def _sides(project: Project) -> tuple[str, str]:
    try:
        return sides(atomic.a_file(project.lock_path).read_text(encoding="utf-8")) or ("", "")
    except (OSError, UnicodeDecodeError):
        return "", ""


def _usable(text: str) -> Lock:
    try:
        return loads(text)
    except LockError:
        return Lock()


def _movable(old: Lock, update: Collection[str] | None) -> frozenset[tuple[Repo, str | None]]:
    """Repos, and what of them is asked for: by configs, and by the files of who needs them."""
    pins = old.pins if update is None else [old.find(name) for name in update]
    names = {locked.pin.name for locked in pins}
    needs = (one for locked in old.pins for one in locked.dependencies if one.name in names)
    return frozenset(
        (
            *((locked.pin.repo, locked.pin.revision) for locked in pins),
            *((one.repo, one.revision) for one in needs),
        )
    )
