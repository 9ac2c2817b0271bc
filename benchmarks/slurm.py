"""Measures staging: on one node beside `cp -r`, and on three nodes of one machine by srun and by sbcast.

    python -m benchmarks.slurm

The second needs Slurm (Debian: slurm-wlm munge) and root.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.side_by_side import Contender, compare
from chores import slurm_cluster
from hfpin.testing import LocalHub

SIZE = 512 << 20
HFPIN = str(Path(sys.executable).parent / "hfpin")


def set_up(folder: Path) -> dict[str, str]:
    """Make a project in `folder` whose pin of 512 MiB is in a shared cache; give the user's environment."""
    env = {**os.environ, "HF_HOME": str(folder / "hf"), "HF_HUB_DISABLE_XET": "1"}
    for name in ("HF_HUB_CACHE", "HF_XET_CACHE"):
        env.pop(name, None)
    (folder / "pyproject.toml").touch()
    with LocalHub(folder / "hub") as hub:
        hub.create_repo("bench/large")
        commit = hub.commit("bench/large", {"model.safetensors": os.urandom(1 << 20) * (SIZE >> 20)})
        (folder / "config.yaml").write_text(f"it: {{repo_id: bench/large, revision: {commit}}}\n")
        for verb in ("lock", "fetch"):
            there = {**env, "HF_ENDPOINT": hub.endpoint}
            subprocess.run([HFPIN, verb], cwd=folder, env=there, check=True, capture_output=True)
    shutil.rmtree(folder / "hub")
    return env


def one_node(folder: Path, env: dict[str, str], disk: Path) -> None:
    """Stage to another file system, and copy there."""

    def forget() -> None:
        shutil.rmtree(disk, ignore_errors=True)
        disk.mkdir()

    stage = [HFPIN, "stage", "--to", str(disk)]
    copy = ["cp", "-r", str(folder / "hf" / "hub"), str(disk)]
    cold = compare(
        Contender(name="stage", command=stage, prepare=forget),
        Contender(name="cp", command=copy, prepare=forget),
        cwd=folder,
        env=env,
    )
    ours, theirs = statistics.median(cold.ours), statistics.median(cold.theirs)
    print(f"{ours:>7.3f} s  {theirs:>7.3f} s  {cold.ratio:>6.2f}  512 MiB to one node: hfpin stage : cp -r")
    subprocess.run(stage, cwd=folder, env=env, check=True, capture_output=True)
    again = compare(
        Contender(name="stage", command=stage),
        Contender(name="python", command=[sys.executable, "-c", ""]),
        cwd=folder,
        env=env,
    )
    ours, theirs = statistics.median(again.ours), statistics.median(again.theirs)
    print(f"{ours:>7.3f} s  {theirs:>7.3f} s  {again.ratio:>6.2f}  already staged : a bare Python start")
    shutil.rmtree(disk)


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
    print(f"{'ours':>9}  {'theirs':>9}  {'ratio':>6}  medians, ratio pair by pair")
    with tempfile.TemporaryDirectory(prefix="hfpin-bench-") as name:
        folder = Path(name)
        env = set_up(folder)
        with tempfile.TemporaryDirectory(prefix="hfpin-node-", dir="/dev/shm") as node:
            one_node(folder, env, Path(node, "disk"))
        three_nodes(folder, env)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
