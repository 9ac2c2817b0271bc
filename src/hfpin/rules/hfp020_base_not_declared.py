"""HFP020: an adapter whose base no config of the project pins, or pins at another commit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hfpin.finding import Finding
from hfpin.paths import LOCK_FILE
from hfpin.reference import Reference
from hfpin.rules.at import short, shown
from hfpin.rules.locked import (
    at,
    commits,
    each_declared,
    is_fixed,
    locked_as,
    needs,
    own_pins,
    pins_of,
)
from hfpin.rules.rule import Context, Rule

if TYPE_CHECKING:
    from hfpin.lock import Dependency, Lock, LockedPin
    from hfpin.rules.adapters import AdapterFolder

_WHY = "An adapter on another commit of its base answers otherwise, and nothing says so."


def _look(context: Context, lock: Lock, reference: Reference) -> Iterator[Finding]:
    """Say of a declared adapter that it leaves its base open, with nobody else to settle it."""
    for locked in locked_as(lock, reference):
        for needing, base, served in needs(lock, locked, "base_model"):
            if not is_fixed(base.revision, context.config.require):
                yield from _of_locked(lock, reference, needing, base, served)


def _of_locked(
    lock: Lock, reference: Reference, needing: LockedPin, base: Dependency, served: LockedPin
) -> Iterator[Finding]:
    own = own_pins(lock, base.repo)
    if served in own:
        return
    if own:
        message = (
            f"{needing.pin.repo} goes on {base.repo} at {short(served.pin.commit)}, "
            f"and this project pins that at {commits(own)}"
        )
        hint = "hfpin lock   puts it on the one that is declared"
    else:
        message = f"{needing.pin.repo} names its base {base.repo} {at(base.revision)}, and no config pins it"
        hint = f"Declare it: repo_id: {base.repo.repo_id}, revision: {served.pin.commit}; then: hfpin lock"
    yield Finding(
        code=RULE.code,
        path=reference.path,
        position=reference.position,
        width=len(reference.repo.repo_id),
        message=message,
        why=_WHY,
        hint=hint,
    )


def check_folder(folder: AdapterFolder) -> Iterator[Finding]:
    """Say of an adapter in the working tree that the lock, where there is one, does not bring its base."""
    base, lock = folder.base, folder.lock
    if base is None or lock is None:
        return
    pins = pins_of(lock, base.repo) if base.is_loose else (*own_pins(lock, base.repo), *locked_as(lock, base))
    if pins:
        return
    named = "" if base.is_loose else f" at {short(base.revision or '')}"
    revision = "" if base.is_loose else f", revision: {shown(base.revision or '')}"
    yield folder.finding(
        RULE.code,
        base,
        f"its base {base.repo}{named} is not in {LOCK_FILE}",
        "The adapter is here, and what it goes on is fetched by nobody.",
        f"Declare it: repo_id: {base.repo.repo_id}{revision}, then: hfpin pin",
    )


RULE = Rule(code="HFP020", title="base not declared", start=each_declared(_look), sees_other_files=True)
