"""Which references a project wants to stay as they are, by what it says about the rule that would object."""

from __future__ import annotations

from hfpin.reference import Reference
from hfpin.rules.about import rule_about
from hfpin.rules.at import revision_position
from hfpin.scan import Scan
from hfpin.span import Span


def meant(scan: Scan, codes: frozenset[str]) -> frozenset[Span]:
    """Give the references whose revision is meant as it stands: their rule is off, or ignored by a comment.

    Args:
        scan: A file.
        codes: The rules that speak of it.

    Returns:
        The spans of their ids.
    """
    ignored = {(ignore.line, code) for ignore in scan.ignores for code in ignore.codes}
    return frozenset(
        reference.span
        for reference in scan.references
        if (code := rule_about(reference)) is not None
        and (code not in codes or (_line(scan, reference), code) in ignored)
    )


def _line(scan: Scan, reference: Reference) -> int:
    """The line that the rule speaks of: that of the revision, else that of the id."""
    return revision_position(scan, reference).line
