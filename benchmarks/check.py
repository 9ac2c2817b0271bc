"""Measures `hfpin check`: `python -m benchmarks.check`.

Side by side with `check-yaml` of pre-commit-hooks, which only parses, on a tree of 2,500 config files, and on
a few of them, as pre-commit passes them; one small file, process start included, beside a bare Python; then
the most memory that a check takes by the number of files; and how long one large or odd file takes.
Where `check-yaml` is not installed: `pip install pre-commit-hooks`.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.config_tree import write_tree
from benchmarks.side_by_side import Contender, compare

SCRIPTS = Path(sys.executable).parent
HFPIN, CHECK_YAML = str(SCRIPTS / "hfpin"), str(SCRIPTS / "check-yaml")
SMALL = "m:\n  repo_id: acme/tiny\n  revision: 26bca36bde8333b5d7f72e9ed20ccda6a618af24  # main\n"
PEAK = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
FEW = 10

# What a user's Python does: it keeps the bytecode of what pip installed.
ENV = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def beside(what: str, folder: Path, ours: Sequence[str], theirs: Sequence[str], runs: int) -> str:
    """Compare two commands, and render it as a line."""
    result = compare(
        Contender(name="ours", command=ours),
        Contender(name="theirs", command=theirs),
        cwd=folder,
        env=ENV,
        runs=runs,
    )
    first, second = (statistics.median(times) for times in (result.ours, result.theirs))
    return f"{first:>7.3f} s  {second:>7.3f} s  {result.ratio:>6.2f}  {what}"


def trees(folder: Path, paths: Sequence[str]) -> Iterator[str]:
    """Compare with a hook that only parses."""
    if not shutil.which(CHECK_YAML):
        yield "check-yaml is not here: pip install pre-commit-hooks"
        return
    check, parse = [HFPIN, "check", *paths], [CHECK_YAML, "-m", *paths]
    size = sum((folder / path).stat().st_size for path in paths)
    what = f"{len(paths):,} files, {size / 1e6:.1f} MB"
    yield beside(f"{what}: hfpin check : check-yaml", folder, check, parse, 5)
    few = [HFPIN, "check", *paths[:FEW]], [CHECK_YAML, "-m", *paths[:FEW]]
    yield beside(f"{FEW} of them: hfpin check : check-yaml", folder, *few, 15)


def starts(folder: Path) -> Iterator[str]:
    """Compare commands that have little to do with a Python that has nothing to do."""
    (folder / "config.yaml").write_text(SMALL)
    bare = [sys.executable, "-c", ""]
    for what, command in (
        ("check, one small file", ["check", "config.yaml"]),
        ("--help", ["--help"]),
        ("--version", ["--version"]),
    ):
        yield beside(f"hfpin {what} : a bare Python", folder, [HFPIN, *command], bare, 25)


def peak(folder: Path, paths: Sequence[str]) -> str:
    """Measure the most memory that a check takes."""
    command = [sys.executable, "-c", PEAK, HFPIN, "check", *paths]
    done = subprocess.run(command, cwd=folder, env=ENV, capture_output=True, text=True, check=True)
    unit = 1024 if sys.platform != "darwin" else 1
    return f"{int(done.stdout) * unit / 1e6:>7.1f} MB                    most memory, {len(paths):,} files"


def odd() -> Iterator[tuple[str, str]]:
    """Give files that do what they can to take long."""
    yield "50 MB", "".join(f"key_{number}: value {number} of many\n" for number in range(1_600_000))
    yield "one line of 5 MB", f"model: acme/tiny\nx: [{'0.125, ' * 700_000}]\n"
    yield "10,000 levels", f"x: {'[' * 10_000}{']' * 10_000}\n"
    doubling = "".join(f"a{number}: &a{number} [{f'*a{number - 1}, ' * 9}]\n" for number in range(1, 50))
    yield "an alias bomb", f"a0: &a0 {{model: acme/tiny}}\n{doubling}"


def large(folder: Path) -> Iterator[str]:
    """Time each of them."""
    for name, text in odd():
        (folder / "large.yaml").write_text(text)
        command = [HFPIN, "check", "large.yaml"]
        start = time.perf_counter()
        done = subprocess.run(command, cwd=folder, env=ENV, capture_output=True, check=False)
        seconds = time.perf_counter() - start
        yield f"{seconds:>7.3f} s                     {name}: exit {done.returncode}"


def main() -> int:
    """Print a line for each claim: both medians and the ratio, or what was measured."""
    print(f"{'ours':>9}  {'theirs':>9}  {'ratio':>6}  medians, ratio pair by pair")
    with tempfile.TemporaryDirectory(prefix="hfpin-bench-") as name:
        folder = Path(name)
        (folder / "pyproject.toml").touch()
        paths = [path.as_posix() for path in write_tree(folder, 2500)]
        for lines in (starts(folder), trees(folder, paths)):
            for line in lines:
                print(line, flush=True)
        for number in (250, 2500):
            print(peak(folder, paths[:number]), flush=True)
        for line in large(folder):
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
