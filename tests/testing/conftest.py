"""Hubs for the tests of the embedded Hub."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from huggingface_hub import HfApi
from huggingface_hub.utils import close_session  # type: ignore[attr-defined]  # it has no __all__

from hfpin.testing import LocalHub

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def hub() -> Iterator[LocalHub]:
    """Yield a hub of this test's own."""
    with LocalHub() as hub:
        yield hub
    close_session()  # the client keeps connections to a hub that is gone


@pytest.fixture
def api(hub: LocalHub) -> HfApi:
    """Return the writer's client."""
    return HfApi(endpoint=hub.endpoint, token=hub.writer_token)


@pytest.fixture
def client(hub: LocalHub, tmp_path: Path) -> Callable[..., str]:
    """Return a function that runs a client's code in a process of its own, with the hub's environment."""

    def run(code: str, **env: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, **hub.env, "HF_TOKEN": hub.writer_token, **env},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    return run
