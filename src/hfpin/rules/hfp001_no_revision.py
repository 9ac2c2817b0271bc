"""HFP001: a Hub repo without a revision, which is whatever its default branch holds on the day."""

from __future__ import annotations

from collections.abc import Iterator

from hfpin.finding import Finding
from hfpin.reference import NoSlot, Reference
from hfpin.rules.about import rule_about
from hfpin.rules.at import argument
from hfpin.rules.rule import Rule, each_file
from hfpin.scan import Scan

_CONTENT = {"model": "weights", "dataset": "data", "space": "code", "kernel": "code"}


def _check(scan: Scan) -> Iterator[Finding]:
    for reference in scan.references:
        if rule_about(reference) == RULE.code:
            yield Finding(
                code=RULE.code,
                path=reference.path,
                position=reference.position,
                width=len(reference.repo.repo_id),
                message=f"{reference.repo} has no revision",
                why=f"Whoever runs this next month may get other {_CONTENT[reference.repo.repo_type]}.",
                hint=_hint(reference),
            )


def _hint(reference: Reference) -> str:
    if isinstance(reference.slot, NoSlot):
        return reference.slot.hint
    key = reference.slot.key_path[-1]
    return f"hfpin pin {argument(reference.path)}   writes {key} with today's commit of main"


RULE = Rule(code="HFP001", title="no revision", start=each_file(_check))
