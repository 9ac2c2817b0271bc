"""Tests of an adapter as users write them: copied into a research repo, and run there offline."""

from __future__ import annotations

from typing import Any

import peft
import torch
import transformers

from hfpin.pytest import PinnedSnapshot

TOKENS = torch.tensor([[1, 2, 3]])


def scores(model: Any) -> Any:
    """What a model says of some tokens."""
    with torch.no_grad():
        return model(TOKENS).logits


def test_on_its_base(hf_lora: PinnedSnapshot, hf_base: PinnedSnapshot) -> None:
    """The base is the pin that the lock has for it; the adapter goes on it, and changes what it says."""
    assert hf_lora.base is hf_base
    base = hf_lora.base.load(transformers.AutoModelForCausalLM.from_pretrained, trust_remote_code=True)
    assert base.version == "pinned"
    before = scores(base)
    model = peft.PeftModel.from_pretrained(base, str(hf_lora.path))
    assert not torch.equal(scores(model), before)


def test_by_id(hf_lora: PinnedSnapshot) -> None:
    """By id every part is pinned too: base, its code, and the adapter."""
    found = hf_lora.base
    base = transformers.AutoModelForCausalLM.from_pretrained(
        found.repo_id, trust_remote_code=True, **found.from_pretrained_kwargs
    )
    assert base.version == "pinned"
    model = peft.PeftModel.from_pretrained(base, hf_lora.repo_id, **hf_lora.from_pretrained_kwargs)
    inner: Any = model.base_model.model
    assert inner.version == "pinned"


def test_with_the_base_that_it_names(hf_exact: PinnedSnapshot) -> None:
    """An adapter that says at which commit its base is brings it by itself, with the code of the base."""
    model = hf_exact.load(peft.AutoPeftModelForCausalLM.from_pretrained, trust_remote_code=True)
    assert model.base_model.model.version == "pinned"
