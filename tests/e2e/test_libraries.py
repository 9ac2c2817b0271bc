"""Real libraries on real and tiny models: fetched from the embedded Hub, then tested offline."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support import ResearchRepo

if TYPE_CHECKING:
    from hfpin.testing import LocalHub

_WHY = "needs torch and transformers: pip install -e '.[e2e]'"
torch = pytest.importorskip("torch", reason=_WHY)
transformers = pytest.importorskip("transformers", reason=_WHY)

pytestmark = pytest.mark.filterwarnings("ignore")  # what libraries deprecate among themselves

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
    config = transformers.LlamaConfig(
        hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4, vocab_size=100
    )
    return transformers.LlamaForCausalLM(config).to(torch.bfloat16)


def publish(hub: LocalHub, repo_id: str, content: Path | Mapping[str, bytes]) -> str:
    """Put a model on the Hub, then another commit on top of it; give the first."""
    hub.create_repo(repo_id)
    if isinstance(content, Path):
        hub.add_folder(repo_id, str(content))
        commit = hub.commit_hash(repo_id)
    else:
        commit = hub.commit(repo_id, dict(content))
    hub.commit(repo_id, {"config.json": b"{}", **code("main")})
    return commit


@pytest.fixture
def models(tmp_path: Path, hf_local_hub: LocalHub, minilm: Path) -> dict[str, tuple[str, str]]:
    """Models on the Hub, by the names of their pins: id, and the commit to pin."""
    made: dict[str, tuple[str, str]] = {}

    def add(name: str, content: Path | Mapping[str, bytes]) -> None:
        made[name] = (f"acme/{name}", publish(hf_local_hub, f"acme/{name}", content))

    add("minilm", minilm)
    llama = tiny_llama()
    llama.save_pretrained(tmp_path / "llama", max_shard_size="20KB")
    add("llama", tmp_path / "llama")
    add("own", own_model("") | code("pinned"))
    add("foreign", own_model("acme/own--"))
    add("stray", own_model("acme/nobody--"))
    try:
        import peft
    except ImportError:
        add("adapter", {"config.json": b"{}"})
    else:
        adapter = peft.get_peft_model(
            llama, peft.LoraConfig(r=2, target_modules=["q_proj"], task_type="CAUSAL_LM")
        )
        adapter.peft_config["default"].base_model_name_or_path = "acme/llama"
        adapter.peft_config["default"].revision = made["llama"][1]
        adapter.save_pretrained(tmp_path / "adapter")
        add("adapter", tmp_path / "adapter")
    try:
        import diffusers
    except ImportError:
        add("unet", {"config.json": b"{}"})
    else:
        unet = diffusers.UNet2DModel(
            sample_size=8,
            block_out_channels=(8, 8),
            norm_num_groups=4,
            down_block_types=("DownBlock2D", "DownBlock2D"),
            up_block_types=("UpBlock2D", "UpBlock2D"),
        )
        unet.save_pretrained(tmp_path / "unet" / "unet")
        add("unet", tmp_path / "unet")
    try:
        import timm
    except ImportError:
        add("vit", {"config.json": b"{}"})
    else:
        vit = timm.create_model("resnet10t", num_classes=5)
        timm.models.save_for_hf(vit, tmp_path / "vit")
        add("vit", tmp_path / "vit")
    return made


def test_libraries(
    online: ResearchRepo,
    hf_local_hub: LocalHub,
    models: dict[str, tuple[str, str]],
) -> None:
    """Each library loads exactly what is pinned, in each way, without a request; the Hub has moved on."""
    entries = (
        f"{name}:\n  repo_id: {repo}\n  revision: {commit}\n" for name, (repo, commit) in models.items()
    )
    online.write("config.yaml", "".join(entries))
    for command in ("lock", "fetch"):
        done = online.hfpin(command)
        assert done.returncode == 0, done.stdout
    shutil.copy(Path(__file__).with_name("libraries.py"), online.root / "test_libraries.py")
    hf_local_hub.clear_requests()
    done = online.run("pytest", "-v", "-p", "no:cacheprovider", "--hf-offline", "--hf-dtype=float16", "-rs")
    assert done.returncode == 0, done.stdout
    assert hf_local_hub.requests == ()
