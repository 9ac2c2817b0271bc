"""HFP021: an adapter whose config leaves the revision of its base open, or says another than the project."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hfpin.errors import LockError
from hfpin.finding import Finding
from hfpin.paths import LOCK_FILE
from hfpin.reference import Reference
from hfpin.rules.about import rule_about
from hfpin.rules.at import mending_hint, revision_position, short
from hfpin.rules.locked import at, commits, is_fixed, locked_as, needs, own_pins, pins_of
from hfpin.rules.rule import Context, Examined, Rule

if TYPE_CHECKING:
    from hfpin.lock import Lock
    from hfpin.rules.adapters import AdapterFolder

_OPEN = "Whoever loads this adapter next month may get another base."
_OTHER = "An adapter on another commit of its base answers otherwise, and nothing says so."


class _Watch:
    """Looks at configs of adapters, and looks up in the lock what those of declared adapters say."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def file(self, examined: Examined) -> Iterator[Finding]:
        """Say what an adapter's config leaves open, and which declared adapters disagree with the project."""
        references = examined.scan.references
        found = [one for one in references if rule_about(one) == RULE.code]
        lock = self._context.lock if found or (examined.declares and references) else None
        known = None if isinstance(lock, LockError) else lock
        if known is not None and known.puts(examined.name):
            found = []  # what a pin put there is not the project's to change
        for reference in found:
            message, hint = _left_open(reference, known)
            yield Finding(
                code=RULE.code,
                path=reference.path,
                position=revision_position(examined.scan, reference),
                width=len(reference.revision or reference.repo.repo_id),
                message=message,
                why=_OPEN,
                hint=hint,
            )
        if known is not None and examined.declares:
            for reference in references:
                yield from self._disagreements(known, reference)

    def _disagreements(self, lock: Lock, reference: Reference) -> Iterator[Finding]:
        for locked in locked_as(lock, reference):
            for needing, base, served in needs(lock, locked, "base_model"):
                own = own_pins(lock, base.repo)
                revision = base.revision
                is_known = revision is not None and is_fixed(revision, self._context.config.require)
                if not own or not is_known or served.pin.commit in {one.pin.commit for one in own}:
                    continue
                yield Finding(
                    code=RULE.code,
                    path=reference.path,
                    position=reference.position,
                    width=len(reference.repo.repo_id),
                    message=f"{needing.pin.repo} is for {base.repo} at {short(revision or '')}, "
                    f"and this project pins that at {commits(own)}",
                    why=_OTHER,
                    hint=f"Pin {base.repo.repo_id} at {served.pin.commit}, or say that it is meant: "
                    f"# hfpin: ignore[{RULE.code}] and why.",
                )

    def end(self) -> Iterator[Finding]:
        """Say nothing more."""
        yield from ()


def _left_open(base: Reference, lock: Lock | None) -> tuple[str, str]:
    """Say what is open in a config of an adapter, and what to write."""
    pins = own_pins(lock, base.repo) or pins_of(lock, base.repo)
    pinned = {one.pin.commit for one in pins}
    if len(pinned) == 1:
        line = f'"revision": "{pinned.pop()}"'
        hint = mending_hint(base, f"writes {line}, as {LOCK_FILE} has it", offline=True)
    else:
        hint = mending_hint(base, f"writes today's commit of {base.revision or 'main'}")
    return f"this adapter names its base {base.repo} {at(base.revision)}", hint


def check_folder(folder: AdapterFolder) -> Iterator[Finding]:
    """Say of an adapter in the working tree that its config leaves its base open, or says another one."""
    base, lock = folder.base, folder.lock
    if base is None:
        return
    if base.is_loose:
        message, hint = _left_open(base, lock)
        yield folder.finding(RULE.code, base, message, _OPEN, hint)
        return
    own = own_pins(lock, base.repo)
    if lock is None or not own or any(locked_as(lock, base)):
        return
    yield folder.finding(
        RULE.code,
        base,
        f"this adapter is for {base.repo} at {short(base.revision or '')}, "
        f"and this project pins that at {commits(own)}",
        _OTHER,
        "Pin the base that it was made on, or train it again on the one that is pinned.",
    )


RULE = Rule(code="HFP021", title="base revision", start=_Watch, sees_other_files=True)
