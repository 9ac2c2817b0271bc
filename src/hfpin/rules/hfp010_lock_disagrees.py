"""HFP010: a lock that is missing, cannot be used, or is not about what the configs declare."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hfpin.errors import ConfigError, LockError
from hfpin.finding import Finding
from hfpin.paths import LOCK_FILE
from hfpin.reference import Reference
from hfpin.repo import Repo, RevisionKind, revision_kind
from hfpin.rules.at import argument, revision_position, short, shown
from hfpin.rules.rule import Context, Examined, Rule
from hfpin.scan import Scan
from hfpin.span import Position

if TYPE_CHECKING:
    from hfpin.lock import Lock, LockedPin
    from hfpin.pin import Target

_WHY = "What is fetched and tested is what the lock says."


class _Watch:
    """Holds each declaration against the lock; remembers which pins were declared, and where that is open."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._verb = _verb(context.lock_path)
        self._hint = f"{self._verb}   brings it up to date"
        self._declared: set[str] = set()
        self._open: set[Repo] = set()
        self._declares = False
        self._is_readable = True

    def file(self, examined: Examined) -> Iterator[Finding]:
        """Hold the declarations of one file against the lock; other files declare nothing."""
        scan = examined.scan
        if not examined.declares:
            return
        self._is_readable = self._is_readable and scan.unreadable is None and not scan.invalid
        for reference in scan.references:
            kind = None if reference.revision is None else revision_kind(reference.revision)
            if kind in (RevisionKind.COMMIT, RevisionKind.NAMED):
                self._declares = True
                yield from self._compare(scan, reference)
            elif kind is not RevisionKind.DYNAMIC:  # which no lock ever holds
                self._open.add(reference.repo)

    def _compare(self, scan: Scan, reference: Reference) -> Iterator[Finding]:
        lock = self._context.lock
        if lock is None or isinstance(lock, LockError):
            return
        from hfpin.target import target_of  # here: most runs find no lock

        pins = [one for one in lock.pins if one.pin.repo == reference.repo]
        at_revision = [one for one in pins if reference.revision in (one.pin.commit, one.pin.revision)]
        if not at_revision:
            known = ", ".join(sorted({_at(one) for one in pins}))
            there = f"{known} there" if known else "not there"
            message = f"{reference.repo} is at {short(reference.revision or '')} here, and {there}"
            self._open.add(reference.repo)
            yield self._finding(scan, reference, f"{LOCK_FILE} is stale: {message}")
            return
        try:
            targets = [
                (one, target_of(reference, one.pin.commit, self._context.config.formats))
                for one in at_revision
            ]
        except ConfigError:
            self._open.add(reference.repo)  # `hfpin lock` says what is wrong with it
            return
        agreeing = [one.pin.name for one, target in targets if one.pin.target == target]
        self._declared.update(agreeing)
        if not agreeing:
            self._open.add(reference.repo)
            locked, target = targets[0]
            what = ", ".join(_differing(target, locked.pin.target))
            message = f"{LOCK_FILE} disagrees about {reference.repo}: {what}"
            yield self._finding(scan, reference, message)

    def _finding(self, scan: Scan, reference: Reference, message: str) -> Finding:
        return Finding(
            code=RULE.code,
            path=reference.path,
            position=revision_position(scan, reference),
            width=len(reference.revision or ""),
            message=message,
            why=_WHY,
            hint=self._hint,
        )

    def end(self) -> Iterator[Finding]:
        """Say what is wrong with the lock itself, and which of its pins no config declares."""
        lock = self._context.lock if self._declares or self._context.is_whole else None
        if isinstance(lock, LockError):
            yield self._of_lock(lock.message, lock.hint or self._hint)
        elif lock is None:
            if self._declares and self._context.config.require_lock:
                yield self._of_lock(f"there is no {LOCK_FILE}", f"{self._verb}   writes it")
        elif self._context.is_whole and self._is_readable:
            yield from self._undeclared(lock)

    def _undeclared(self, lock: Lock) -> Iterator[Finding]:
        """Say which pins no config declares, and nothing that is declared depends on."""
        known = [one for one in lock.pins if one.pin.name in self._declared or one.pin.repo in self._open]
        needed = {one.pin.name for one in lock.with_dependencies(known)}
        names = {one.pin.name for one in known}
        for one in lock.pins:
            if one.pin.name in names or (one.is_dependency and one.pin.name in needed):
                continue
            what = "a dependency of nothing that is declared" if one.is_dependency else "declared nowhere"
            yield self._of_lock(f"{one.pin} is {what}", self._hint)

    def _of_lock(self, message: str, hint: str) -> Finding:
        return Finding(
            code=RULE.code,
            path=self._context.lock_path,
            position=Position(1, 1),
            width=1,
            message=message,
            why=_WHY,
            hint=hint,
        )


def _verb(lock_path: str) -> str:
    """The command that writes a lock, as it is typed here: a project further down has to be named."""
    folder = lock_path.rpartition("/")[0]
    is_below = folder and folder.partition("/")[0] not in ("", "..")
    return f"hfpin lock --project {argument(folder)}" if is_below else "hfpin lock"


def _differing(here: Target, there: Target) -> Iterator[str]:
    """Say field by field what differs."""
    pairs = (
        ("allow_patterns", here.patterns.allow, there.patterns.allow),
        ("ignore_patterns", here.patterns.ignore, there.patterns.ignore),
        ("formats", here.formats, there.formats),
        ("local_dir", here.local_dir, there.local_dir),
    )
    for key, own, other in pairs:
        if own != other:
            yield f"{key} is {_shown(own)} here, {_shown(other)} there"


def _shown(value: object) -> str:
    if value is None:
        return "not given"
    return shown(", ".join(value) if isinstance(value, tuple) else str(value))


def _at(locked: LockedPin) -> str:
    pin = locked.pin
    return short(pin.commit) if pin.revision == pin.commit else f"{short(pin.commit)} ({pin.revision})"


RULE = Rule(code="HFP010", title="lock disagrees", start=_Watch)
