"""Measures a fetch that has nothing to do: `python -m benchmarks.warm`.

A project of one pin, and one of a hundred, all files of which are in the cache: `hfpin fetch` and
`doit fetch` beside a bare start of Python and of doit, in turn, and what a further pin costs. Each pin is a
dozen files, with a config and a safetensors file of two hundred tensors. The Hub's own log says how many
requests were made.

What is to hold: a hundred pins take no request, and no more than a bare start of Python and a millisecond a
pin. The first fetch is shown too: it compares lock and configs and looks at each header, and remembers it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hfpin.digest import Digest
from hfpin.lock import Lock, LockedFile, LockedPin, dumps
from hfpin.pin import Pin, Target
from hfpin.places import Places
from hfpin.repo import Repo
from hfpin.testing import LocalHub

PINS, FILES, RUNS, TENSORS = 100, 12, 5, 200
SCRIPTS = Path(sys.executable).parent
NOTHING = "def task_nothing():\n    return {'actions': []}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A command, and where it runs."""

    name: str
    command: Sequence[str]
    root: Path


def contents(number: int) -> dict[str, bytes]:
    """What the files of a pin hold: weights with a header of a usual length, a config, and others."""
    tensors = {
        f"model.layers.{layer}.self_attn.q_proj.weight": {
            "dtype": "F32",
            "shape": [1],
            "data_offsets": [4 * layer, 4 * layer + 4],
        }
        for layer in range(TENSORS)
    }
    header = json.dumps(tensors).encode()
    weights = len(header).to_bytes(8, "little") + header + number.to_bytes(4, "little") * TENSORS
    others = {f"part-{part:02}.json": f"{number} {part}".encode() for part in range(FILES - 2)}
    return {"config.json": b"{}", "model.safetensors": weights, **others}


def project(root: Path, count: int) -> Path:
    """Make a project of so many pins, each with a dozen files in the cache."""
    root.mkdir()
    places = Places(root=root, cache=root / "hub")
    pins, config = [], []
    for number in range(count):
        commit = f"{number:040x}"
        target = Target(repo=Repo(f"bench/model-{number:03}"), commit=commit)
        (places.repo_folder(target.repo) / "blobs").mkdir(parents=True)
        places.snapshot(target).mkdir(parents=True)
        files = []
        for path, content in contents(number).items():
            digest = Digest("sha256", hashlib.sha256(content).hexdigest())
            file = LockedFile(path=path, size=len(content), digest=digest)
            places.blob(target.repo, file).write_bytes(content)
            (places.snapshot(target) / file.path).symlink_to(f"../../blobs/{digest.hex}")
            files.append(file)
        name = f"model_{number:03}"
        pins.append(LockedPin(pin=Pin(name=name, target=target, revision=commit), files=tuple(files)))
        config.append(f"{name}:\n  repo_id: {target.repo.repo_id}\n  revision: '{commit}'\n")
    (root / "hfpin.lock").write_text(dumps(Lock(tuple(pins))))
    (root / "config.yaml").write_text("".join(config))
    (root / "pyproject.toml").write_text('[tool.doit]\nloader = "hfpin"\n')
    return root


def seconds(run: Run, env: dict[str, str]) -> float:
    """Run a command once, as a whole process.

    Raises:
        RuntimeError: It failed, so that its time means nothing.
    """
    env = env | {"HF_HUB_CACHE": str(run.root / "hub")}
    start = time.perf_counter()
    done = subprocess.run(run.command, cwd=run.root, env=env, capture_output=True, check=False)
    took = time.perf_counter() - start
    if done.returncode:
        raise RuntimeError(f"{run.name} failed:\n{done.stdout.decode()}{done.stderr.decode()}")
    return took


def forget(root: Path) -> None:
    """Let a project remember nothing."""
    shutil.rmtree(root / ".cache", ignore_errors=True)


def main() -> int:
    """Print the median of each run, what a further pin costs, and how many requests there were."""
    with tempfile.TemporaryDirectory(prefix="hfpin-bench-") as name, LocalHub(Path(name, "served")) as hub:
        folder = Path(name)
        one, many = project(folder / "one", 1), project(folder / "many", PINS)
        (folder / "dodo.py").write_text(NOTHING)
        hfpin, doit = str(SCRIPTS / "hfpin"), str(SCRIPTS / "doit")
        bare = Run(name="python -c pass", command=(sys.executable, "-c", "pass"), root=folder)
        all_there = Run(name=f"hfpin fetch, {PINS} pins", command=(hfpin, "fetch"), root=many)
        first = Run(name=f"hfpin fetch, {PINS} pins, the first time", command=(hfpin, "fetch"), root=many)
        runs = (
            bare,
            Run(name="hfpin fetch, 1 pin", command=(hfpin, "fetch"), root=one),
            first,  # right before the one that remembers it
            all_there,
            Run(name="doit, a task with nothing to do", command=(doit, "nothing"), root=folder),
            Run(name="doit fetch, 1 pin", command=(doit, "fetch"), root=one),
            Run(name=f"doit fetch, {PINS} pins", command=(doit, "fetch"), root=many),
        )
        env = {**os.environ, **hub.env}
        taken: dict[str, list[float]] = {run.name: [] for run in runs}
        for number in range(RUNS + 1):
            for run in runs:
                if run is first:
                    forget(run.root)
                took = seconds(run, env)
                if number:  # the first is to warm up
                    taken[run.name].append(took)
        requests = len(hub.requests)
    median = {name: statistics.median(times) * 1000 for name, times in taken.items()}
    for title, value in median.items():
        print(f"{value:>7.1f} ms  {title}")
    for host in ("hfpin", "doit"):
        further = (median[f"{host} fetch, {PINS} pins"] - median[f"{host} fetch, 1 pin"]) / (PINS - 1)
        print(f"{further:>7.2f} ms  {host}: a further pin of {FILES} files")
    asked = median[bare.name] + PINS
    print(
        f"{median[all_there.name]:>7.1f} ms  {all_there.name} : {asked:.1f} ms  {bare.name}, and 1 ms a pin"
    )
    print(f"{requests:>7}     requests of all runs")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
