"""Where the user's home is, also where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from hfpin.operations.project import open_project
from hfpin.places import find_home


def test_a_user_without_a_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """In a container a user may have neither $HOME nor a name: who says where the cache is needs none."""
    pwd = pytest.importorskip("pwd")

    def nobody(_: int) -> None:
        raise KeyError

    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr(pwd, "getpwuid", nobody)
    assert find_home() == Path("~")
    assert open_project(tmp_path, {"HF_HOME": "/hub"}, find_home()).places.cache_dir == Path("/hub/hub")


def test_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Else it is what the system says."""
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(tmp_path))
    assert find_home() == tmp_path
