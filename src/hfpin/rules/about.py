"""Which rule speaks of a revision that is not there or moves: of each there is one."""

from __future__ import annotations

from hfpin.reference import Reference
from hfpin.repo import RevisionKind, revision_kind

_RULES = {
    None: "HFP001",
    RevisionKind.MUTABLE: "HFP002",
    RevisionKind.NAMED: "HFP003",
    RevisionKind.ABBREVIATED: "HFP004",
}
"""The rule that a commit would satisfy, by the revision that is there."""

_OF_ROLES = {"base_model": "HFP021", "code": "HFP031"}
"""The rule that speaks in place of the first two, by what the repo is to the one that names it."""


def rule_about(reference: Reference) -> str | None:
    """Give the code of the rule that would object to the revision of a reference; None for a commit."""
    kind = None if reference.revision is None else revision_kind(reference.revision)
    if reference.is_loose and reference.role is not None:
        return _OF_ROLES[reference.role]
    return _RULES.get(kind)
