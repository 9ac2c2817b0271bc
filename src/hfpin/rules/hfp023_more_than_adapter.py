"""HFP023: a folder of an adapter that holds weights of its base, or what only training needs."""

from __future__ import annotations

from collections.abc import Iterator

from hfpin.finding import Finding
from hfpin.regex import lazily
from hfpin.rules.adapters import AdapterFolder, AdapterRule
from hfpin.weights import is_weights

_STATE = lazily(r"(?:optimizer|scheduler|scaler|rng_state|random_states)[._].*")
_ADAPTER = lazily(r"adapter_model\..*|adapter_.*\.safetensors")
# What other trainers call theirs, and the heads that they keep beside it: `adapters.safetensors` (mlx-lm),
# `model_head.safetensors` (adapters), `value_head.safetensors` (LLaMA-Factory), `…-LoRA.gguf` (llama.cpp).
_PART = lazily(r"(?i).*(?:adapter|lora|head).*")
# What PEFT saves of LoRA and its kin: their own tensors, biases that were trained, and what
# `modules_to_save` and `save_embedding_layers` ask for.
_OWN = lazily(r"(?:^|\.)(?:lora_|modules_to_save|original_module|trainable_tokens_|vera_|ranknum)|\.bias$")
_EMBEDDINGS = lazily(
    r"(?:^|\.)(?:embed_tokens|lm_head|wte|word_embeddings|shared|embed_in|embed_out)(?:\.base_layer)?\.weight$"
)
_KINDS = ("LORA", "ADALORA", "VERA")
_WHY = (
    "The base is a pin of its own; a copy of it moves with nobody, and is committed again with each change."
)


def _check(folder: AdapterFolder) -> Iterator[Finding]:
    for file in folder.files:
        if _STATE.fullmatch(file.name):
            yield folder.finding(
                RULE.code,
                file.name,
                "training state beside an adapter",
                "Only the run that wrote it can use it, and it is twice as large as what it trains.",
                "keep checkpoints of training elsewhere, and commit what save_pretrained writes",
            )
        elif is_weights(file.name) and not _PART.fullmatch(file.name):
            message = "weights of a whole model beside an adapter"
            yield folder.finding(
                RULE.code, file.name, message, _WHY, "leave it out, and pin the base instead"
            )
    if folder.config.get("peft_type") not in _KINDS:
        return
    saved = folder.config.get("modules_to_save")
    modules = [name for name in saved if isinstance(name, str)] if isinstance(saved, list) else []
    copied: dict[str, list[str]] = {}
    own = {name: tensor for name, tensor in folder.tensors.items() if _ADAPTER.fullmatch(tensor.file)}
    for name, tensor in own.items():
        is_saved = any(f".{module}." in f".{name}" for module in modules)
        if not is_saved and not _OWN.search(name) and not _EMBEDDINGS.search(name):
            copied.setdefault(tensor.file, []).append(name)
    for path, names in copied.items():
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        message = f"weights of the base are in it: {names[0]!r}{more}"
        yield folder.finding(
            RULE.code,
            path,
            message,
            _WHY,
            "save the PEFT model, not the base: peft_model.save_pretrained(folder)",
        )


RULE = AdapterRule(code="HFP023", title="more than adapter", check=_check)
