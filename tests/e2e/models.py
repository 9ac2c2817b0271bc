"""Models of a few thousand parameters, as their libraries save them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Content = Path | Mapping[str, bytes]

CONFIGURATION = """
from transformers import PretrainedConfig

class OwnConfig(PretrainedConfig):
    model_type = "own"
"""
MODELING = """
import torch
from transformers import PreTrainedModel
from .configuration_own import OwnConfig

class OwnModel(PreTrainedModel):
    config_class = OwnConfig
    version = "{version}"

    def __init__(self, config):
        super().__init__(config)
        self.linear = torch.nn.Linear(2, 2)
        self.post_init()
"""


def code(version: str) -> dict[str, bytes]:
    """The code that a model brings, of some version."""
    modeling = MODELING.format(version=version)
    return {"configuration_own.py": CONFIGURATION.encode(), "modeling_own.py": modeling.encode()}


def own_model(prefix: str) -> dict[str, bytes]:
    """A model whose code is in the repo that a prefix names; empty for its own."""
    import torch
    from safetensors.torch import save

    weights = save(
        {"linear.weight": torch.ones(2, 2), "linear.bias": torch.zeros(2)}, metadata={"format": "pt"}
    )
    config = {
        "model_type": "own",
        "architectures": ["OwnModel"],
        "auto_map": {
            "AutoConfig": f"{prefix}configuration_own.OwnConfig",
            "AutoModel": f"{prefix}modeling_own.OwnModel",
        },
    }
    return {"config.json": json.dumps(config).encode(), "model.safetensors": weights}


def tiny_llama() -> Any:
    """A llama of a few thousand parameters."""
    import transformers

    config = transformers.LlamaConfig(
        hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4, vocab_size=100
    )
    return transformers.LlamaForCausalLM(config).bfloat16()


def tiny_models(folder: Path) -> dict[str, Content]:
    """Make a model of each kind that can be made here, in a folder; what a library is missing for is a stub.

    `foreign` takes its code from `own`, `stray` from a repo that nobody has, `adapter` goes on `llama`.
    """
    made: dict[str, Content] = {}
    llama = tiny_llama()
    llama.save_pretrained(folder / "llama", max_shard_size="20KB")
    made["llama"] = folder / "llama"
    made["own"] = own_model("") | code("pinned")
    made["foreign"] = own_model("acme/own--")
    made["stray"] = own_model("acme/nobody--")
    try:
        import peft
    except ImportError:
        made["adapter"] = {"config.json": b"{}"}
    else:
        adapter = peft.get_peft_model(
            llama, peft.LoraConfig(r=2, target_modules=["q_proj"], task_type="CAUSAL_LM")
        )
        adapter.peft_config["default"].base_model_name_or_path = "acme/llama"
        adapter.save_pretrained(str(folder / "adapter"))
        made["adapter"] = folder / "adapter"
    try:
        import diffusers
    except ImportError:
        made["unet"] = {"config.json": b"{}"}
    else:
        unet = diffusers.UNet2DModel(
            sample_size=8,
            block_out_channels=(8, 8),
            norm_num_groups=4,
            down_block_types=("DownBlock2D", "DownBlock2D"),
            up_block_types=("UpBlock2D", "UpBlock2D"),
        )
        unet.save_pretrained(folder / "unet" / "unet")
        made["unet"] = folder / "unet"
    try:
        import timm
    except ImportError:
        made["vit"] = {"config.json": b"{}"}
    else:
        vit = timm.create_model("resnet10t", num_classes=5)
        timm.models.save_for_hf(vit, folder / "vit")
        made["vit"] = folder / "vit"
    return made
