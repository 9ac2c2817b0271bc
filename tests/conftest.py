"""Fixtures that tests share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from demo.real_models import FRACAST, MINILM, model_folder
from hfpin.hub import HuggingFaceHub
from tests.support import MIB, Published, ResearchRepo, safetensors, user_environment

if TYPE_CHECKING:
    from hfpin.testing import LocalHub

MODELS = Path(__file__).parent.parent / ".cache" / "models"


def pytest_xdist_auto_num_workers() -> int:
    """Take one worker more than there are cores: much of a test's time is waiting for a process or a Hub."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture
def repo(tmp_path: Path) -> ResearchRepo:
    """An empty research repo, on a machine where no Hub answers."""
    home, root = tmp_path / "home", tmp_path / "research"
    home.mkdir()
    root.mkdir()
    (root / "pyproject.toml").touch()
    return ResearchRepo(root=root, env=user_environment(home))


@pytest.fixture
def online(repo: ResearchRepo, hf_local_hub: LocalHub) -> ResearchRepo:
    """The same research repo, with `hf_local_hub` as its Hub."""
    return ResearchRepo(root=repo.root, env={**repo.env, "HF_ENDPOINT": hf_local_hub.endpoint})


@pytest.fixture
def client(hf_local_hub: LocalHub) -> Iterator[HuggingFaceHub]:
    """Our client of `hf_local_hub`, without a token."""
    from huggingface_hub import close_session

    yield HuggingFaceHub(endpoint=hf_local_hub.endpoint, token=False)
    close_session()


@pytest.fixture(scope="session")
def minilm() -> Path:
    """The folder of the real all-MiniLM-L6-v2: 91 MB of safetensors."""
    return model_folder(MINILM, MODELS)


@pytest.fixture(scope="session")
def fracast() -> Path:
    """The folder of a real small model: 344 kB and 113 kB of safetensors."""
    return model_folder(FRACAST, MODELS)


@pytest.fixture
def tiny(hf_local_hub: LocalHub) -> Published:
    """A model with a large file and small ones, at two commits, the first of them tagged."""
    weights = safetensors(3 * MIB)
    files = {"config.json": b'{"a": 1}\n', "model.safetensors": weights, "sub/tokenizer.json": b"{}\n"}
    hf_local_hub.create_repo("acme/tiny")
    first = hf_local_hub.commit("acme/tiny", dict(files))
    hf_local_hub.tag("acme/tiny", "v1", first)
    second = hf_local_hub.commit("acme/tiny", {"config.json": b'{"a": 2}\n'})
    hf_local_hub.clear_requests()
    return Published(repo_id="acme/tiny", first=first, second=second, files=files)
