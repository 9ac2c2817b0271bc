"""Measures each claim over loopback, on the real all-MiniLM-L6-v2, beside what people use instead."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.publish import publish_by_xet
from benchmarks.side_by_side import Comparison, Contender, compare, set_aside
from demo.real_models import MINILM, model_folder
from hfpin.testing import LocalHub

MODELS = Path(__file__).parent.parent / ".cache" / "models"
SCRIPTS = Path(sys.executable).parent
HFPIN, HF = str(SCRIPTS / "hfpin"), str(SCRIPTS / "hf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """A project that pins one repo, and the environment of its user."""

    repo_id: str
    commit: str
    root: Path
    env: dict[str, str]

    @property
    def cache(self) -> Path:
        """The Hub cache."""
        return Path(self.env["HF_HUB_CACHE"])

    def set_up(self) -> None:
        """Write the project, and lock it."""
        self.root.mkdir()
        (self.root / "pyproject.toml").touch()
        (self.root / "config.yaml").write_text(f"it:\n  repo_id: {self.repo_id}\n  revision: {self.commit}\n")
        subprocess.run([HFPIN, "lock"], cwd=self.root, env=self.env, check=True, capture_output=True)

    def check(self) -> Iterator[tuple[str, Comparison]]:
        """Measure what a hook costs."""
        yield self._compare(
            "hfpin check, one small file : a bare Python start",
            Contender(name="hfpin check", command=[HFPIN, "check"]),
            Contender(name="python", command=[sys.executable, "-c", ""]),
        )

    def fetch(self, what: str) -> Iterator[tuple[str, Comparison]]:
        """Measure fetching into an empty cache, into a full one, and reading it all."""
        hf = [HF, "download", "--quiet", self.repo_id, "--revision", self.commit]
        yield self._compare(
            f"{what}, cold: hfpin fetch : hf download",
            Contender(name="hfpin fetch", command=[HFPIN, "fetch"], prepare=self._forget),
            Contender(name="hf download", command=hf, prepare=self._forget),
        )
        yield self._compare(
            f"{what}, warm: hfpin fetch : hf download",
            Contender(name="hfpin fetch", command=[HFPIN, "fetch"]),
            Contender(name="hf download", command=hf),
        )

    def _compare(self, claim: str, ours: Contender, theirs: Contender) -> tuple[str, Comparison]:
        return claim, compare(ours, theirs, cwd=self.root, env=self.env)

    def _forget(self) -> None:
        for folder in (self.cache, Path(self.env["HF_XET_CACHE"])):
            set_aside(folder)


def measure(folder: Path, hub: LocalHub) -> Iterator[tuple[str, Comparison]]:
    """Measure claim by claim."""

    def bench(name: str, commit: str, **env: str) -> Bench:
        made = Bench(
            repo_id=f"bench/{name}",
            commit=commit,
            root=folder / f"{name}{len(env)}",
            env={**os.environ, **hub.env, **env},
        )
        made.set_up()
        return made

    minilm = model_folder(MINILM, MODELS)
    plain = bench("minilm", publish_by_xet(hub, "bench/minilm", minilm), HF_HUB_DISABLE_XET="1")
    yield from plain.check()
    yield from plain.fetch("91 MB by HTTP")
    yield from bench("minilm", plain.commit).fetch("91 MB by Xet")
    hub.create_repo("bench/many")
    files = {f"d{number % 7}/f{number:04}.json": b'{"i": %d}\n' % number for number in range(1500)}
    yield from bench("many", hub.commit("bench/many", dict(files))).fetch("1,501 small files")


def main() -> int:
    """Print a line for each claim: both medians, and the ratio."""
    print(f"{'ours':>9}  {'theirs':>9}  {'ratio':>6}  medians of five, ratio pair by pair")
    with tempfile.TemporaryDirectory(prefix="hfpin-bench-") as folder, LocalHub(Path(folder, "hub")) as hub:
        for claim, result in measure(Path(folder), hub):
            ours, theirs = (statistics.median(times) for times in (result.ours, result.theirs))
            print(f"{ours:>7.3f} s  {theirs:>7.3f} s  {result.ratio:>6.2f}  {claim}", flush=True)
    return 0


raise SystemExit(main())
