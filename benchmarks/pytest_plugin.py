"""Measures what the pytest plugin costs a run at its start: `python -m benchmarks.pytest_plugin`.

Each line is a difference of medians of processor time: the same pytest, in turn without the plugin
(`-p no:hfpin`) and with it. pytest compiles plugins itself, and keeps what came of it beside them: where
PYTHONDONTWRITEBYTECODE forbids that it compiles them again in each run, which is not measured here.
On a machine whose neighbours are heard, medians of a few hundred milliseconds are a few tens apart by chance.
So where valgrind is installed instructions are counted too: they are the same in every run.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from hfpin.digest import Digest
from hfpin.lock import Lock, LockedFile, LockedPin, dumps
from hfpin.pin import Pin, Target
from hfpin.repo import Repo

PYTEST = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--collect-only"]
RUNS = 41
PINS, FILES = 100, 12
HEAVY = """\
import asyncio, decimal, doctest, email.mime.text, http.server, multiprocessing, sqlite3
import tarfile, unittest.mock, xml.dom.minidom, zipfile
try:
    import torch, transformers.models.llama.modeling_llama
except ImportError:
    import huggingface_hub.hf_api, hypothesis, tqdm.auto
def test_it(): pass
"""
"""A session that imports much: torch and transformers where they are, else what is in their stead."""


def seconds(command: Sequence[str], cwd: Path) -> float:
    """Run a command and give the processor time that it took."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(command, cwd=cwd, env=env, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 5):  # 5: no tests were collected
        raise RuntimeError(f"{' '.join(command)} failed")
    return usage.ru_utime + usage.ru_stime


def cost(folder: Path, *args: str) -> tuple[float, float]:
    """Give the medians without the plugin and with it, measured in turn after one run of each.

    Each goes first every other time, so that what the one leaves in the caches serves both alike.
    """
    commands = ([*PYTEST, "-p", "no:hfpin"], [*PYTEST, *args])
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(RUNS + 1):
        for which in (0, 1) if number % 2 else (1, 0):
            took = seconds(commands[which], folder)
            if number:
                times[which].append(took)
    return statistics.median(times[0]), statistics.median(times[1])


def instructions(folder: Path, *args: str) -> int:
    """Count the instructions of one run, in millions."""
    out = f"--callgrind-out-file={os.devnull}"
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        ["valgrind", "--tool=callgrind", out, *PYTEST, *args],
        cwd=folder,
        env={**env, "PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        check=False,  # valgrind passes on that no tests were run
    )
    found = re.search(r"Collected : (\d+)", done.stderr)
    if found is None:
        raise RuntimeError(f"valgrind said: {done.stderr}")
    return round(int(found[1]) / 1e6)


def counted(folder: Path, *args: str) -> str:
    """Tell how many instructions the plugin costs, where that can be counted."""
    if not shutil.which("valgrind"):
        return ""
    without, with_it = instructions(folder, "-p", "no:hfpin"), instructions(folder, *args)
    return f", {with_it - without:,} of {without:,} million instructions ({with_it / without - 1:.1%})"


def locked(number: int) -> LockedPin:
    """A pin that nobody has fetched."""
    target = Target(repo=Repo(f"bench/model-{number}"), commit=f"{number:040x}")
    files = tuple(
        LockedFile(path=f"file-{index}.json", size=1000, digest=Digest("git-sha1", f"{index:040x}"))
        for index in range(FILES)
    )
    return LockedPin(pin=Pin(name=f"model_{number}", target=target, revision="main"), files=files)


def main() -> int:
    """Print a line for each claim."""
    with tempfile.TemporaryDirectory(prefix="hfpin-bench-") as folder:
        unused, pinned, heavy = (Path(folder, name) for name in ("unused", "pinned", "heavy"))
        for root in (unused, pinned, heavy):
            root.mkdir()
            (root / "pyproject.toml").touch()
            (root / "test_it.py").write_text("def test_it(): pass\n")
        (heavy / "test_it.py").write_text(HEAVY)
        lock = dumps(Lock(tuple(locked(number) for number in range(PINS))))
        (pinned / "hfpin.lock").write_text(lock, encoding="utf-8")
        print(f"{'without':>9}  {'with':>9}  {'costs':>8}  {'':>6}  processor time, medians of {RUNS}")
        for claim, root, args in (
            ("installed and unused", unused, ()),
            (f"{PINS} pins of {FILES} files", pinned, ()),
            (f"{PINS} pins of {FILES} files, --hf-offline", pinned, ("--hf-offline",)),
            (f"{PINS} pins of {FILES} files, --hf-audit", pinned, ("--hf-audit",)),
            ("much imported, --hf-audit", heavy, ("--hf-audit",)),
        ):
            without, with_it = cost(root, *args)
            difference = with_it - without
            print(
                f"{without * 1e3:>6.1f} ms  {with_it * 1e3:>6.1f} ms  {difference * 1e3:>5.1f} ms"
                f"  {difference / without:>6.1%}  {claim}{counted(root, *args)}",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
