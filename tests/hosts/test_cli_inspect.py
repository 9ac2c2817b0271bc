"""`hfpin inspect`, and what `fetch` and `verify` say of a repo that is not whole upstream."""

from __future__ import annotations

import json

import pytest

from hfpin.cli import main
from hfpin.testing import LocalHub
from tests.support import ResearchRepo, safetensors

INDEX = '{"weight_map": {"w": "model-00001-of-00002.safetensors", "v": "model-00002-of-00002.safetensors"}}'
REASON = "model-00002-of-00002.safetensors: missing: model.safetensors.index.json names it"
HINT = (
    "`hfpin inspect half` shows all; where it is meant, say so in pyproject.toml: "
    '[tool.hfpin] allow-incomplete = ["half"].'
)
CAUSE = "upstream: the repo is so at this commit"


def test_unwhole_upstream(online: ResearchRepo, hf_local_hub: LocalHub) -> None:
    """Right bytes that are no whole model are not called complete, unless that is meant."""
    hf_local_hub.create_repo("acme/half")
    files = {
        "model-00001-of-00002.safetensors": safetensors(500),
        "model.safetensors.index.json": INDEX.encode(),
    }
    commit = hf_local_hub.commit("acme/half", dict(files))
    online.write("config.yaml", f"half: {{repo_id: acme/half, revision: {commit}}}\n")
    online.lock()
    for _ in range(2):
        done = online.hfpin("fetch")
        assert (done.returncode, done.stdout.splitlines()[-2:]) == (
            1,
            [
                f"hfpin: half (acme/half at {commit[:8]}) is not whole: {REASON}",
                f"  = {CAUSE}. {HINT}",
            ],
        )
    done = online.hfpin("verify")
    assert (done.returncode, done.stdout.splitlines()[1:]) == (
        1,
        ["half is not whole:", f"  {REASON}", f"    = {CAUSE}"],
    )
    online.write("pyproject.toml", '[tool.hfpin]\nallow-incomplete = ["half"]\n')
    assert online.hfpin("verify").returncode == 0


def test_json(
    repo: ResearchRepo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is for programs is one object; what is not whole is exit 1."""
    monkeypatch.chdir(repo.root)
    (repo.root / "m.safetensors").write_bytes(safetensors(200))
    (repo.root / "half.gguf").write_bytes(b"GGUF")
    assert main(["inspect", "--json", "m.safetensors", "half.gguf"]) == 1
    whole, half = json.loads(capsys.readouterr().out)["inspected"]
    assert whole == {
        "name": "m.safetensors",
        "kind": "files",
        "whole": True,
        "checkpoints": [
            {
                "name": "m",
                "format": "safetensors",
                "files": ["m.safetensors"],
                "size": 200,
                "tensors": 1,
                "parameters": 72,
                "dtypes": {"U8": 1},
            }
        ],
        "faults": [],
        "notes": [],
    }
    reason = "not a GGUF file: its header is cut short"
    assert half["faults"] == [{"path": "half.gguf", "trouble": "broken", "reason": reason, "cause": ""}]


def test_table(
    repo: ResearchRepo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A name from a stranger's header moves no cursor, and a path that is not there is told."""
    monkeypatch.chdir(repo.root)
    (repo.root / "model.safetensors.index.json").write_text('{"weight_map": {"w": "\\u001b[2J.safetensors"}}')
    assert main(["inspect", "."]) == 1
    assert "\ufffd[2J.safetensors: missing: model.safetensors.index.json names it" in capsys.readouterr().out
    assert main(["inspect", "nope"]) == 2
    assert capsys.readouterr().err.startswith("hfpin: there is no ")


def test_scan(
    repo: ResearchRepo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a pickle would import is told without loading it: what could run anything is exit 1."""
    pytest.importorskip("picklescan", reason="needs pip install 'hfpin[scan]'")
    monkeypatch.chdir(repo.root)
    bad, good = repo.root / "bad.bin", repo.root / "good.bin"
    bad.write_bytes(b"cposix\nsystem\n(S'touch ran'\ntR.")
    good.write_bytes(b"ccollections\nOrderedDict\n(tR.")
    assert main(["inspect", "--scan", "good.bin"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "  good.bin: would import 1 name, all harmless"
    assert main(["inspect", "--scan", "bad.bin"]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "  bad.bin: would import posix.system: dangerous"
    assert main(["inspect", "--scan", "--json", "bad.bin"]) == 1
    (one,) = json.loads(capsys.readouterr().out)["inspected"]
    assert one["pickles"] == {
        "bad.bin": {"dangerous": ["posix.system"], "unknown": [], "harmless": 0, "failed": False}
    }
    assert not (repo.root / "ran").exists()
