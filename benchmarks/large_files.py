"""Measures `hfpin large-files` on 10,000 staged files, beside `check-added-large-files` of pre-commit-hooks.

`python -m benchmarks.large_files` needs pre-commit-hooks in the same environment. Both are given the same
names, as pre-commit gives them, in one batch.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.side_by_side import Contender, compare

COUNT = 10_000
SCRIPTS = Path(sys.executable).parent


def main() -> int:
    """Print both medians and the ratio."""
    with tempfile.TemporaryDirectory(prefix="hfpin-bench-") as name:
        root = Path(name)
        names = [f"d{number % 100}/f{number:05}.json" for number in range(COUNT)]
        for path in names:
            (root / path).parent.mkdir(exist_ok=True)
            (root / path).write_text(f'{{"number": {path!r}}}')
        subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)
        subprocess.run(["git", "add", "."], cwd=root, check=True)
        result = compare(
            Contender(name="hfpin large-files", command=[str(SCRIPTS / "hfpin"), "large-files", *names]),
            Contender(
                name="check-added-large-files", command=[str(SCRIPTS / "check-added-large-files"), *names]
            ),
            cwd=root,
            env=os.environ,
            runs=7,
        )
        ours, theirs = (statistics.median(times) for times in (result.ours, result.theirs))
        print(f"{ours:>7.3f} s  {theirs:>7.3f} s  {result.ratio:>6.2f}  {COUNT} staged files")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
