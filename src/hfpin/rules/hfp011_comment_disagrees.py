"""HFP011: the comment beside a commit names another tag than the one that the lock has for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hfpin.errors import LockError
from hfpin.finding import Finding
from hfpin.paths import LOCK_FILE
from hfpin.reference import Reference
from hfpin.repo import RevisionKind, is_commit, revision_kind
from hfpin.rules.at import revision_position, short, shown
from hfpin.rules.rule import Context, EachFile, Examined, Rule, Watch

if TYPE_CHECKING:
    from hfpin.lock import Lock


def _start(context: Context) -> Watch:
    def check(examined: Examined) -> Iterator[Finding]:
        for reference in examined.scan.references:
            revision, requested = reference.revision or "", reference.requested or ""
            if not is_commit(revision) or revision_kind(requested) is not RevisionKind.NAMED or not requested:
                continue
            lock = context.lock
            if lock is None or isinstance(lock, LockError):
                return
            known = _known(lock, reference, revision, requested)
            if known is not None:
                yield Finding(
                    code=RULE.code,
                    path=reference.path,
                    position=revision_position(examined.scan, reference),
                    width=len(revision),
                    message=f"the comment says {shown(requested)}, and {known}",
                    why="Whoever reads the comment takes this commit for another one.",
                    hint="Correct the comment, or the commit: `hfpin lock --check` shows what the lock has.",
                )

    return EachFile(check)


def _known(lock: Lock, reference: Reference, revision: str, requested: str) -> str | None:
    """Say what the lock knows better; None where it has nothing to say against the comment.

    A branch (`main`) is what a commit once was the newest of: it says nothing against a tag, nor a tag
    against it.
    """
    pins = [one.pin for one in lock.pins if one.pin.repo == reference.repo]
    names = {pin.revision for pin in pins if pin.commit == revision}
    if requested in names:
        return None
    elsewhere = sorted(pin.commit for pin in pins if pin.revision == requested)
    if elsewhere:
        return f"{LOCK_FILE} has {shown(requested)} at {short(elsewhere[0])}"
    tags = sorted(name for name in names if revision_kind(name) is RevisionKind.NAMED)
    return f"{LOCK_FILE} has this commit as {tags[0]}" if tags else None


RULE = Rule(code="HFP011", title="comment disagrees", start=_start)
