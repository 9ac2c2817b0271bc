"""The page about the embedded Hub says what is so."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from hfpin.testing import Fault, LocalHub

PAGE = (Path(__file__).parents[2] / "docs" / "testing-hub.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("code", EXAMPLES)
def test_examples_run(code: str, tmp_path: Path) -> None:
    """Every example of the page runs."""
    env = {**os.environ, "HF_HOME": str(tmp_path), "HF_HUB_DISABLE_PROGRESS_BARS": "1", "HF_HUB_OFFLINE": "0"}
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_tables_are_complete() -> None:
    """Every verb, setting and kind of fault has its line in a table."""
    listed = set(re.findall(r"`\"?([a-z_]+)", "".join(re.findall(r"^\|(.*?)\|", PAGE, re.MULTILINE))))
    verbs = {
        name
        for name, member in inspect.getmembers(LocalHub, inspect.isfunction)
        if "repo_id" in inspect.signature(member).parameters and not name.startswith("_")
    }
    settings = set(inspect.signature(LocalHub).parameters)
    kinds = set(re.findall(r'^ +\* ``"(\w+)"``', inspect.getdoc(Fault) or "", re.MULTILINE))
    assert len(kinds) == 5
    assert verbs | settings | kinds <= listed
