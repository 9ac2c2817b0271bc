"""The small research repo that the demo plays in."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

FILES: Mapping[str, str] = {
    "config.yaml": """\
# What this project is about.
models:
  minilm:
    repo_id: sentence-transformers/all-MiniLM-L6-v2
    ignore_patterns: ["*.md", vocab.txt]   # the tokenizer is in tokenizer.json
train:
  epochs:  3        # hfpin leaves this line as it is, odd spaces and all
""",
    "dodo.py": "from hfpin.doit import *\n",
    ".pre-commit-config.yaml": """\
repos:
- repo: local  # in your project: the address of hfpin, and its release as rev
  hooks:
  - id: hfpin-check
    name: Hub references are pinned
    entry: hfpin check
    language: system
    types: [yaml]
    exclude: ^\\.
""",
    ".gitignore": ".doit.db*\n__pycache__/\n.pytest_cache/\n",
    "tests/test_model.py": '''\
"""The real tokenizer and the real weights, without a network."""

import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import OfflineModeIsEnabled
from safetensors import safe_open
from tokenizers import Tokenizer


def test_tokenizer(hf_minilm):
    tokenizer = Tokenizer.from_file(str(hf_minilm.path / "tokenizer.json"))
    assert tokenizer.encode("pinned weights").tokens[:4] == ["[CLS]", "pinned", "weights", "[SEP]"]


def test_weights(hf_snapshot):
    weights = hf_snapshot("sentence-transformers/all-MiniLM-L6-v2").path / "model.safetensors"
    with safe_open(weights, framework="numpy") as opened:
        words = opened.get_tensor("embeddings.word_embeddings.weight")
    assert words.shape == (30522, 384)
    assert 0.01 < words.std() < 0.1


def test_no_network():
    with pytest.raises(OfflineModeIsEnabled):
        HfApi().model_info("sentence-transformers/all-MiniLM-L6-v2")
''',
}


def create(folder: Path, env: Mapping[str, str]) -> None:
    """Write the repo's files and commit them, as a project is before it meets hfpin."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message", "train on MiniLM"]):
        subprocess.run(["git", *command], cwd=folder, env=dict(env), check=True)
