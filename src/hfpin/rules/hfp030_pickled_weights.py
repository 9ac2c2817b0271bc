"""HFP030: a model whose only weights are pickles, which run code when they are loaded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hfpin.errors import LockError
from hfpin.finding import Finding
from hfpin.reference import Reference
from hfpin.rules.at import shown
from hfpin.rules.locked import locked_as
from hfpin.rules.rule import Context, Examined, Rule
from hfpin.weights import is_pickled, is_weights

if TYPE_CHECKING:
    from hfpin.lock import LockedPin


class _Watch:
    """Looks up in the lock what each declaration brings."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def file(self, examined: Examined) -> Iterator[Finding]:
        """Say which declarations of a file bring pickles only."""
        references = examined.scan.references if examined.declares else ()
        lock = self._context.lock if references else None
        if lock is None or isinstance(lock, LockError):
            return
        for reference in references:
            for locked in locked_as(lock, reference):
                weights = [file.path for file in locked.files if is_weights(file.path)]
                if weights and all(map(is_pickled, weights)):
                    yield _finding(reference, locked, weights)
                    break

    def end(self) -> Iterator[Finding]:
        """Say nothing more."""
        yield from ()


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


RULE = Rule(code="HFP030", title="pickled weights", start=_Watch, sees_other_files=True)
