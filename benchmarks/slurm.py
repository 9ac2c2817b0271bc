"""Measures staging: on one node beside `cp -r`, and on three nodes of one machine by srun and by sbcast.

    python -m benchmarks.slurm

The second needs Slurm (Debian: slurm-wlm munge) and root.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.side_by_side import Comparison, Contender, compare
from chores import slurm_cluster
from hfpin.testing import LocalHub

SIZE = 512 << 20
HFPIN = str(Path(sys.executable).parent / "hfpin")
MEMORY = Path("/dev/shm")  # a file system in memory, not a folder of ours


def set_up(folder: Path) -> dict[str, str]:
    """Make a project in `folder` whose pin of 512 MiB is in a shared cache; give the user's environment."""
    env = {**os.environ, "HF_HOME": str(folder / "hf"), "HF_HUB_DISABLE_XET": "1"}
    for name in ("HF_HUB_CACHE", "HF_XET_CACHE"):
        env.pop(name, None)
    (folder / "pyproject.toml").touch()
    with LocalHub(folder / "hub") as hub:
        hub.create_repo("bench/large")
        commit = hub.commit("bench/large", {"model.safetensors": weights(SIZE)})
        (folder / "config.yaml").write_text(f"it: {{repo_id: bench/large, revision: {commit}}}\n")
        for verb in ("lock", "fetch"):
            there = {**env, "HF_ENDPOINT": hub.endpoint}
            subprocess.run([HFPIN, verb], cwd=folder, env=there, check=True, stdout=subprocess.DEVNULL)
    shutil.rmtree(folder / "hub")
    os.sync()  # so that it can be dropped from memory
    return env


def weights(size: int) -> bytes:
    """Make a whole file of safetensors with one tensor, of so many bytes in all."""
    end = size - 128
    header = f'{{"w": {{"dtype": "U8", "shape": [{end}], "data_offsets": [0, {end}]}}}}'
    return (
        (120).to_bytes(8, "little") + header.ljust(120).encode() + (os.urandom(1 << 20) * (size >> 20))[:end]
    )


def drop(folder: Path) -> None:
    """Let the system forget what it holds of a folder's files in memory: as where nobody read them."""
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            opened = os.open(path, os.O_RDONLY)
            os.posix_fadvise(opened, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(opened)


def one_node(folder: Path, env: dict[str, str], disk: Path, *, is_cold: bool = False) -> Comparison:
    """Stage to another file system, and copy there; the shared cache is in memory, or only on its disk."""
    hub = folder / "hf" / "hub"

    def forget() -> None:
        shutil.rmtree(disk, ignore_errors=True)
        disk.mkdir()
        if is_cold:
            drop(hub)

    stage = [HFPIN, "stage", "--to", str(disk)]
    return compare(
        Contender(name="stage", command=stage, prepare=forget),
        Contender(name="cp", command=["cp", "-r", str(hub), str(disk)], prepare=forget),
        cwd=folder,
        env=env,
    )


def again(folder: Path, env: dict[str, str], disk: Path) -> Comparison:
    """Stage what is staged, beside a bare Python start."""
    stage = [HFPIN, "stage", "--to", str(disk)]
    subprocess.run(stage, cwd=folder, env=env, check=True, capture_output=True)
    return compare(
        Contender(name="stage", command=stage),
        Contender(name="python", command=[sys.executable, "-c", ""]),
        cwd=folder,
        env=env,
    )


def show(compared: Comparison, what: str) -> None:
    """Print both medians and the ratio."""
    ours, theirs = statistics.median(compared.ours), statistics.median(compared.theirs)
    print(f"{ours:>7.3f} s  {theirs:>7.3f} s  {compared.ratio:>6.2f}  {what}", flush=True)


def hash_alone() -> float:
    """Seconds that sha256 alone takes for as many bytes: nothing that checks a single file can be faster."""
    chunk = bytes(1 << 18)
    seconds = []
    for _ in range(5):
        hasher = hashlib.sha256()
        start = time.perf_counter()
        for _ in range(SIZE // len(chunk)):
            hasher.update(chunk)
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


@contextmanager
def folder_on(disk: Path | None) -> Iterator[Path]:
    """A new folder on a file system; None for that of temporary files."""
    with tempfile.TemporaryDirectory(prefix="hfpin-", dir=disk) as name:
        yield Path(name)


def three_nodes(folder: Path, env: dict[str, str]) -> None:
    """Stage to three nodes, by srun and by sbcast in turn."""
    if (reason := slurm_cluster.why_not()) is not None:
        print(f"three nodes: not measured: {reason}")
        return
    cluster_folder = Path(tempfile.mkdtemp(prefix="slurm-"))
    seconds: dict[str, list[float]] = {"srun": [], "sbcast": []}
    try:
        with slurm_cluster.start(cluster_folder) as cluster:
            for _ in range(3):
                for via, times in seconds.items():
                    script = (
                        'srun -N3 --ntasks-per-node=1 sh -c "rm -rf $DISK/*"; date +%s.%N; '
                        f'{HFPIN} stage --to "$DISK" --via {via} >/dev/null && date +%s.%N'
                    )
                    code, out = cluster.run(folder, env, script, "-N3")
                    if code:
                        raise RuntimeError(out)
                    start, end = (float(one) for one in re.findall(r"^\d+\.\d+$", out, re.MULTILINE))
                    times.append(end - start)
    finally:
        shutil.rmtree(cluster_folder, ignore_errors=True)
    medians = {via: statistics.median(times) for via, times in seconds.items()}
    ratio = statistics.median(b / a for a, b in zip(seconds["srun"], seconds["sbcast"], strict=True))
    print(
        f"{medians['sbcast']:>7.3f} s  {medians['srun']:>7.3f} s  {ratio:>6.2f}  three nodes: sbcast : srun"
    )


def main() -> int:
    """Print a line for each claim: both medians, and the ratio."""
    print(f"{'ours':>9}  {'theirs':>9}  {'ratio':>6}  medians of five, ratio pair by pair")
    with ExitStack() as stack:
        on_disk, in_memory = (stack.enter_context(folder_on(disk)) for disk in (None, MEMORY))
        project = on_disk / "project"
        project.mkdir()
        env = set_up(project)
        node = in_memory / "node"
        show(one_node(project, env, node, is_cold=True), "512 MiB not read before, disk to memory: cp -r")
        show(one_node(project, env, node), "512 MiB in the page cache, to memory: cp -r")
        show(again(project, env, node), "staged already: a bare Python start")
        shutil.rmtree(node)
        copy = shutil.copytree(project, in_memory / "project", symlinks=True)
        there = {**env, "HF_HOME": str(copy / "hf")}
        show(one_node(copy, there, on_disk / "node"), "512 MiB in memory, to disk: cp -r")
        shutil.rmtree(copy)
        print(f"{hash_alone():>7.3f} s  {'':>9}  {'':>6}  sha256 of 512 MiB alone, from memory: a floor")
        three_nodes(project, env)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
