"""HFP002: a revision that moves by its nature: `main`, `master`, `HEAD`, `refs/…`."""

from __future__ import annotations

from collections.abc import Iterator

from hfpin.finding import Finding, Rule
from hfpin.reference import NoSlot
from hfpin.repo import RevisionKind, revision_kind
from hfpin.scan import Scan


def _check(scan: Scan) -> Iterator[Finding]:
    for reference in scan.references:
        revision, span = reference.revision, reference.revision_span
        if revision is None or span is None or revision_kind(revision) is not RevisionKind.MUTABLE:
            continue
        slot = reference.slot
        hint = f"hfpin pin {reference.path}   writes today's commit of {revision}"
        yield Finding(
            code=RULE.code,
            path=reference.path,
            position=scan.source.position(span.start) if scan.source else reference.position,
            width=len(revision),
            message=f"{reference.repo} is at {revision}, which moves",
            why=f"A new commit on {revision} changes what this file means.",
            hint=slot.hint if isinstance(slot, NoSlot) else hint,
        )


RULE = Rule(code="HFP002", title="mutable revision", check=_check)
