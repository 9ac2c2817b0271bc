"""The README's first command tells its story to the end."""

from __future__ import annotations

from pathlib import Path

from tests.support import ResearchRepo

ROOT = Path(__file__).parent.parent


def test_demo(repo: ResearchRepo, minilm: Path) -> None:
    """`doit demo` runs every command of the story on the real model, from a machine where nothing is set."""
    assert (minilm / "model.safetensors").stat().st_size == 90_868_376
    checkout = ResearchRepo(root=ROOT, env=repo.env)
    database = repo.root / "doit.db"
    done = checkout.run("doit", "--db-file", str(database), "demo")
    assert done.returncode == 0, done.stdout
    for line in (
        "  config.yaml:4:14: HFP001 sentence-transformers/all-MiniLM-L6-v2 has no revision\n",
        "  (0 requests reached the Hub)\n",
        "  11 files, 91.4 MB: every byte as in hfpin.lock.\n",
    ):
        assert line in done.stdout
