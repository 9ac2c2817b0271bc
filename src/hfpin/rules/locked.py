"""What a reference stands for in the lock, and what that needs of other repos."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from hfpin.errors import LockError
from hfpin.finding import Finding
from hfpin.repo import RevisionKind, is_commit, revision_kind
from hfpin.rules.at import short, shown
from hfpin.rules.rule import Context, EachFile, Examined, Watch

if TYPE_CHECKING:  # most runs of a hook find no use for the lock, and should not pay for it
    from hfpin.lock import Dependency, Lock, LockedPin
    from hfpin.reference import Reference
    from hfpin.repo import Repo

_MOVING = (RevisionKind.MUTABLE, RevisionKind.DYNAMIC)


def each_declared(
    look: Callable[[Context, Lock, Reference], Iterable[Finding]],
) -> Callable[[Context], Watch]:
    """Start a rule that looks up in the lock what each declaration stands for, and keeps nothing."""

    def start(context: Context) -> Watch:
        def check(examined: Examined) -> Iterator[Finding]:
            references = examined.scan.references if examined.declares else ()
            lock = context.lock if references else None
            if lock is None or isinstance(lock, LockError):
                return
            for reference in references:
                yield from look(context, lock, reference)

        return EachFile(check)

    return start


def locked_as(lock: Lock, reference: Reference) -> Iterator[LockedPin]:
    """Give the pins that a reference may stand for: those of its repo at its revision."""
    for one in lock.pins:
        if one.pin.repo == reference.repo and reference.revision in (one.pin.commit, one.pin.revision):
            yield one


def pins_of(lock: Lock | None, repo: Repo) -> tuple[LockedPin, ...]:
    """Give the pins of a repo."""
    return () if lock is None else tuple(one for one in lock.pins if one.pin.repo == repo)


def own_pins(lock: Lock | None, repo: Repo) -> tuple[LockedPin, ...]:
    """Give the pins of a repo that configs declare: those that are there only as dependencies are not."""
    return tuple(one for one in pins_of(lock, repo) if not one.is_dependency)


def needs(lock: Lock, locked: LockedPin, role: str) -> Iterator[tuple[LockedPin, Dependency, LockedPin]]:
    """Give what a pin needs in some role, and what is there for its sake alone needs in turn.

    A declared pin that it needs is passed over: what that needs is said where it is declared.

    Returns:
        Who needs it, the dependency, and the pin that serves it.
    """
    by_name = {one.pin.name: one for one in lock.pins}
    seen, waiting = {locked.pin.name}, [locked]
    while waiting:
        needing = waiting.pop()
        for one in needing.dependencies:
            served = by_name[one.name]
            if one.role == role:
                yield needing, one, served
            if served.is_dependency and one.name not in seen:
                seen.add(one.name)
                waiting.append(served)


def is_fixed(revision: str | None, require: str) -> bool:
    """Whether a file says a revision that stays: a commit, or a tag where the project lets tags stand."""
    if revision is None or revision_kind(revision) in _MOVING:
        return False
    return is_commit(revision) or require != "commit"


def commits(pins: tuple[LockedPin, ...]) -> str:
    """The commits of pins, as messages call them."""
    return ", ".join(sorted({short(one.pin.commit) for one in pins}))


def at(revision: str | None) -> str:
    """How a file names a revision that does not stay."""
    if revision is None:
        return "without a revision"
    moves = "which moves" if revision_kind(revision) in _MOVING else "which can be moved"
    return f"at {shown(revision)}, {moves}"
