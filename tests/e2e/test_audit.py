"""What libraries ask for without a commit, seen by the audit: online, and offline from the cache."""

from __future__ import annotations

import ast
import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.e2e.models import Content, tiny_models
from tests.support import ResearchRepo

if TYPE_CHECKING:
    from hfpin.testing import LocalHub

pytest.importorskip("torch", reason="needs torch and transformers: pip install -e '.[e2e]'")
pytest.importorskip("transformers", reason="needs torch and transformers: pip install -e '.[e2e]'")

pytestmark = pytest.mark.filterwarnings("ignore")  # what libraries deprecate among themselves

SOURCE = Path(__file__).with_name("ways.py")


FUNCTIONS = [node for node in ast.parse(SOURCE.read_text()).body if isinstance(node, ast.FunctionDef)]


def way_at(line: int) -> str:
    """The name of the way that a line is in."""
    (name,) = (one.name for one in FUNCTIONS if one.lineno <= line <= (one.end_lineno or 0))
    return name


def expected() -> dict[str, set[str]]:
    """The repos that each way is said to ask for by a branch."""
    ways = {}
    for function in FUNCTIONS:
        for decorator in function.decorator_list:
            assert isinstance(decorator, ast.Call)
            ways[function.name] = {ast.literal_eval(argument) for argument in decorator.args}
    return ways


@pytest.fixture
def research(online: ResearchRepo, tmp_path: Path, hf_local_hub: LocalHub, minilm: Path) -> ResearchRepo:
    """A research repo whose pins are commits that the Hub has moved on from, with the ways to load them."""
    corpus = {"data.csv": b"text\npinned\n"}
    contents: dict[str, Content] = {"minilm": minilm, "corpus": corpus, **tiny_models(tmp_path)}
    commits: dict[str, str] = {}
    for name, content in contents.items():
        repo_id, repo_type = f"acme/{name}", "dataset" if name == "corpus" else "model"
        hf_local_hub.create_repo(repo_id, repo_type=repo_type)
        if isinstance(content, Path):
            hf_local_hub.add_folder(repo_id, str(content), repo_type=repo_type)
            commits[name] = hf_local_hub.commit_hash(repo_id, repo_type=repo_type)
        else:
            commits[name] = hf_local_hub.commit(repo_id, dict(content), repo_type=repo_type)
        hf_local_hub.commit(repo_id, {"NEWS.md": b"main goes on\n"}, repo_type=repo_type)
    del commits["stray"]
    online.write("commits.json", json.dumps(commits))
    entries = [
        f"{name}:\n  repo_id: acme/{name}\n  revision: {commit}\n"
        + ("  repo_type: dataset\n" if name == "corpus" else "")
        for name, commit in commits.items()
    ]
    online.write("config.yaml", "".join(entries))
    done = online.hfpin("lock")
    assert done.returncode == 0, done.stdout
    shutil.copy(SOURCE, online.root / "ways.py")
    return online


def test_ways_to_load(research: ResearchRepo) -> None:
    """Every way that takes a branch is caught, with its line, and no way that is pinned is blamed."""
    for offline in ("0", "1"):
        done = research.hfpin(
            "audit", "--report", "audit.json", "--", "python", "ways.py", HF_HUB_OFFLINE=offline
        )
        assert done.returncode == 1, done.stdout
        assert "Traceback" not in done.stdout, done.stdout
        missing = set(re.findall(r"^not here: (\w+)", done.stdout, re.MULTILINE))
        report = json.loads(research.read("audit.json"))
        caught: dict[str, set[str]] = {}
        unlocked = [one for one in report["opened"] if not one["pins"]]
        for one in [*report["unpinned"], *unlocked]:  # datasets keeps no branches in the cache of its own
            caught.setdefault(way_at(one["lines"][0][1]), set()).add(one["repo_id"])
        assert caught == {way: asked for way, asked in expected().items() if asked and way not in missing}
