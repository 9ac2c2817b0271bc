"""Scores what hfpin finds against a labelled corpus, pooled and by repository.

    python -m chores.score LABELS.jsonl ROOT [--show N]

LABELS has one JSON object a line: `file` (below ROOT), `set`, `source` (`owner/repo:path`), and `refs`, each
with `line`, `id`, `status` (unpinned, branch, tag, sha) and perhaps `unsure` or `dynamic`, which count
neither way. The spread over repositories says more about files nobody has seen than the pooled figure does.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from hfpin.scan import scan

Counts = Counter[str]

_STATUSES = {"branch": "named", "tag": "named", "sha": "commit"}
"""Only the Hub can tell a branch from a tag."""


def count(label: dict[str, Any], root: Path) -> tuple[Counts, list[str]]:
    """Compare one file: hits, inventions and misses of references and of the verdict unpinned."""
    path = root / label["file"]
    found = scan(label["file"], path.read_bytes()).references
    firm = [ref for ref in label["refs"] if not ref.get("unsure") and not ref.get("dynamic")]
    soft = {(ref["line"], ref["id"]) for ref in label["refs"] if ref not in firm}
    dynamic = {ref["line"] for ref in label["refs"] if ref.get("dynamic")}
    mine = {(one.position.line, one.repo.repo_id): one.status.value for one in found}
    mine = {key: status for key, status in mine.items() if key not in soft and key[0] not in dynamic}
    want = {(ref["line"], ref["id"]): ref["status"] for ref in firm}
    both = mine.keys() & want.keys()
    right = sum(_STATUSES.get(want[key], want[key]) == _STATUSES.get(mine[key], mine[key]) for key in both)
    counts: Counts = Counter({"status right": right, "status wrong": len(both) - right})
    for question in ("refs", "unpinned"):
        wanted = {key for key, status in want.items() if question in ("refs", status)}
        got = {key for key, status in mine.items() if question in ("refs", status)}
        counts.update(
            {
                f"{question} hit": len(wanted & got),
                f"{question} invented": len(got - wanted),
                f"{question} missed": len(wanted - got),
            }
        )
        if question == "unpinned":
            shown = [f"missed   {label['file']}:{line} {repo_id}" for line, repo_id in sorted(wanted - got)]
            shown += [f"invented {label['file']}:{line} {repo_id}" for line, repo_id in sorted(got - wanted)]
    return counts, shown


def line(name: str, counts: Counts) -> str:
    """Render precision and recall of both questions, and how often what was found has the right status."""
    parts = [f"{name:<44}"]
    for question in ("refs", "unpinned"):
        hit, invented, missed = (counts[f"{question} {kind}"] for kind in ("hit", "invented", "missed"))
        precision = hit / (hit + invented) if hit + invented else 1.0
        recall = hit / (hit + missed) if hit + missed else 1.0
        parts.append(f"{question} P {precision:.3f} R {recall:.3f} ({hit}+{invented}-{missed})")
    right, wrong = counts["status right"], counts["status wrong"]
    parts.append(f"status {right}/{right + wrong}")
    return "  ".join(parts)


def main() -> None:
    """Print the score of each repository, of each set, and of all."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("labels", type=Path)
    parser.add_argument("root", type=Path)
    parser.add_argument("--show", type=int, default=0, help="show this many mistakes")
    args = parser.parse_args()
    by: dict[str, Counts] = defaultdict(Counter)
    shown: list[str] = []
    for text in args.labels.read_text(encoding="utf-8").splitlines():
        label = json.loads(text)
        counts, mistakes = count(label, args.root)
        shown += mistakes
        for name in (label["source"].partition(":")[0], f"= {label['set']}", "= all"):
            by[name].update(counts)
    for name in sorted(by, key=lambda name: (name.startswith("="), name)):
        print(line(name, by[name]))
    for mistake in shown[: args.show]:
        print(mistake)


if __name__ == "__main__":
    main()
