"""HFP005: a revision that is read as a number, a truth value or a date, and not as it is written."""

from __future__ import annotations

from collections.abc import Iterator

from hfpin.finding import Finding
from hfpin.reference import Reference
from hfpin.repo import RevisionKind, revision_kind
from hfpin.rules.at import mending_hint, revision_position
from hfpin.rules.rule import Rule, each_file
from hfpin.scan import Scan


def _check(scan: Scan) -> Iterator[Finding]:
    for reference in scan.references:
        revision = reference.revision
        if revision is None or reference.reads_as is None:
            continue
        yield Finding(
            code=RULE.code,
            path=reference.path,
            position=revision_position(scan, reference),
            width=len(revision),
            message=f"{reference.repo} is at {revision}, which is read as {reference.reads_as}",
            why="The program that reads this file may get another revision than the one that stands here.",
            hint=_hint(reference, revision),
        )


def _hint(reference: Reference, revision: str) -> str:
    if revision_kind(revision) is RevisionKind.ABBREVIATED:  # in quotes it would be one, and no better
        return mending_hint(reference, "writes all 40 digits, if the Hub still knows which they are")
    return f'Put it in quotes: "{revision}"'


RULE = Rule(code="HFP005", title="unquoted revision", start=each_file(_check))
