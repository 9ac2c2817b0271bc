"""HFP004: a commit that is abbreviated or in upper case, which the Hub does not know."""

from __future__ import annotations

from collections.abc import Iterator

from hfpin.finding import Finding
from hfpin.reference import Reference
from hfpin.repo import RevisionKind, is_commit, revision_kind
from hfpin.rules.at import mending_hint, revision_position
from hfpin.rules.rule import Rule, each_file
from hfpin.scan import Scan


def _check(scan: Scan) -> Iterator[Finding]:
    for reference in scan.references:
        revision = reference.revision
        if revision is None or reference.reads_as or revision_kind(revision) is not RevisionKind.ABBREVIATED:
            continue
        is_upper = is_commit(revision.lower())
        what = "a commit in upper case" if is_upper else "a part of a commit"
        yield Finding(
            code=RULE.code,
            path=reference.path,
            position=revision_position(scan, reference),
            width=len(revision),
            message=f"{reference.repo} is at {revision}, {what}",
            why="The Hub takes only 40 lowercase digits for a commit, and all else for the name of a branch.",
            hint=_hint(reference, revision, is_upper=is_upper),
        )


def _hint(reference: Reference, revision: str, *, is_upper: bool) -> str:
    if is_upper:
        return f"Write it in lower case: {revision.lower()}"
    return mending_hint(reference, "writes all 40 digits, if the Hub still knows which they are")


RULE = Rule(code="HFP004", title="not a whole commit", start=each_file(_check))
