"""Environment variables, read back by real shells."""

from __future__ import annotations

import json
import os
import shutil
import subprocess

import pytest

from hfpin.report.variables import VariableFormat, render_variables

ODD = [
    "/scratch/hub",
    "/a b/c",
    "/it's",
    '/say "hi"',
    "/two\nlines\n",
    "/$HOME/`id`/$(id)/!!",
    "/back\\slash\\\\and\\'quote",
    "/ünï/模型",
    "-n",
    "~/*;#&|<>",
    os.fsdecode(b"/latin\xe9"),
]


@pytest.mark.parametrize("value", ODD)
@pytest.mark.parametrize(
    ("form", "shell"),
    [
        ("sh", ["sh", "-c", 'eval "$(cat)"; exec env -0']),
        ("sh", ["bash", "-c", 'eval "$(cat)"; exec env -0']),
        ("fish", ["fish", "--no-config", "-c", "source; env -0"]),
    ],
    ids=["sh", "bash", "fish"],
)
def test_shells_read_back_what_was_written(form: VariableFormat, shell: list[str], value: str) -> None:
    """Any path that a file system can hold arrives byte for byte."""
    if shutil.which(shell[0]) is None:
        pytest.skip(f"there is no {shell[0]} here")
    rendered = render_variables({"HF_HUB_CACHE": value, "HF_HUB_OFFLINE": "1"}, form)
    done = subprocess.run(shell, input=os.fsencode(rendered), capture_output=True, check=True)
    variables = done.stdout.split(b"\0")
    assert b"HF_HUB_CACHE=" + os.fsencode(value) in variables
    assert b"HF_HUB_OFFLINE=1" in variables
    assert done.stderr == b""


@pytest.mark.parametrize("value", ODD)
def test_json_reads_back_what_was_written(value: str) -> None:
    """So does a program that reads JSON."""
    assert json.loads(render_variables({"HF_HUB_CACHE": value}, "json")) == {"HF_HUB_CACHE": value}
