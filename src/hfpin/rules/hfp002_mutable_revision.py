"""HFP002: a revision that moves by its nature: `main`, `master`, `HEAD`, `refs/…`."""

from __future__ import annotations

from collections.abc import Iterator

from hfpin.finding import Finding
from hfpin.rules.about import rule_about
from hfpin.rules.at import mending_hint, revision_position, shown
from hfpin.rules.rule import Rule, each_file
from hfpin.scan import Scan


def _check(scan: Scan) -> Iterator[Finding]:
    for reference in scan.references:
        revision = reference.revision
        if revision is None or rule_about(reference) != RULE.code:
            continue
        yield Finding(
            code=RULE.code,
            path=reference.path,
            position=revision_position(scan, reference),
            width=len(revision),
            message=f"{reference.repo} is at {shown(revision)}, which moves",
            why=f"A new commit on {shown(revision)} changes what this file means.",
            hint=mending_hint(reference, f"writes today's commit of {shown(revision)}"),
        )


RULE = Rule(code="HFP002", title="mutable revision", start=each_file(_check))
