"""Which files a model is loaded with beside its weights, by what its configs say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from hfpin.operations.inspect.beside import MODULES, PROCESSORS, is_vocabulary
from hfpin.operations.inspect.files import Files
from hfpin.operations.inspect.values import Fault, Trouble
from hfpin.tensors import MalformedError
from hfpin.weights import is_index, is_weights

# they need none: bytes and characters are their vocabulary
_FREE_OF_VOCABULARY = frozenset({"ByT5Tokenizer", "CanineTokenizer", "PerceiverTokenizer"})

_TEXT = (
    "ForCausalLM LMHeadModel ForMaskedLM ForSequenceClassification ForTokenClassification "
    "ForQuestionAnswering ForMultipleChoice ForSeq2SeqLM"
).split()
_SENSES = (
    "ForImageClassification ForObjectDetection ForSemanticSegmentation ForDepthEstimation "
    "ForCTC ForAudioClassification ForSpeechSeq2Seq ForImageTextToText"
).split()

_SHORT_DTYPES: Mapping[str, str] = MappingProxyType(
    {"float32": "F32", "float16": "F16", "bfloat16": "BF16", "float64": "F64"}
)


def needs(files: Files) -> Iterator[Fault]:
    """Give what is named or needed by the configs at the top of a folder, and is not there.

    `generation_config.json` is needed by none: transformers makes one from `config.json`.
    """
    found: dict[str, dict[str, Any] | None] = {}
    for name in ("config.json", "tokenizer_config.json", "generation_config.json", "model_index.json"):
        try:
            found[name] = files.config(name)
        except MalformedError as error:
            found[name] = {}
            yield Fault(path=name, trouble=Trouble.BROKEN, reason=error.reason)
    yield from _pipeline(files, found["model_index.json"])
    if MODULES in files.sizes:
        from hfpin.operations.inspect.modules import modules

        yield from modules(files)
    if not any("/" not in path and (is_weights(path) or is_index(path)) for path in files.sizes):
        return
    config, tokenizer = found["config.json"], found["tokenizer_config.json"]
    if config is None and found["generation_config.json"] is not None:
        yield Fault(path="config.json", trouble=Trouble.LACKS, reason="from_pretrained reads it first")
    yield from _vocabulary(files, config or {}, tokenizer)
    classes = _classes(config)
    if any(name.endswith(tuple(_SENSES)) for name in classes) and files.sizes.keys().isdisjoint(PROCESSORS):
        yield Fault(
            path=PROCESSORS[0], trouble=Trouble.LACKS, reason=f"{classes[0]} is loaded with a processor"
        )


def dtype_note(files: Files, dtypes: Mapping[str, int]) -> Iterator[str]:
    """Note where a config says another type than most of the weights have; a library casts, or does not."""
    try:
        config = files.config("config.json") or {}
    except MalformedError:
        return
    said = config.get("dtype", config.get("torch_dtype"))
    short = _SHORT_DTYPES.get(said) if isinstance(said, str) else None
    floats = {dtype: count for dtype, count in dtypes.items() if dtype in _SHORT_DTYPES.values()}
    if short is not None and floats and short not in floats and "quantization_config" not in config:
        most = max(floats, key=lambda dtype: floats[dtype])
        yield f"config.json says {said}, and the weights are {most}"


def _vocabulary(
    files: Files, config: Mapping[str, Any], tokenizer: Mapping[str, Any] | None
) -> Iterator[Fault]:
    if any(is_vocabulary(path) for path in files.sizes):
        return
    if tokenizer is not None:
        name = tokenizer.get("tokenizer_class")
        if (
            isinstance(name, str) and name.removesuffix("Fast") in _FREE_OF_VOCABULARY
        ) or "auto_map" in tokenizer:
            return
        reason = "tokenizer_config.json is there, and no vocabulary"
    else:
        text = [name for name in _classes(config) if name.endswith(tuple(_TEXT))]
        if not text:
            return
        reason = f"{text[0]} is loaded with a tokenizer"
    yield Fault(path="tokenizer.json", trouble=Trouble.LACKS, reason=reason)


def _classes(config: Mapping[str, Any] | None) -> list[str]:
    found = (config or {}).get("architectures")
    return [name for name in found if isinstance(name, str)] if isinstance(found, list) else []


def _pipeline(files: Files, index: Mapping[str, Any] | None) -> Iterator[Fault]:
    """Give the parts of a diffusers pipeline that have no folder: `name: [library, class]`."""
    for name, value in (index or {}).items():
        if name.startswith("_") or not isinstance(value, list) or not value or value[0] is None:
            continue
        if not any(path.startswith(f"{name}/") for path in files.sizes):
            yield Fault(path=f"{name}/", trouble=Trouble.MISSING, reason="model_index.json names it")
