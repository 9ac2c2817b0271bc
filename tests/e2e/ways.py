"""Ways to load that people use, one a function: what each asks for without a commit is written beside it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

COMMITS: dict[str, str] = json.loads(Path("commits.json").read_text(encoding="utf-8"))
WAYS: dict[Callable[[], Any], tuple[str, ...]] = {}
"""The repos that a way asks for by a branch."""


def asks(*unpinned: str) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    """Declare which repos a way asks for by a branch."""

    def declared(way: Callable[[], Any]) -> Callable[[], Any]:
        WAYS[way] = unpinned
        return way

    return declared


@asks("acme/minilm")
def transformers_tokenizer_without_revision() -> Any:
    """The model is pinned, its tokenizer was forgotten."""
    from transformers import AutoModel, AutoTokenizer

    AutoModel.from_pretrained("acme/minilm", revision=COMMITS["minilm"])
    return AutoTokenizer.from_pretrained("acme/minilm")


@asks("acme/minilm")
def transformers_processor_of_default_branch() -> Any:
    """As trainers load it beside a pinned model."""
    from transformers import AutoProcessor

    untyped: Any = AutoProcessor
    return untyped.from_pretrained("acme/minilm")


@asks("acme/own")
def transformers_code_of_another_repo() -> Any:
    """The revision is the weights'; the code that `auto_map` names comes from another repo's main."""
    from transformers import AutoModel

    return AutoModel.from_pretrained("acme/foreign", revision=COMMITS["foreign"], trust_remote_code=True)


@asks("acme/adapter", "acme/llama")
def transformers_adapter() -> Any:
    """Transformers takes a revision for the base's as well, so people leave it out: both come from main."""
    from transformers import AutoModelForCausalLM

    return AutoModelForCausalLM.from_pretrained("acme/adapter")


@asks("acme/llama")
def peft_adapter() -> Any:
    """Peft does, too."""
    from peft import AutoPeftModelForCausalLM

    return AutoPeftModelForCausalLM.from_pretrained("acme/adapter", revision=COMMITS["adapter"])


@asks("acme/adapter")
def peft_config() -> Any:
    """The adapter itself."""
    from peft import PeftConfig

    return PeftConfig.from_pretrained("acme/adapter")


@asks("acme/minilm")
def transformers_pipeline() -> Any:
    """A pipeline by a bare id."""
    from transformers import pipeline

    return pipeline("feature-extraction", model="acme/minilm")


@asks("acme/minilm")
def sentence_transformers() -> Any:
    """A model by a bare id."""
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer("acme/minilm", device="cpu")


@asks("acme/minilm")
def tokenizers() -> Any:
    """The Rust library's own way to the Hub."""
    from tokenizers import Tokenizer

    return Tokenizer.from_pretrained("acme/minilm")


@asks("acme/minilm")
def safetensors() -> Any:
    """Weights alone, which Rust opens: the question where main is tells."""
    from huggingface_hub import hf_hub_download
    from safetensors.torch import load_file

    return load_file(hf_hub_download("acme/minilm", "model.safetensors"))


@asks("acme/unet")
def diffusers() -> Any:
    """A part of a pipeline."""
    from diffusers import UNet2DModel

    return UNet2DModel.from_pretrained("acme/unet", subfolder="unet")


@asks("acme/vit")
def timm() -> Any:
    """Timm has a revision in its names, and takes main without one."""
    import timm

    return timm.create_model("hf_hub:acme/vit", pretrained=True)


@asks("acme/corpus")
def datasets() -> Any:
    """A dataset by a bare id."""
    from datasets import load_dataset

    return load_dataset("acme/corpus", split="train")[0]


@asks("acme/minilm")
def huggingface_hub() -> Any:
    """A snapshot by a bare id."""
    from huggingface_hub import snapshot_download

    return snapshot_download("acme/minilm", allow_patterns=["*.json"])


@asks()
def transformers_pinned() -> Any:
    """Every part with its revision."""
    from transformers import AutoModel, AutoTokenizer, pipeline

    revision = COMMITS["minilm"]
    pipeline("feature-extraction", model="acme/minilm", revision=revision)
    AutoTokenizer.from_pretrained("acme/minilm", revision=revision)
    return AutoModel.from_pretrained(
        "acme/foreign",
        revision=COMMITS["foreign"],
        code_revision=COMMITS["own"],
        trust_remote_code=True,
    )


@asks()
def sentence_transformers_pinned() -> Any:
    """A model at its commit."""
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer("acme/minilm", device="cpu", revision=COMMITS["minilm"])


@asks()
def peft_pinned() -> Any:
    """A base at its commit, and the adapter on it."""
    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    base = AutoModelForCausalLM.from_pretrained("acme/llama", revision=COMMITS["llama"])
    return PeftModel.from_pretrained(base, "acme/adapter", revision=COMMITS["adapter"])


@asks()
def others_pinned() -> Any:
    """timm, diffusers and datasets at a commit."""
    import timm
    from datasets import load_dataset
    from diffusers import UNet2DModel

    UNet2DModel.from_pretrained("acme/unet", subfolder="unet", revision=COMMITS["unet"])
    timm.create_model(f"hf_hub:acme/vit@{COMMITS['vit']}", pretrained=True)
    return load_dataset("acme/corpus", split="train", revision=COMMITS["corpus"])[0]


if __name__ == "__main__":
    for way in WAYS:
        try:
            way()
        except ImportError as error:
            sys.stdout.write(f"not here: {way.__name__}: {error}\n")
