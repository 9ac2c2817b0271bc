"""Measures each claim on the real all-MiniLM-L6-v2 over loopback, beside what people use instead."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.side_by_side import Comparison, Contender, compare
from demo.real_models import MINILM, model_folder
from hfpin.testing import LocalHub

MODELS = Path(__file__).parent.parent / ".cache" / "models"
REPO = "sentence-transformers/all-MiniLM-L6-v2"
SCRIPTS = Path(sys.executable).parent
HFPIN, HF = str(SCRIPTS / "hfpin"), str(SCRIPTS / "hf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """A pinned project, and the environment of its user."""

    root: Path
    env: dict[str, str]
    commit: str

    @property
    def cache(self) -> Path:
        """The Hub cache."""
        return Path(self.env["HF_HOME"], "hub")

    def run(self) -> Iterator[tuple[str, Comparison]]:
        """Measure claim by claim."""
        yield (
            "hfpin check, one small file : a bare Python start",
            self._compare(
                Contender(name="hfpin check", command=[HFPIN, "check"]),
                Contender(name="python", command=[sys.executable, "-c", ""]),
            ),
        )
        hf = [HF, "download", "--quiet", REPO, "--revision", self.commit]
        yield (
            "fetch of 91 MB, cold : hf download, cold",
            self._compare(
                Contender(name="hfpin fetch", command=[HFPIN, "fetch"], prepare=self._forget),
                Contender(name="hf download", command=hf, prepare=self._forget),
            ),
        )
        yield (
            "fetch, nothing to do : hf download, nothing to do",
            self._compare(
                Contender(name="hfpin fetch", command=[HFPIN, "fetch"]),
                Contender(name="hf download", command=hf),
            ),
        )
        files = sorted(path for path in self.cache.rglob("*") if path.is_symlink())
        yield (
            "verify of 91 MB : sha256sum",
            self._compare(
                Contender(name="hfpin verify", command=[HFPIN, "verify"]),
                Contender(name="sha256sum", command=["sha256sum", *map(str, files)]),
            ),
        )

    def _compare(self, ours: Contender, theirs: Contender) -> Comparison:
        return compare(ours, theirs, cwd=self.root, env=self.env)

    def _forget(self) -> None:
        shutil.rmtree(self.cache, ignore_errors=True)


def main() -> int:
    """Print a line for each claim: both medians, and the ratio."""
    with tempfile.TemporaryDirectory(prefix="hfpin-bench-") as folder, LocalHub(Path(folder, "hub")) as hub:
        hub.create_repo(REPO)
        commit = hub.add_folder(REPO, model_folder(MINILM, MODELS))
        root = Path(folder, "project")
        root.mkdir()
        (root / "pyproject.toml").touch()
        (root / "config.yaml").write_text(f"minilm:\n  repo_id: {REPO}\n  revision: {commit}\n")
        bench = Bench(root=root, env={**os.environ, **hub.env}, commit=commit)
        lock = Contender(name="hfpin lock", command=[HFPIN, "lock"])
        compare(lock, lock, cwd=root, env=bench.env, runs=1)
        print(f"{'ours':>9}  {'theirs':>9}  {'ratio':>6}  medians of five, ratio pair by pair")
        for claim, result in bench.run():
            ours, theirs = (sorted(times)[len(times) // 2] for times in (result.ours, result.theirs))
            print(f"{ours:>7.3f} s  {theirs:>7.3f} s  {result.ratio:>6.2f}  {claim}", flush=True)
    return 0


raise SystemExit(main())
