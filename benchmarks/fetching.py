"""Measures how a fetch grows: `python -m benchmarks.fetching`.

With the number of files, then with their bytes, by HTTP and by Xet, beside `hf download` by Xet; each into an
empty cache over loopback: the time of the whole process, its most memory, and how many requests reached the
Hub, by the Hub's own log.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.publish import publish_by_xet
from benchmarks.side_by_side import set_aside
from hfpin.testing import LocalHub

MIB = 1 << 20
SCRIPTS = Path(sys.executable).parent
HFPIN, HF = str(SCRIPTS / "hfpin"), str(SCRIPTS / "hf")
RUNS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one process took: seconds, MiB of memory at most, requests."""

    seconds: float
    memory: int
    requests: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A repo on the Hub, and a project that pins it."""

    hub: LocalHub
    repo_id: str
    commit: str
    root: Path

    @property
    def env(self) -> dict[str, str]:
        """The environment of whoever fetches, with caches of the project's own."""
        caches = {"HF_HUB_CACHE": str(self.root / "hub"), "HF_XET_CACHE": str(self.root / "xet")}
        return {**os.environ, **self.hub.env, **caches}

    def lock(self) -> None:
        """Write the project, and lock it."""
        self.root.mkdir()
        (self.root / "pyproject.toml").touch()
        (self.root / "config.yaml").write_text(f"it: {{repo_id: {self.repo_id}, revision: {self.commit}}}\n")
        subprocess.run([HFPIN, "lock"], cwd=self.root, env=self.env, check=True, capture_output=True)

    def lines(self, what: str, *, has_xet: bool) -> Iterator[str]:
        """Fetch it in each way, and give a line for each."""
        http = {"HF_HUB_DISABLE_XET": "1"}
        yield self._line(f"{what}, HTTP", [HFPIN, "fetch"], http)
        if has_xet:
            theirs = [HF, "download", "--quiet", self.repo_id, "--revision", self.commit]
            yield self._line(f"{what}, Xet", [HFPIN, "fetch"], {})
            yield self._line(f"{what}, hf download, Xet", theirs, {})

    def _line(self, what: str, command: list[str], env: dict[str, str]) -> str:
        runs = [self._run(command, {**self.env, **env}) for _ in range(RUNS)]
        seconds = statistics.median(run.seconds for run in runs)
        memory = max(run.memory for run in runs)
        for used in self.root.glob("*.used*"):
            shutil.rmtree(used)
        return f"{seconds:>7.3f} s  {memory:>5} MiB  {runs[-1].requests:>6}  {what}"

    def _run(self, command: list[str], env: dict[str, str]) -> Run:
        for name in ("hub", "xet"):
            set_aside(self.root / name)
        self.hub.clear_requests()
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=self.root, env=env, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RuntimeError(f"{command} failed")
        # KiB, as Linux counts
        return Run(seconds=seconds, memory=usage.ru_maxrss // 1024, requests=len(self.hub.requests))


def growth(folder: Path, hub: LocalHub) -> Iterator[str]:
    """Fetch more and more files, then more and more bytes."""
    for count in (10, 100, 1000, 10_000):
        contents = {f"d{number % 7}/f{number:05}.json": b'{"i": %d}\n' % number for number in range(count)}
        repo_id = f"bench/files-{count}"
        hub.create_repo(repo_id)
        commit = hub.commit(repo_id, dict(contents))
        made = Published(hub=hub, repo_id=repo_id, commit=commit, root=folder / f"files-{count}")
        made.lock()
        yield from made.lines(f"{count} files of 12 B", has_xet=False)
        shutil.rmtree(made.root)
    for files, mib in ((1, 1), (1, 64), (1, 512), (1, 2048), (8, 128)):
        name = f"{files}-of-{mib}"
        source = folder / "source"
        source.mkdir()
        for number in range(files):
            with (source / f"model-{number}.bin").open("wb") as file:
                for _ in range(mib):
                    file.write(os.urandom(MIB))
        commit = publish_by_xet(hub, f"bench/{name}", source)
        shutil.rmtree(source)
        made = Published(hub=hub, repo_id=f"bench/{name}", commit=commit, root=folder / name)
        made.lock()
        what = f"{mib} MiB in one file" if files == 1 else f"{files} files of {mib} MiB"
        yield from made.lines(what, has_xet=True)
        shutil.rmtree(made.root)


def main() -> int:
    """Print a line for each step and way."""
    print(f"{'median':>9}  {'most':>9}  requests  of {RUNS} runs")
    with tempfile.TemporaryDirectory(prefix="hfpin-bench-") as folder, LocalHub(Path(folder, "hub")) as hub:
        for line in growth(Path(folder), hub):
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
