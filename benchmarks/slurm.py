"""Measures staging on three nodes of one machine, by srun and by sbcast: `python -m benchmarks.slurm`.

It needs Slurm (Debian: slurm-wlm munge) and root. One node beside `cp -r`: `python -m benchmarks.stage`.
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
        commit = hub.commit("bench/large", {"model.safetensors": weights(SIZE)})
        (folder / "config.yaml").write_text(f"it: {{repo_id: bench/large, revision: {commit}}}\n")
        for verb in ("lock", "fetch"):
            there = {**env, "HF_ENDPOINT": hub.endpoint}
            subprocess.run([HFPIN, verb], cwd=folder, env=there, check=True, stdout=subprocess.DEVNULL)
    shutil.rmtree(folder / "hub")
    return env


def weights(size: int) -> bytes:
    """Make a whole file of safetensors with one tensor, of so many bytes in all."""
    end = size - 128
    header = f'{{"w": {{"dtype": "U8", "shape": [{end}], "data_offsets": [0, {end}]}}}}'
    return (
        (120).to_bytes(8, "little") + header.ljust(120).encode() + (os.urandom(1 << 20) * (size >> 20))[:end]
    )


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
    """Print both medians and the ratio, run by run."""
    with tempfile.TemporaryDirectory(prefix="hfpin-") as folder:
        three_nodes(Path(folder), set_up(Path(folder)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
