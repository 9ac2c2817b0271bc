"""Which keys name a Hub repo, and which carry its revision: data, not code.

Each entry is a fact about programs that people configure; the comment names some of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from hfpin.repo import RepoType


@dataclass(frozen=True, slots=True, kw_only=True)
class IdKey:
    """A mapping key whose value is a repo id.

    Args:
        repo_type: What kind of repo the key names.
        revision_keys: Sibling keys that carry its revision, the one to write first.
        one_word: Whether a value without a namespace (`gpt2`) is an id under this key.
        declares: Whether this is the recommended form, whose siblings are arguments of
            `snapshot_download` and whose parent key is the pin's name.
    """

    repo_type: RepoType = "model"
    revision_keys: tuple[str, ...]
    one_word: bool = False
    declares: bool = False


ID_KEYS: Mapping[str, IdKey] = MappingProxyType(
    {
        # huggingface_hub.snapshot_download, and hfpin's own recommended form
        "repo_id": IdKey(revision_keys=("revision",), one_word=True, declares=True),
        # transformers' example scripts, TRL's ModelConfig
        "model_name_or_path": IdKey(revision_keys=("model_revision", "revision"), one_word=True),
        # from_pretrained itself; diffusers' training scripts
        "pretrained_model_name_or_path": IdKey(revision_keys=("revision", "model_revision"), one_word=True),
        # vLLM, LitGPT, many Hydra projects
        "model": IdKey(revision_keys=("revision", "model_revision")),
        "model_name": IdKey(revision_keys=("model_revision", "revision")),
        "model_id": IdKey(revision_keys=("model_revision", "revision")),
        "model_path": IdKey(revision_keys=("model_revision", "revision")),
        # axolotl; peft's adapter_config.json says base_model_name_or_path with `revision`
        "base_model": IdKey(
            revision_keys=("revision_of_model", "base_model_revision", "revision"), one_word=True
        ),
        "base_model_name_or_path": IdKey(revision_keys=("revision",), one_word=True),
        # vLLM, TRL
        "tokenizer": IdKey(revision_keys=("tokenizer_revision",)),
        "tokenizer_name": IdKey(revision_keys=("tokenizer_revision",)),
        "tokenizer_name_or_path": IdKey(revision_keys=("tokenizer_revision",), one_word=True),
        "adapter_name_or_path": IdKey(revision_keys=("adapter_revision",)),
        "reward_model_path": IdKey(revision_keys=("reward_model_revision",)),
        # transformers' example scripts, TRL, lm-evaluation-harness
        "dataset_name": IdKey(repo_type="dataset", revision_keys=("dataset_revision",)),
        "dataset_path": IdKey(repo_type="dataset", revision_keys=("dataset_revision", "revision")),
        "dataset_id": IdKey(repo_type="dataset", revision_keys=("dataset_revision", "revision")),
    }
)

REPO_TYPE_KEY = "repo_type"
ALLOW_PATTERNS_KEY = "allow_patterns"
IGNORE_PATTERNS_KEY = "ignore_patterns"
FORMATS_KEY = "formats"
LOCAL_DIR_KEY = "local_dir"

LOCAL_FIRST_PARTS = frozenset(
    """
    artifacts assets build cache checkpoint checkpoints ckpt ckpts conf config configs data dataset datasets
    dist downloads examples exp experiments files home local logs mnt model models out output outputs
    pretrained results runs saved saves scratch scripts src test tests tmp train var weights work workspace
    """.split()
)
"""First parts of a path that people keep files under, and that no Hub namespace in use is called."""

FILE_SUFFIXES = (
    ".bin .ckpt .csv .gguf .gz .h5 .ini .json .jsonl .md .npy .onnx .parquet .pickle .pkl .png .pt .pth .py "
    ".safetensors .sh .tar .toml .txt .yaml .yml .zip"
).split()
"""Endings that mean a file, not a repo."""

NO_VALUES = frozenset({"false", "none", "true"})
"""One-word values that switch something on or off, in YAML's spelling or Python's."""
