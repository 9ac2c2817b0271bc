"""The rules about folders of adapters: what triggers each, and the near misses."""

from __future__ import annotations

from typing import Any

import pytest

from hfpin.rules import ADAPTER_CODES
from hfpin.rules.adapter_rules import ADAPTER_RULES
from hfpin.rules.adapters import AdapterFile, AdapterFolder
from hfpin.tensors import Tensor

LORA = {"peft_type": "LORA", "r": 4, "target_modules": ["q_proj"]}
Q = "base_model.model.layers.0.q_proj"
SEQ = "base_model.model.layers.0.seq_proj"
EXPERTS = "base_model.model.layers.0.mlp.experts"
WEIGHTS = "adapter_model.safetensors"


def tensors(**shapes: tuple[int, ...]) -> dict[str, Tensor]:
    """Tensors of the adapter's file, by names with `__` for a dot."""
    return {
        name.replace("__", "."): Tensor(dtype="F32", shape=shape, file=WEIGHTS)
        for name, shape in shapes.items()
    }


def pair(module: str = Q, rank: int = 4) -> dict[str, Tensor]:
    """The two factors of a linear layer."""
    return {
        f"{module}.lora_A.weight": Tensor(dtype="F32", shape=(rank, 32), file=WEIGHTS),
        f"{module}.lora_B.weight": Tensor(dtype="F32", shape=(16, rank), file=WEIGHTS),
    }


def said(folder: AdapterFolder) -> list[tuple[str, str, str]]:
    """What all rules say: code, file and message."""
    return [(one.code, one.path, one.message) for rule in ADAPTER_RULES for one in rule.check(folder)]


def lora(found: dict[str, Tensor], **config: Any) -> AdapterFolder:
    """A folder of a LoRA adapter."""
    return AdapterFolder(path="a", config={**LORA, **config}, tensors=found)


def test_listed() -> None:
    """The codes that settings may name are those of the rules, in order, and titles are a few words."""
    assert tuple(rule.code for rule in ADAPTER_RULES) == ADAPTER_CODES
    assert all(len(rule.title.split()) <= 4 for rule in ADAPTER_RULES)


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (
            AdapterFile(name="adapter_model.bin", size=9),
            [("HFP022", "the weights of this adapter are a pickle")],
        ),
        (
            AdapterFile(name=WEIGHTS, size=9, is_pickle=True),
            [("HFP022", "the weights of this adapter are a pickle")],
        ),
        (AdapterFile(name="training_args.bin", size=9, is_pickle=True), []),
        (AdapterFile(name="optimizer.pt", size=9), [("HFP023", "training state beside an adapter")]),
        (AdapterFile(name="rng_state_0.pth", size=9), [("HFP023", "training state beside an adapter")]),
        (
            AdapterFile(name="model-00001-of-00002.safetensors", size=9),
            [("HFP023", "weights of a whole model beside an adapter")],
        ),
        (
            AdapterFile(name="mistral-Q4_K_M.gguf", size=9),
            [("HFP023", "weights of a whole model beside an adapter")],
        ),
        *[
            (AdapterFile(name=name, size=9), [])
            for name in (
                "adapters.safetensors",
                "0000100_adapters.safetensors",
                "pytorch_model_head.safetensors",
                "value_head.safetensors",
                "tiny-F16-LoRA.gguf",
            )
        ],
        (AdapterFile(name="tokenizer.model", size=9), []),
        (AdapterFile(name=WEIGHTS, size=9, tracking="git"), []),
        (
            AdapterFile(name=WEIGHTS, size=200_000_000, tracking="git"),
            [("HFP024", "200 MB, and neither Git LFS nor DVC has it")],
        ),
        *[
            (AdapterFile(name=WEIGHTS, size=200_000_000, tracking=tracking), [])
            for tracking in ("git-lfs", "dvc", "ignored", "none")
        ],
    ],
)
def test_files(file: AdapterFile, expected: list[tuple[str, str]]) -> None:
    """What a folder holds beside its config, by name, content, size and who has it."""
    folder = AdapterFolder(path=".", files=(file,), limit=100_000_000)
    assert said(folder) == [(code, file.name, message) for code, message in expected]


