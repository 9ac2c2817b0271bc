"""A real adapter on a base whose code is in a third repo: locked by its own id alone, loaded offline."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support import ResearchRepo

if TYPE_CHECKING:
    from hfpin.testing import LocalHub

_WHY = "needs torch, transformers and peft: pip install -e '.[e2e]'"
torch = pytest.importorskip("torch", reason=_WHY)
transformers = pytest.importorskip("transformers", reason=_WHY)
peft = pytest.importorskip("peft", reason=_WHY)

pytestmark = pytest.mark.filterwarnings("ignore")  # what libraries deprecate among themselves

CONFIGURATION = """
from transformers import LlamaConfig

class TinyConfig(LlamaConfig):
    model_type = "tiny_from_elsewhere"
"""
MODELING = """
from transformers import LlamaForCausalLM
from .configuration_tiny import TinyConfig

class TinyForCausalLM(LlamaForCausalLM):
    config_class = TinyConfig
    version = "{version}"
"""


def code(version: str) -> dict[str, bytes]:
    """The code of the base, of some version."""
    return {
        "configuration_tiny.py": CONFIGURATION.encode(),
        "modeling_tiny.py": MODELING.format(version=version).encode(),
    }


def publish(hub: LocalHub, repo_id: str, folder: Path) -> str:
    """Put a folder on the Hub; give the commit."""
    hub.create_repo(repo_id)
    hub.add_folder(repo_id, str(folder))
    return hub.commit_hash(repo_id)


@pytest.fixture
def adapters(tmp_path: Path, hf_local_hub: LocalHub) -> dict[str, str]:
    """Two adapters made by peft, one of which names the commit of its base; by name, their commits."""
    base, lora = tmp_path / "base", tmp_path / "lora"
    model = transformers.LlamaForCausalLM(
        transformers.LlamaConfig(
            hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4, vocab_size=100
        )
    )
    model.save_pretrained(base)
    config = json.loads((base / "config.json").read_text())
    config |= {
        "model_type": "tiny_from_elsewhere",
        "architectures": ["TinyForCausalLM"],
        "auto_map": {
            "AutoConfig": "acme/code--configuration_tiny.TinyConfig",
            "AutoModelForCausalLM": "acme/code--modeling_tiny.TinyForCausalLM",
        },
    }
    (base / "config.json").write_text(json.dumps(config))
    hf_local_hub.create_repo("acme/code")
    hf_local_hub.commit("acme/code", {**code("pinned"), "model.safetensors": b"none of ours"})
    of_base = publish(hf_local_hub, "acme/base", base)
    adapter = peft.get_peft_model(
        model,
        peft.LoraConfig(r=2, target_modules=["q_proj"], task_type="CAUSAL_LM", init_lora_weights=False),
    )
    commits = {}
    for name, revision in (("lora", None), ("exact", of_base)):
        adapter.peft_config["default"].base_model_name_or_path = "acme/base"
        adapter.peft_config["default"].revision = revision
        adapter.save_pretrained(lora)
        commits[name] = publish(hf_local_hub, f"acme/{name}", lora)
    return commits


def test_an_adapter_brings_all_that_it_needs(
    online: ResearchRepo, hf_local_hub: LocalHub, adapters: dict[str, str]
) -> None:
    """Two ids in a config bring four repos; all branches move on, and offline all is as it was locked."""
    entries = (f"{name}: {{repo_id: acme/{name}, revision: {commit}}}" for name, commit in adapters.items())
    online.write("config.yaml", "\n".join(entries))
    online.lock()
    for name in ("base", "lora", "exact"):
        hf_local_hub.commit(f"acme/{name}", {"config.json": b"{}", "adapter_config.json": b"{}"})
    hf_local_hub.commit("acme/code", dict(code("main")))
    done = online.hfpin("fetch")
    assert done.returncode == 0, done.stdout
    shutil.copy(Path(__file__).with_name("adapted.py"), online.root / "test_adapted.py")
    hf_local_hub.clear_requests()
    done = online.run("pytest", "-v", "-p", "no:cacheprovider", "--hf-offline", "--hf-audit=fail", "-rs")
    assert done.returncode == 0, done.stdout
    assert hf_local_hub.requests == ()
