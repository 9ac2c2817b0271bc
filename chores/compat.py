"""Runs what meets the Hub's client with other releases of huggingface_hub: `doit compat`.

`python -m chores.compat --in-part`, which CI runs, is the oldest of them and what is most at risk.
Each release gets a virtual environment of its own below `.cache/`, kept for the next time.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

RELEASES = ("1.10.0", "1.33.0")
"""The oldest that pyproject.toml allows, and the newest before 2.0; the tests run with the newest of all."""

TESTS = (
    "tests/testing",
    "--ignore=tests/testing/test_hub_docs.py",  # its examples show what the newest client does
    "tests/operations",
    "tests/hosts/test_cli.py",
    "tests/hosts/test_pytest_plugin.py",
    "tests/hosts/test_audit.py",
    "tests/hosts/test_fetch_processes.py",
    "tests/unit/test_huggingface.py",
    "tests/unit/test_patterns.py",
    "tests/unit/test_repo.py",
)

IN_PART = ("tests/hosts/test_pytest_plugin.py", "-k", "test_is_offline or test_in_a_process_that_goes_on")
"""What CI runs with the oldest release: being offline hangs on names that are in no promise of the client."""

ROOT = Path(__file__).parent.parent


def run(release: str, tests: Sequence[str]) -> int:
    """Run tests with one release, and give pytest's exit code."""
    folder = ROOT / ".cache" / "compat" / release
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    install = [str(python), "-m", "pip", "install", "--quiet", "--editable", ".[test]"]
    subprocess.run([*install, f"huggingface_hub=={release}"], cwd=ROOT, check=True)
    print(f"huggingface_hub {release}", flush=True)
    command = [str(python), "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def main(argv: Sequence[str]) -> int:
    """Run them all, or the oldest in part; 1 where one failed."""
    if list(argv) == ["--in-part"]:
        return int(run(RELEASES[0], IN_PART) != 0)
    codes = [run(release, TESTS) for release in RELEASES]
    return int(any(codes))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
