"""Measures `hfpin inspect`: `python -m benchmarks.inspect`.

A checkpoint of 100 shards and 100 GB, sparse, with the tensors of a model of 80 layers: seconds and memory of
the whole process, beside a bare Python start and beside safetensors' own reader of the same headers.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.side_by_side import Contender, compare

SHARDS, TENSORS, GB = 100, 16, 10**9
HFPIN = str(Path(sys.executable).parent / "hfpin")
SAFETENSORS = """
import sys
from pathlib import Path
from safetensors import safe_open
for path in sorted(Path(sys.argv[1]).glob("*.safetensors")):
    with safe_open(path, "np") as opened:
        opened.keys()
"""


def write(folder: Path) -> None:
    """Write the checkpoint."""
    size = GB // TENSORS // 2 * 2
    weight_map = {}
    for number in range(SHARDS):
        name = f"model-{number + 1:05}-of-{SHARDS:05}.safetensors"
        header = {}
        for tensor in range(TENSORS):
            key = f"model.layers.{number}.block_sparse_moe.experts.{tensor}.w1.weight"
            header[key] = {
                "dtype": "BF16",
                "shape": [size // 2],
                "data_offsets": [tensor * size, (tensor + 1) * size],
            }
            weight_map[key] = name
        data = json.dumps(header).encode()
        with (folder / name).open("wb") as opened:
            opened.write(len(data).to_bytes(8, "little") + data)
            opened.truncate(8 + len(data) + TENSORS * size)
    index = {"metadata": {"total_size": SHARDS * TENSORS * size}, "weight_map": weight_map}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    (folder / "config.json").write_text("{}")


def main() -> int:
    """Print each figure on a line."""
    with tempfile.TemporaryDirectory(prefix="hfpin-bench-") as name:
        folder = Path(name)
        write(folder)
        ours = Contender(name="hfpin inspect", command=[HFPIN, "inspect", name])
        for other in (
            Contender(name="a bare Python start", command=[sys.executable, "-c", ""]),
            Contender(name="safetensors.safe_open", command=[sys.executable, "-c", SAFETENSORS, name]),
        ):
            result = compare(ours, other, cwd=folder, env=os.environ, runs=7)
            print(
                f"{min(result.ours):>7.3f} s  {min(result.theirs):>7.3f} s  {result.ratio:>6.2f}  "
                f"{SHARDS} shards, {SHARDS} GB: {ours.name} : {other.name}"
            )
        process = subprocess.Popen(ours.command, stdout=subprocess.DEVNULL)
        start = time.perf_counter()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        print(f"{usage.ru_utime + usage.ru_stime:>7.3f} s of CPU in {time.perf_counter() - start:.3f} s")
        print(f"{usage.ru_maxrss // 1024:>4} MiB  the most memory of it")
        return process.returncode


if __name__ == "__main__":
    raise SystemExit(main())
