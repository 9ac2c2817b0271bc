"""Times two commands in turn, as whole processes, so that a machine whose speed drifts drifts for both."""

from __future__ import annotations

import itertools
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


def set_aside(folder: Path) -> None:
    """Let a folder be gone, by renaming it.

    Not by removing it: ext4 passes over inodes that were freed in the last seconds one by one when it makes a
    new one, and what fetches right after a removal spends most of its time on that.
    """
    if folder.exists():
        names = (folder.with_name(f"{folder.name}.used{number}") for number in itertools.count())
        folder.rename(next(name for name in names if not name.exists()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """A command, and what has to be done before each run of it.

    Args:
        name: What to call it.
        command: The command.
        prepare: Done before each run, and not timed.
    """

    name: str
    command: Sequence[str]
    prepare: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What came of running two commands in turn.

    Args:
        ours: Seconds of each of our runs.
        theirs: Seconds of each of the others', in the same order.
    """

    ours: tuple[float, ...]
    theirs: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """The median of the ratios, pair by pair: below one is faster than the other."""
        return statistics.median(a / b for a, b in zip(self.ours, self.theirs, strict=True))


def compare(
    ours: Contender, theirs: Contender, *, cwd: Path, env: Mapping[str, str], runs: int = 5
) -> Comparison:
    """Run two commands in turn, once to warm up and then so many times.

    Raises:
        RuntimeError: One of them failed: its time would mean nothing.
    """
    seconds: dict[str, list[float]] = {ours.name: [], theirs.name: []}
    for number in range(runs + 1):
        for one in (ours, theirs):
            one.prepare()
            start = time.perf_counter()
            done = subprocess.run(one.command, cwd=cwd, env=dict(env), capture_output=True, check=False)
            if done.returncode:
                raise RuntimeError(f"{one.name} failed:\n{done.stdout.decode()}{done.stderr.decode()}")
            if number:
                seconds[one.name].append(time.perf_counter() - start)
    return Comparison(ours=tuple(seconds[ours.name]), theirs=tuple(seconds[theirs.name]))
