"""Each rule about adapters, pickles and code: a real case that triggers it, and the near miss."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.models import code, own_model, tiny_llama
from tests.support import ResearchRepo

if TYPE_CHECKING:
    from hfpin.testing import LocalHub

_WHY = "needs torch, transformers and peft: pip install -e '.[e2e]'"
torch = pytest.importorskip("torch", reason=_WHY)
transformers = pytest.importorskip("transformers", reason=_WHY)
peft = pytest.importorskip("peft", reason=_WHY)

pytestmark = pytest.mark.filterwarnings("ignore")  # what libraries deprecate among themselves

RULES = {f"HFP0{number}" for number in (20, 21, 22, 23, 24, 25, 30, 31)}


@pytest.fixture
def hub(hf_local_hub: LocalHub, tmp_path: Path) -> LocalHub:
    """A Hub with a tiny llama, `acme/llama`, that has moved on from its first commit."""
    tiny_llama().save_pretrained(str(tmp_path / "llama"))
    hf_local_hub.create_repo("acme/llama")
    hf_local_hub.add_folder("acme/llama", str(tmp_path / "llama"))
    hf_local_hub.tag("acme/llama", "v1", hf_local_hub.commit_hash("acme/llama"))
    hf_local_hub.commit("acme/llama", {"NEWS.md": b"main goes on\n"})
    return hf_local_hub


@pytest.fixture
def research(online: ResearchRepo) -> ResearchRepo:
    """A research repo in git."""
    assert online.run("git", "init", "--quiet").returncode == 0
    return online


def save_adapter(folder: Path, revision: str | None = None, rank: int = 2) -> Any:
    """Make an adapter of that llama with PEFT, and save it as its users do."""
    config = peft.LoraConfig(r=rank, target_modules=["q_proj"], task_type="CAUSAL_LM", revision=revision)
    model = peft.get_peft_model(tiny_llama(), config)
    model.peft_config["default"].base_model_name_or_path = "acme/llama"
    model.save_pretrained(str(folder))
    return model


def codes(repo: ResearchRepo, *command: str) -> list[str]:
    """The rules that a command names, in its order."""
    done = repo.hfpin(*command)
    assert done.returncode in (0, 1), done.stdout
    found = re.findall(r"^\S+: (HFP\d+) ", done.stdout, re.MULTILINE)  # not where the rule's page is told
    return [word for word in found if word in RULES]


def declare(repo: ResearchRepo, **revisions: str) -> None:
    """Declare repos of `acme` at revisions, and lock them."""
    lines = (f"{name}:\n  repo_id: acme/{name}\n  revision: {at}\n" for name, at in revisions.items())
    repo.write("config.yaml", "".join(lines))
    done = repo.hfpin("lock")
    assert done.returncode == 0, done.stdout


def test_an_adapter_in_the_tree(research: ResearchRepo, hub: LocalHub) -> None:
    """PEFT leaves the revision null and nobody fetches the base: HFP021 and HFP020, until each is mended."""
    first = hub.commit_hash("acme/llama", "v1")
    folder = research.root / "adapters" / "a"
    save_adapter(folder)
    assert codes(research, "adapters") == ["HFP021"]  # there is no lock to be in
    research.write("config.yaml", "repo_id: acme/empty\nrevision: v1\n")
    hub.create_repo("acme/empty")
    hub.tag("acme/empty", "v1", hub.commit("acme/empty", {"a.txt": b"a"}))
    assert research.hfpin("lock").returncode == 0
    assert codes(research, "adapters") == ["HFP020", "HFP021"]
    declare(research, llama=first)
    assert codes(research, "adapters") == ["HFP021"]
    assert codes(research, "check", "adapters") == ["HFP021"]
    research.hfpin("pin", "--offline", "adapters/a/adapter_config.json")
    assert codes(research, "adapters") == codes(research, "check", "adapters") == []
    assert peft.PeftConfig.from_pretrained(str(folder)).revision == first
    declare(research, llama=hub.commit_hash("acme/llama"))
    assert codes(research, "adapters") == ["HFP021"]


def test_what_is_beside_an_adapter(research: ResearchRepo) -> None:
    """A pickle, an optimizer, a copy of the base, too large for git: as libraries leave them; and not."""
    commit = "1" * 40
    model = save_adapter(research.root / "right", commit)
    assert codes(research, "adapters") == []
    pickled = research.root / "pickled"
    save_adapter(pickled, commit)
    state = peft.get_peft_model_state_dict(model)
    torch.save(state, pickled / "adapter_model.bin")
    assert codes(research, "adapters", "pickled") == ["HFP022"]
    torch.save({"r": 2}, research.root / "right" / "training_args.bin")  # a pickle that nobody loads
    assert codes(research, "adapters", "right") == []
    state = torch.optim.AdamW(model.parameters()).state_dict()
    torch.save(state, research.root / "right" / "optimizer.pt")
    assert codes(research, "adapters", "right") == ["HFP023"]
    (research.root / "right" / "optimizer.pt").unlink()
    model.base_model.model.save_pretrained(str(research.root / "right"))
    assert "HFP023" in codes(research, "adapters", "right")
    (research.root / "right" / "model.safetensors").unlink()
    save_adapter(research.root / "large", commit, rank=32)
    assert codes(research, "adapters", "--limit=9kB") == ["HFP024", "HFP022"]  # and the pickle of before
    research.write(".gitattributes", "*.safetensors filter=lfs diff=lfs merge=lfs -text\n")
    research.run("git", "add", ".gitattributes")
    assert codes(research, "adapters", "--limit=9kB", "large", "right") == []
    path = research.root / "right" / "adapter_config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"r": 3}))
    assert codes(research, "adapters", "right") == ["HFP025"]


def test_an_adapter_of_somebody_else(research: ResearchRepo, hub: LocalHub, tmp_path: Path) -> None:
    """Published with null: HFP020 until its base is declared; with a commit: HFP021 if that is another."""
    first, second = hub.commit_hash("acme/llama", "v1"), hub.commit_hash("acme/llama")
    for name, revision in (("open", None), ("said", first)):
        save_adapter(tmp_path / name, revision)
        hub.create_repo(f"acme/{name}")
        hub.add_folder(f"acme/{name}", str(tmp_path / name))
    opened, said = hub.commit_hash("acme/open"), hub.commit_hash("acme/said")
    declare(research, open=opened)
    assert codes(research, "check") == ["HFP020"]
    declare(research, open=opened, llama=first)
    assert codes(research, "check") == []
    declare(research, said=said)
    assert codes(research, "check") == []
    declare(research, said=said, llama=second)
    assert codes(research, "check") == ["HFP021"]
    declare(research, said=said, llama=first)
    assert codes(research, "check") == []


def test_pickles_only(research: ResearchRepo, hub: LocalHub) -> None:
    """A model that was saved with torch.save alone; with safetensors beside it, nothing is said."""
    pickled = {"pytorch_model.bin": _pickled(), "config.json": b'{"model_type": "llama"}'}
    hub.create_repo("acme/old")
    commit = hub.commit("acme/old", pickled)
    declare(research, old=commit)
    assert codes(research, "check") == ["HFP030"]
    declare(research, old=hub.commit("acme/old", {"model.safetensors": own_model("")["model.safetensors"]}))
    assert codes(research, "check") == []


def _pickled() -> bytes:
    from io import BytesIO

    out = BytesIO()
    torch.save({"w": torch.ones(2, 2)}, out)
    return out.getvalue()


@pytest.fixture
def remote_code(hub: LocalHub) -> str:
    """`acme/own` brings its code, and `acme/foreign` takes it from there; the commit of the latter."""
    for name, content in (("own", own_model("") | code("1")), ("foreign", own_model("acme/own--"))):
        hub.create_repo(f"acme/{name}")
        hub.commit(f"acme/{name}", content)
    return hub.commit_hash("acme/foreign")


def test_code_of_another_repo(research: ResearchRepo, hub: LocalHub, remote_code: str) -> None:
    """The lock follows it, and HFP031 asks for a commit that somebody has read; own code needs none."""
    own = hub.commit_hash("acme/own")
    declare(research, own=own)
    assert codes(research, "check") == []
    declare(research, foreign=remote_code)
    assert codes(research, "check") == ["HFP031"]
    declare(research, foreign=remote_code, own=own)
    assert codes(research, "check") == []


@pytest.mark.usefixtures("remote_code")
def test_code_in_what_is_saved(research: ResearchRepo, hub: LocalHub) -> None:
    """What transformers saves of a model whose code is elsewhere names that repo, and no commit."""
    save = (
        "import sys, transformers\n"
        "model = transformers.AutoModel.from_pretrained('acme/foreign', trust_remote_code=True)\n"
        "model.config.save_pretrained(sys.argv[1])\n"
    )
    done = research.run("python", "-c", save, "checkpoint", HF_HUB_OFFLINE="0")
    assert done.returncode == 0, done.stdout
    assert "acme/own--" in research.read("checkpoint/config.json")
    assert codes(research, "check", "checkpoint") == ["HFP031"]
    declare(research, own=hub.commit_hash("acme/own"))
    assert codes(research, "check", "checkpoint") == []
