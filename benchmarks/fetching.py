"""Measures how `hfpin fetch` grows: `python -m benchmarks.fetching`.

With the number of files, then with their bytes, each into an empty cache over loopback: the time of the whole
process, its most memory, and how many requests reached the Hub, by the Hub's own log.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.side_by_side import set_aside
from hfpin.testing import LocalHub

MIB = 1 << 20
HFPIN = str(Path(sys.executable).parent / "hfpin")


def growth(folder: Path, hub: LocalHub) -> Iterator[str]:
    """Fetch more and more files, then more and more bytes, by HTTP."""
    for count in (10, 100, 1000, 10_000):
        contents = {f"d{number % 7}/f{number:05}.json": b'{"i": %d}\n' % number for number in range(count)}
        yield _measure(folder, hub, f"{count} files of 12 B", dict(contents))
    for mib in (1, 64, 256, 512, 1024):
        weights = folder / f"{mib}.bin"
        with weights.open("wb") as file:
            for _ in range(mib):
                file.write(os.urandom(MIB))
        yield _measure(folder, hub, f"{mib} MiB in one file", {"model.bin": weights})
        weights.unlink()


def _measure(folder: Path, hub: LocalHub, what: str, contents: Mapping[str, bytes | Path]) -> str:
    repo_id = f"bench/{what.replace(' ', '-')}"
    hub.create_repo(repo_id)
    commit = hub.commit(repo_id, contents)
    root = folder / what
    root.mkdir()
    (root / "pyproject.toml").touch()
    (root / "config.yaml").write_text(f"it: {{repo_id: {repo_id}, revision: {commit}}}\n")
    env = {**os.environ, **hub.env, "HF_HUB_DISABLE_XET": "1"}
    subprocess.run([HFPIN, "lock"], cwd=root, env=env, check=True, capture_output=True)
    times = []
    for _ in range(3):
        set_aside(Path(env["HF_HUB_CACHE"]))
        hub.clear_requests()
        start = time.perf_counter()
        process = subprocess.Popen([HFPIN, "fetch"], cwd=root, env=env, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        times.append(time.perf_counter() - start)
        if status:
            raise RuntimeError(f"hfpin fetch failed for {what}")
    requests = len(hub.requests)
    memory = usage.ru_maxrss // 1024  # KiB, as Linux counts
    return f"{sorted(times)[1]:>7.3f} s  {memory:>5} MiB  {requests:>6}  {what}"


def main() -> int:
    """Print a line for each step."""
    print(f"{'median of 3':>9}  {'memory':>7}  requests")
    with tempfile.TemporaryDirectory(prefix="hfpin-bench-") as folder, LocalHub(Path(folder, "hub")) as hub:
        for line in growth(Path(folder), hub):
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
