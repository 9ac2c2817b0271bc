"""Real libraries on real and tiny models: fetched from the embedded Hub, then tested offline."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.e2e.models import Content, code, tiny_models
from tests.support import ResearchRepo

if TYPE_CHECKING:
    from hfpin.testing import LocalHub

_WHY = "needs torch and transformers: pip install -e '.[e2e]'"
torch = pytest.importorskip("torch", reason=_WHY)
transformers = pytest.importorskip("transformers", reason=_WHY)

pytestmark = pytest.mark.filterwarnings("ignore")  # what libraries deprecate among themselves


def publish(hub: LocalHub, repo_id: str, content: Content) -> str:
    """Put a model on the Hub, then another commit on top of it; give the first."""
    hub.create_repo(repo_id)
    if isinstance(content, Path):
        hub.add_folder(repo_id, str(content))
        commit = hub.commit_hash(repo_id)
    else:
        commit = hub.commit(repo_id, dict(content))
    hub.commit(repo_id, {"config.json": b"{}", **code("main")})
    return commit


@pytest.fixture
def models(tmp_path: Path, hf_local_hub: LocalHub, minilm: Path) -> dict[str, tuple[str, str]]:
    """Models on the Hub, by the names of their pins: id, and the commit to pin."""
    contents = {"minilm": minilm, **tiny_models(tmp_path)}
    commits: dict[str, str] = {}
    for name, content in contents.items():
        adapter = tmp_path / name / "adapter_config.json"
        if adapter.is_file():  # this one says at which commit its base is
            config = json.loads(adapter.read_text()) | {"revision": commits["llama"]}
            adapter.write_text(json.dumps(config))
        commits[name] = publish(hf_local_hub, f"acme/{name}", content)
    return {name: (f"acme/{name}", commit) for name, commit in commits.items()}


def test_libraries(
    online: ResearchRepo,
    hf_local_hub: LocalHub,
    models: dict[str, tuple[str, str]],
) -> None:
    """Each library loads exactly what is pinned, in each way, without a request; the Hub has moved on."""
    entries = (
        f"{name}:\n  repo_id: {repo}\n  revision: {commit}\n" for name, (repo, commit) in models.items()
    )
    online.write("config.yaml", "".join(entries))
    # its code is in a repo that nobody has
    online.write("pyproject.toml", '[tool.hfpin]\nwithout-dependencies = ["stray"]\n')
    for command in ("lock", "fetch"):
        done = online.hfpin(command)
        assert done.returncode == 0, done.stdout
    shutil.copy(Path(__file__).with_name("libraries.py"), online.root / "test_libraries.py")
    hf_local_hub.clear_requests()
    done = online.run("pytest", "-v", "-p", "no:cacheprovider", "--hf-offline", "--hf-dtype=float16", "-rs")
    assert done.returncode == 0, done.stdout
    assert hf_local_hub.requests == ()
