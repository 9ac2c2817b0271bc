"""Why a value was taken for a repo id, or was not, as text."""

from __future__ import annotations

from collections.abc import Iterator

from hfpin.operations.explain import Explained
from hfpin.report.safe import safe
from hfpin.scan.evidence import NEEDED, VETO


def render_explained(where: str, explained: tuple[Explained, ...]) -> Iterator[str]:
    """Render what is thought of each text of a line.

    Args:
        where: The file and line, as they were asked for.
        explained: What was found there.
    """
    if not explained:
        yield safe(f"{where}: nothing here has the shape of a repo id")
    for one in explained:
        taken = one.verdict.is_taken
        yield safe(f"{where}:{one.position.column}: {one.repo_id} is {'' if taken else 'not '}a reference")
        width = max((len(evidence.name) for evidence in one.verdict.evidence), default=0)
        for evidence in one.verdict.evidence:
            weight = "never" if evidence.weight == VETO else f"{evidence.weight:+}"
            yield f"  {weight:>5}  {evidence.name:<{width}}  {safe(evidence.detail)}".rstrip()
        if not any(evidence.weight == VETO for evidence in one.verdict.evidence):
            yield f"  {one.verdict.total:>+5}  of {NEEDED} that it takes"
        if one.reference is not None:
            yield safe(f"  revision: {one.reference.revision or 'none'}")
