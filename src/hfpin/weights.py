"""Which files hold weights, and which of them are one model in several formats. By names alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Literal, get_args

from hfpin.dataclass import dataclass
from hfpin.regex import lazily

Formats = Literal["safetensors"]
FORMATS: tuple[Formats, ...] = get_args(Formats)

_PREFERRED = "safetensors"
_DUPLICATES = ("bin", "h5", "msgpack", "ot", "pt", "pth", "ckpt")
"""What holds the same weights for transformers and diffusers. ONNX, GGUF and OpenVINO are other programs'
own, and not read in place of safetensors."""

PICKLED = frozenset({"bin", "pt", "pth", "ckpt", "pkl"})
_WEIGHTS = frozenset((_PREFERRED, *_DUPLICATES, "gguf", "onnx", "npz", "pb", "tflite", "ggml", "llamafile"))
WEIGHT_PATTERNS = tuple(sorted(f"*.{ending}" for ending in _WEIGHTS))
"""Matches what holds weights, and some things that do not."""

# What a Trainer leaves beside a checkpoint.
_TRAINING_STATE = lazily(r"(?:training_args|optimizer|scheduler|scaler|rng_state|random_states)[._].*")
_SHARD = lazily(r"-\d{5}-of-\d{5}")
_INDEX = lazily(r"(?P<stem>.+?)\.(?P<suffix>\w+)\.index(?P<variant>\.\w+)?\.json")
# transformers.utils, diffusers.utils.constants, open_clip: what one set of weights is called by framework.
_STEMS = {
    "pytorch_model": "model",
    "tf_model": "model",
    "flax_model": "model",
    "rust_model": "model",
    "diffusion_flax_model": "diffusion_pytorch_model",
    "open_clip_pytorch_model": "open_clip_model",
}
# What transformers, peft, diffusers and open_clip look for first, at the top of a repo.
_USUAL = frozenset({"model", "adapter_model", "diffusion_pytorch_model", "open_clip_model"})


@dataclass(frozen=True, slots=True)
class _Weights:
    """A file of weights, or the index of its shards, by its name.

    Args:
        model: Folder and name of what it holds, the same in every format.
        suffix: The format.
        is_index: Whether it only names the shards.
    """

    model: tuple[str, str]
    suffix: str
    is_index: bool


def is_weights(path: str) -> bool:
    """Whether a file holds weights of a model."""
    name = path.rpartition("/")[2]
    return name.rpartition(".")[2] in _WEIGHTS and "." in name and not _TRAINING_STATE.fullmatch(name)


def is_pickled(path: str) -> bool:
    """Whether a file of weights is a pickle, by its ending: loading it can run code."""
    return path.rpartition(".")[2] in PICKLED


def is_index(path: str) -> bool:
    """Whether a file names the shards of a model: `model.safetensors.index.json`."""
    return _INDEX.fullmatch(path.rpartition("/")[2]) is not None


def could_be_shard(path: str, index: str) -> bool:
    """Whether an index could name a file: one of its format, beside it or below."""
    match = _INDEX.fullmatch(index.rpartition("/")[2])
    folder = index[: index.rfind("/") + 1]
    return match is not None and path.startswith(folder) and path.endswith(f".{match['suffix']}")


def duplicates(paths: Collection[str]) -> Iterator[tuple[str, str]]:
    """Give the files whose weights are there as safetensors too, in the same folder, each with its ending.

    The index of a set that is left out goes with it. Where a folder has no safetensors of a model, nothing of
    that model is given: a repo of older formats only stays whole.
    """
    weights = {path: found for path in paths if (found := _weights(path)) is not None}
    preferred = {
        found.model for found in weights.values() if found.suffix == _PREFERRED and not found.is_index
    }
    for path, found in weights.items():
        if found.suffix in _DUPLICATES and found.model in preferred:
            yield path, f"*.{found.suffix}"


def safetensors_models(paths: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Group the safetensors files of a repo by the model that they are, or are shards of.

    Returns:
        For each model, by its file's path without ending and number (`unet/diffusion_pytorch_model.fp16`),
        its files, sorted.
    """
    models: dict[str, list[str]] = {}
    for path in sorted(paths):
        found = _weights(path)
        if found is not None and found.suffix == _PREFERRED and not found.is_index:
            folder, name = found.model
            models.setdefault(f"{folder}/{name}" if folder else name, []).append(path)
    return {model: tuple(files) for model, files in sorted(models.items())}


def main_model(models: Collection[str]) -> str | None:
    """Tell which of a repo's models a library loads where it is told nothing; None where that is open.

    Args:
        models: As `safetensors_models` names them.
    """
    if len(models) == 1:
        return next(iter(models))
    usual = [model for model in models if model in _USUAL]
    return usual[0] if len(usual) == 1 else None


def _weights(path: str) -> _Weights | None:
    folder, _, name = path.rpartition("/")
    match = _INDEX.fullmatch(name)
    if match is not None:
        stem, suffix = match["stem"] + (match["variant"] or ""), match["suffix"]
    elif is_weights(path):
        stem, _, suffix = name.rpartition(".")
    else:
        return None
    base, dot, variant = _SHARD.sub("", stem).partition(".")
    return _Weights((folder, _STEMS.get(base, base) + dot + variant), suffix, match is not None)
