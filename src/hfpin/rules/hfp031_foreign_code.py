"""HFP031: code of another repo, at no commit that anybody has read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hfpin.errors import LockError
from hfpin.finding import Finding
from hfpin.reference import NoSlot, Reference
from hfpin.repo import Repo, is_commit
from hfpin.rules.about import rule_about
from hfpin.rules.at import mending_hint, revision_position, shown
from hfpin.rules.locked import is_fixed, locked_as, needs, own_pins
from hfpin.rules.rule import Context, Examined, Rule
from hfpin.scan import Scan

if TYPE_CHECKING:
    from hfpin.lock import Lock, LockedPin

_WHY = "Whoever can push to that repo can run anything on this machine."


class _Watch:
    """Looks at what names code, and looks up in the lock whose code each declaration runs."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def file(self, examined: Examined) -> Iterator[Finding]:
        """Say which code a file takes from another repo, itself or by what it declares."""
        scan = examined.scan
        named = [one for one in scan.references if rule_about(one) == RULE.code]
        loading = [one for one in scan.references if examined.declares or one.trust is not None]
        lock = self._context.lock if named or loading else None
        known = None if isinstance(lock, LockError) else lock
        said = set[Repo]()
        for reference in named:
            if isinstance(reference.slot, NoSlot):  # `auto_map` has no room for a revision: a pin has
                if reference.repo in said or own_pins(known, reference.repo):
                    continue
                said.add(reference.repo)
            yield _finding_of_mention(scan, reference)
        if known is not None:
            for reference in loading:
                yield from self._of_locked(known, reference)

    def _of_locked(self, lock: Lock, reference: Reference) -> Iterator[Finding]:
        trust = reference.trust
        if trust is not None and trust.code_revision is not None and is_commit(trust.code_revision):
            return
        taken: dict[Repo, tuple[LockedPin, LockedPin]] = {}
        for locked in locked_as(lock, reference):
            for needing, code, served in needs(lock, locked, "code"):
                if not own_pins(lock, code.repo) and not is_fixed(code.revision, "commit"):
                    taken.setdefault(code.repo, (needing, served))
        for repo, (needing, served) in taken.items():
            yield Finding(
                code=RULE.code,
                path=reference.path,
                position=reference.position if trust is None else trust.position,
                width=len(reference.repo.repo_id) if trust is None else trust.width,
                message=f"{needing.pin.repo} runs the code of {repo}, and no config pins that",
                why=_WHY,
                hint=f"Read it, then declare it: repo_id: {repo.repo_id}, revision: {served.pin.commit}; "
                "then: hfpin lock",
            )

    def end(self) -> Iterator[Finding]:
        """Say nothing more."""
        yield from ()


def _finding_of_mention(scan: Scan, reference: Reference) -> Finding:
    revision = reference.revision
    at = f"at {shown(revision)}, which can change" if revision else "at no commit"
    return Finding(
        code=RULE.code,
        path=reference.path,
        position=revision_position(scan, reference),
        width=len(revision or reference.repo.repo_id),
        message=f"the code of {reference.repo} is run here, {at}",
        why=_WHY,
        hint=mending_hint(reference, "writes the commit whose code was read"),
    )


RULE = Rule(code="HFP031", title="foreign code", start=_Watch, sees_other_files=True)