@pytest.mark.parametrize(
    ("more", "config"),
    [
        ({}, {}),
        (tensors(base_model__model__lm_head__weight=(9, 9)), {}),
        (tensors(base_model__model__embed_tokens__base_layer__weight=(9, 9)), {}),
        (tensors(base_model__model__score__weight=(9, 9)), {"modules_to_save": ["score"]}),
        (tensors(base_model__model__layers__0__q_proj__bias=(9,)), {}),
        (tensors(base_model__model__layers__0__q_proj__lora_magnitude_vector=(9,)), {"use_dora": True}),
        (pair("base_model.model.layers.1.q_proj", 8), {"rank_pattern": {"layers.1.q_proj": 8}}),
        (pair("base_model.model.layers.1.v_proj"), {"target_modules": r".*\.(q|v)_proj"}),
        (pair("base_model.model.layers.1.v_proj"), {"target_modules": "all-linear"}),
        (tensors(base_model__model__layers__0__q_proj__lora_B__bias=(16,)), {"lora_bias": True}),
        (
            pair(EXPERTS, 4 * 8) | pair(f"{EXPERTS}.base_layer", 4 * 8),
            {"target_parameters": ["mlp.experts.gate_up_proj", "mlp.experts.down_proj"]},
        ),
        (pair(EXPERTS, 4 * 8), {"target_modules": "all-linear", "target_parameters": ["down_proj"]}),
        (tensors(x=(1, 1)), {"peft_type": "LN_TUNING"}),
    ],
)
def test_near_misses(more: dict[str, Tensor], config: dict[str, Any]) -> None:
    """What PEFT saves beside its factors, and what its settings allow, is right."""
    assert said(lora({**pair(), **more}, **config)) == []


def test_a_head_beside_it() -> None:
    """What a trainer keeps in a file of its own, as the head of a reward model, is not the base's."""
    head = {"v_head.summary.weight": Tensor(dtype="F32", shape=(1, 9), file="value_head.safetensors")}
    assert said(lora(pair() | head)) == []


def test_base_weights() -> None:
    """A tensor that is none of the adapter's, nor asked for, is the base's."""
    folder = lora({**pair(), **tensors(layers__0__up__weight=(4, 4), layers__1__up__weight=(4, 4))})
    message = "weights of the base are in it: 'layers.0.up.weight' and 1 more"
    assert said(folder) == [("HFP023", f"a/{WEIGHTS}", message)]


@pytest.mark.parametrize(
    ("found", "config", "file", "message"),
    [
        (
            pair(),
            {"r": 8},
            WEIGHTS,
            f"'{Q}.lora_A.weight' (and 1 more) is of rank 4, and adapter_config.json says 8",
        ),
        (
            pair(),
            {"rank_pattern": {"q_proj": 2}},
            WEIGHTS,
            f"'{Q}.lora_A.weight' (and 1 more) is of rank 4, and adapter_config.json says 2",
        ),
        (
            pair() | pair(SEQ),
            {},
            WEIGHTS,
            f"'{SEQ}.lora_A.weight' (and 1 more) is on no module that target_modules names",
        ),
        (
            pair(),
            {"target_modules": ["q_proj", "v_proj"]},
            "adapter_config.json",
            "target_modules names 'v_proj', and no tensor is on it",
        ),
        (
            dict(list(pair().items())[:1]),
            {},
            WEIGHTS,
            f"'{Q}.lora_A.weight' has no lora_B beside it",
        ),
        (
            tensors(base_model__model__lm_head__weight=(9, 9)),
            {},
            "adapter_config.json",
            "it says LORA, and no tensor is one of LoRA's",
        ),
    ],
)
def test_disagreements(found: dict[str, Tensor], config: dict[str, Any], file: str, message: str) -> None:
    """A config that is not about the tensors beside it is told by what shows it."""
    assert said(lora(found, **config)) == [("HFP025", f"a/{file}", message)]


def test_embeddings_have_their_rank_elsewhere() -> None:
    """The factors of an embedding are transposed: their rank is held against the config all the same."""
    found = tensors(
        base_model__model__q_proj__lora_embedding_A=(4, 99),
        base_model__model__q_proj__lora_embedding_B=(32, 4),
    )
    assert said(lora(found)) == []
    assert [code for code, _, _ in said(lora(found, r=8))] == ["HFP025"]


def test_unreadable() -> None:
    """A config or header that cannot be read is about nothing."""
    folder = AdapterFolder(path="a", unreadable={"adapter_config.json": "it is not JSON"})
    assert said(folder) == [("HFP025", "a/adapter_config.json", "it cannot be read: it is not JSON")]


@pytest.mark.parametrize("value", [None, 1, [1], {"(": 1}, "(", {"q_proj": "x"}])
@pytest.mark.parametrize("key", ["r", "target_modules", "rank_pattern", "modules_to_save", "peft_type"])
def test_any_config(key: str, value: Any) -> None:
    """Whatever a config holds, the rules say something or nothing."""
    for rule in ADAPTER_RULES:
        assert all(one.code == rule.code for one in rule.check(lora(pair(), **{key: value})))
