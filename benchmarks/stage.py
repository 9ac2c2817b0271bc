"""Measures `hfpin stage` on one node beside `cp -r` of the same cache: `python -m benchmarks.stage [TARGET]`.

512 MiB in one file and in fourteen; from a source that is only on its disk, and from one that is in memory;
to memory and to disk (`memory`, `disk`; both where no target is named). Each line has the ratio below which
no program can go that hashes what it copies, from what was measured in the same run: the hash of one file is
one sequence, and all hashes and the copy together are shared out among the cores.

A copy takes one core and staging all of them, so that whatever else runs slows one more than the other: on
Linux a run during which others took much of the machine is made again, whichever it is.

To be copied, and not linked, the target has to be another file system, or the same one mounted a second time,
which takes root.
"""

from __future__ import annotations

import hashlib
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.side_by_side import Comparison, Contender, compare
from benchmarks.verify import HFPIN, MIB, MIXED, Pinned, pinned
from hfpin.operations.cores import cores

MEMORY = Path("/dev/shm")  # a file system in memory, not a folder of ours
_STAT = Path("/proc/stat")
_OTHERS = 0.15
"""Of one core, what others may take."""
_TRIES = 4
SHAPES = {"one file": (512,), "14 files": MIXED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One line of the table: from where, to where.

    Args:
        project: A project whose pin is in its cache.
        node: The folder to stage to; it is emptied before each run.
        is_cold: Whether the source is only on its disk.
    """

    project: Pinned
    node: Path
    is_cold: bool

    @property
    def stage(self) -> Contender:
        """What is measured."""
        return Contender(name="stage", command=[HFPIN, "stage"], prepare=self._forget)

    @property
    def copy(self) -> Contender:
        """What it is measured by."""
        command = ["cp", "-r", str(self.project.root / "hub"), str(self.node)]
        return Contender(name="cp", command=command, prepare=self._forget)

    def compare(self) -> Comparison:
        """Run both in turn, once to warm up and then five times."""
        seconds = [(self._seconds(self.stage), self._seconds(self.copy)) for _ in range(6)][1:]
        ours, theirs = zip(*seconds, strict=True)
        return Comparison(ours=ours, theirs=theirs)

    def _seconds(self, contender: Contender) -> float:
        """Run one of them; again, a few times, where others took much of the machine meanwhile."""
        env = environment(self.project, self.node)
        for _ in range(_TRIES):
            contender.prepare()
            before, own, start = _busy(), _own(), time.perf_counter()
            subprocess.run(contender.command, cwd=self.project.root, env=env, check=True, capture_output=True)
            seconds = time.perf_counter() - start
            if _busy() - before - (_own() - own) <= _OTHERS * seconds:
                break
        else:
            print(f"{contender.name}: {seconds:.3f} s, disturbed {_TRIES} times", file=sys.stderr)
        return seconds

    def _forget(self) -> None:
        shutil.rmtree(self.node, ignore_errors=True)
        self.node.mkdir()
        os.sync()  # neither is to pay for what the other left to be written
        for blob, _ in self.project.blobs:
            opened = os.open(blob, os.O_RDONLY)
            if self.is_cold:
                os.posix_fadvise(opened, 0, 0, os.POSIX_FADV_DONTNEED)
            else:
                while os.read(opened, MIB):
                    pass
            os.close(opened)


def environment(project: Pinned, node: Path) -> dict[str, str]:
    """The environment of a job that has a folder on its node."""
    return {**project.env, "SLURM_TMPDIR": str(node)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """What whoever checks digests has to do at least, in seconds.

    Args:
        hash_all: One core hashes all files.
        hash_largest: One core hashes the largest.
        copy: The processor's time of `cp -r`.
    """

    hash_all: float
    hash_largest: float
    copy: float

    def seconds(self, elapsed: float) -> float:
        """Seconds that it takes at least, where `cp -r` takes so many."""
        return max(elapsed, self.hash_largest, (self.hash_all + self.copy) / cores())


def floor(cell: Cell) -> Floor:
    """Measure what bounds a cell."""
    sizes = [size for _, size in cell.project.blobs]
    hash_all = _median(lambda: _hash(sum(sizes)))
    return Floor(
        hash_all=hash_all,
        hash_largest=hash_all * max(sizes) / sum(sizes),
        copy=_median(lambda: _processor_time(cell.copy)),
    )


def _median(measure: Callable[[], float]) -> float:
    return statistics.median(measure() for _ in range(3))


def _hash(size: int) -> float:
    """Seconds in which one core hashes so many bytes that it has at hand."""
    chunk, hasher = bytes(1 << 18), hashlib.sha256()
    start = time.perf_counter()
    for _ in range(size // len(chunk)):
        hasher.update(chunk)
    return time.perf_counter() - start


def _processor_time(contender: Contender) -> float:
    contender.prepare()
    before = _own()
    subprocess.run(contender.command, check=True, capture_output=True)
    return _own() - before


def _own() -> float:
    """Seconds of processors that our children took."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _busy() -> float:
    """Seconds of processors that all processes of this machine took (proc_stat(5): user, nice, system)."""
    if not _STAT.exists():
        return 0.0
    return sum(map(int, _STAT.read_text().split()[1:4])) / os.sysconf("SC_CLK_TCK")


def again(project: Pinned, node: Path) -> Comparison:
    """Stage what is staged, beside a bare Python start."""
    stage, env = [HFPIN, "stage"], environment(project, node)
    subprocess.run(stage, cwd=project.root, env=env, check=True, capture_output=True)
    return compare(
        Contender(name="stage", command=stage),
        Contender(name="python", command=[sys.executable, "-c", ""]),
        cwd=project.root,
        env=env,
    )


@contextmanager
def mounted_again(folder: Path) -> Iterator[Path]:
    """Mount a folder over itself: on the same disk, and nothing can be linked to there.

    Raises:
        subprocess.CalledProcessError: This user may not.
    """
    folder.mkdir()
    subprocess.run(["mount", "--bind", str(folder), str(folder)], check=True, capture_output=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def show(compared: Comparison, what: str, least: float | None = None) -> None:
    """Print both medians, the ratio, and the least that it could be."""
    ours, theirs = statistics.median(compared.ours), statistics.median(compared.theirs)
    bound = "" if least is None else f"{least:.2f}"
    print(f"{ours:>7.3f} s  {theirs:>7.3f} s  {compared.ratio:>6.2f}  {bound:>6}  {what}", flush=True)


def measure(project: Pinned, shape: str, node: Path, target: str) -> None:
    """Print the lines of one shape and one target."""
    for is_cold in (True, False):
        cell = Cell(project=project, node=node, is_cold=is_cold)
        bound, compared = floor(cell), cell.compare()
        elapsed = statistics.median(compared.theirs)
        source = "on its disk" if is_cold else "in memory"
        what = (
            f"{shape}, {source}, to {target}: cp -r; sha256 {bound.hash_all:.3f} s, "
            f"largest {bound.hash_largest:.3f} s, cp's processor time {bound.copy:.3f} s"
        )
        show(compared, what, bound.seconds(elapsed) / elapsed)


def main(targets: Sequence[str]) -> int:
    """Print a line for each cell."""
    title = "medians of five, ratio pair by pair, the least that is possible"
    print(f"{'ours':>9}  {'theirs':>9}  {'ratio':>6}  {'least':>6}  {title}; {cores()} cores")
    with ExitStack() as stack:
        on_disk = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hfpin-bench-")))
        nodes: dict[str, Path] = {}
        if "memory" in targets:
            in_memory = stack.enter_context(tempfile.TemporaryDirectory(prefix="hfpin-bench-", dir=MEMORY))
            nodes["memory"] = Path(in_memory) / "node"
        if "disk" in targets:
            try:
                nodes["disk"] = stack.enter_context(mounted_again(on_disk / "disk")) / "node"
            except (subprocess.CalledProcessError, FileNotFoundError):
                print("to disk: not measured: it takes root to mount a folder over itself")
        for shape, sizes in SHAPES.items():
            project = pinned(on_disk / shape, [size * MIB for size in sizes])
            for target, node in nodes.items():
                measure(project, shape, node, target)
        for target, node in nodes.items():
            show(again(project, node), f"staged already, in {target}: a bare Python start")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:] or ("memory", "disk")))
