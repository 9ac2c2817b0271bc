"""HFP030: a model whose only weights are pickles, which run code when they are loaded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hfpin.finding import Finding
from hfpin.reference import Reference
from hfpin.rules.at import shown
from hfpin.rules.locked import each_declared, locked_as
from hfpin.rules.rule import Context, Rule
from hfpin.weights import is_pickled, is_weights

if TYPE_CHECKING:
    from hfpin.lock import Lock, LockedPin


def _look(context: Context, lock: Lock, reference: Reference) -> Iterator[Finding]:
    """Say of a declaration that it brings pickles only."""
    del context
    for locked in locked_as(lock, reference):
        weights = [file.path for file in locked.files if is_weights(file.path)]
        if weights and all(map(is_pickled, weights)):
            yield _finding(reference, locked, weights)
            return


def _finding(reference: Reference, locked: LockedPin, weights: list[str]) -> Finding:
    more = f" and {len(weights) - 1} more" if len(weights) > 1 else ""
    left_out = [one for one in locked.dropped if one.pattern.endswith("safetensors")]
    if left_out:
        hint = (
            f"{left_out[0].by} {shown(left_out[0].pattern)!r} leaves its safetensors out: "
            "keep those, and leave the pickles out"
        )
    else:
        scan = f"hfpin inspect --scan {locked.pin.name}"
        hint = f"look for a commit with safetensors, or see `{scan}` and ignore this"
    return Finding(
        code=RULE.code,
        path=reference.path,
        position=reference.position,
        width=len(reference.repo.repo_id),
        message=f"the only weights of {reference.repo} are pickles: {shown(weights[0])}{more}",
        why="A pickle can run anything when it is loaded.",
        hint=hint,
    )


RULE = Rule(code="HFP030", title="pickled weights", start=each_declared(_look), sees_other_files=True)
