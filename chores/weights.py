"""Says what each piece of evidence decides in a labelled corpus, and which weights hang on one repository.

    python -m chores.weights LABELS.jsonl ROOT [LABELS.jsonl ROOT …]

For each piece: how often it speaks, and in how many repositories; how many verdicts would be wrong without
it, and in how many; and how many would be with its weight one lower or one higher. A piece that decides in
one repository only, or a weight that nothing but one repository holds in place, is fitted to it.
LABELS are as `chores.score` takes them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hfpin.scan import judged
from hfpin.scan.evidence import NEEDED, PIECES, VETO, Piece

Weights = dict[str, int]


@dataclass(frozen=True, slots=True)
class Case:
    """An id at a line: what speaks wherever it stands there, and whether it is a reference."""

    repository: str
    weights: tuple[Weights, ...]
    wanted: bool

    def is_right(self, piece: str = "", change: int | None = 0) -> bool:
        """Whether the verdict is the label's, with one piece changed; left out where the change is None."""
        totals = (
            sum(
                weight + (change or 0) * (name == piece)
                for name, weight in one.items()
                if change is not None or name != piece
            )
            for one in self.weights
        )
        return any(total >= NEEDED for total in totals) is self.wanted


def cases(labels: Path, root: Path) -> Iterator[Case]:
    """Give every id that the labels or the scan see, but for what counts neither way."""
    for text in labels.read_text(encoding="utf-8").splitlines():
        label = json.loads(text)
        firm = [ref for ref in label["refs"] if not ref.get("unsure") and not ref.get("dynamic")]
        soft = {(ref["line"], ref["id"]) for ref in label["refs"] if ref not in firm}
        dynamic = {ref["line"] for ref in label["refs"] if ref.get("dynamic")}
        source, found = judged(label["file"], (root / label["file"]).read_bytes())
        seen: dict[tuple[int, str], list[Weights]] = {}
        for one in found:
            key = (source.position(one.written.start).line, one.candidate.mention.repo_id)
            if key not in soft and key[0] not in dynamic:
                seen.setdefault(key, []).append({each.name: each.weight for each in one.verdict.evidence})
        wanted = {(ref["line"], ref["id"]) for ref in firm}
        for key in seen.keys() | wanted:
            repository = label["source"].partition(":")[0]
            yield Case(repository, tuple(seen.get(key, [])), key in wanted)


def _decides(piece: Piece, change: int | None, of: list[Case]) -> str:
    worse = [case for case in of if case.is_right() and not case.is_right(piece.name, change)]
    return f"{len(worse):3} in {len({case.repository for case in worse}):2}"


def main() -> None:
    """Print a line for each piece."""
    if len(sys.argv) < 3 or len(sys.argv) % 2 == 0:  # noqa: PLR2004  # pairs, after the program
        sys.exit(__doc__)
    given = [Path(one) for one in sys.argv[1:]]
    of = [case for one in zip(given[::2], given[1::2], strict=True) for case in cases(*one)]
    print(f"{len(of)} ids, {sum(not case.is_right() for case in of)} verdicts wrong")
    print(f"{'piece':<17} weight     speaks  decides   one less  one more")
    for piece in PIECES:
        speaks = [case for case in of if any(piece.name in one for one in case.weights)]
        columns = [f"{len(speaks):4} in {len({case.repository for case in speaks}):2}"]
        changes = (None,) if piece.weight == VETO else (None, -1, 1)
        columns += [_decides(piece, change, of) for change in changes]
        weight = "never" if piece.weight == VETO else f"{piece.weight:+}"
        print(f"{piece.name:<17} {weight:>6}  {'  '.join(columns)}")


if __name__ == "__main__":
    main()
