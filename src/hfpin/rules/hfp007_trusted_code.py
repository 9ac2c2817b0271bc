"""HFP007: code of a repo that runs here, and that somebody can change."""

from __future__ import annotations

from collections.abc import Iterator

from hfpin.finding import Finding
from hfpin.repo import RevisionKind, revision_kind
from hfpin.rules.at import mending_hint, shown
from hfpin.rules.rule import Rule, each_file
from hfpin.scan import Scan

_FIXED = (RevisionKind.COMMIT, RevisionKind.DYNAMIC)


def _check(scan: Scan) -> Iterator[Finding]:
    for reference in scan.references:
        trust = reference.trust
        if trust is None or _is_fixed(trust.code_revision) or _is_fixed(reference.revision):
            continue
        revision = trust.code_revision or reference.revision
        at = f"at {shown(revision)}, which can change" if revision else "at no commit"
        yield Finding(
            code=RULE.code,
            path=reference.path,
            position=trust.position,
            width=trust.width,
            message=f"trust_remote_code runs the code of {reference.repo} {at}",
            why="Whoever can push to that repo can run anything on this machine.",
            hint=mending_hint(reference, "writes the commit whose code was read"),
        )


def _is_fixed(revision: str | None) -> bool:
    """Whether a revision is a commit, or one that another program fills in."""
    return revision is not None and revision_kind(revision) in _FIXED


RULE = Rule(code="HFP007", title="trusted code moves", start=each_file(_check))
