"""Real checkpoints and adapters, as transformers and PEFT save them: whole, and without a finding."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hfpin.config import Config
from hfpin.operations.adapters import find_adapters, look_at_adapters
from hfpin.operations.inspect import inspect_path
from hfpin.operations.project import Project
from hfpin.places import Places
from hfpin.rules.selection import Selection

_WHY = "needs torch, transformers and peft: pip install -e '.[e2e]'"
transformers = pytest.importorskip("transformers", reason=_WHY)
peft = pytest.importorskip("peft", reason=_WHY)

pytestmark = pytest.mark.filterwarnings("ignore")  # what libraries deprecate among themselves

SETTINGS = {
    "plain": {"r": 4, "target_modules": ["q_proj", "v_proj"]},
    "pattern": {"r": 4, "target_modules": ["q_proj"], "rank_pattern": {"layers.0.self_attn.q_proj": 2}},
    "regex": {"r": 8, "target_modules": r".*\.(q|k)_proj"},
    "dora": {"r": 8, "target_modules": "all-linear", "use_dora": True},
    "odd": {
        "r": 4,
        "target_modules": ["embed_tokens", "q_proj"],
        "modules_to_save": ["lm_head"],
        "bias": "lora_only",
    },
}


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny llama in shards, and adapters of it."""
    folder = tmp_path_factory.mktemp("saved")
    config = transformers.LlamaConfig(
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=4,
        vocab_size=100,
    )
    transformers.LlamaForCausalLM(config).save_pretrained(folder / "base", max_shard_size="40KB")
    for name, settings in SETTINGS.items():
        model = peft.get_peft_model(transformers.LlamaForCausalLM(config), peft.LoraConfig(**settings))
        model.save_pretrained(folder / "adapters" / name)
    return folder


def test_shards(saved: Path) -> None:
    """What `save_pretrained(max_shard_size=…)` leaves lacks a tokenizer only; then a shard, too."""
    found = inspect_path(saved / "base")
    assert [fault.path for fault in found.faults] == ["tokenizer.json"]
    (checkpoint,) = found.checkpoints
    assert len(checkpoint.files) > 1
    shard = saved / "base" / checkpoint.files[0]
    shard.rename(saved / "away")
    assert [fault.path for fault in inspect_path(saved / "base").faults] == [shard.name, "tokenizer.json"]


@pytest.mark.parametrize("name", SETTINGS)
def test_adapters(saved: Path, name: str) -> None:
    """What PEFT saves is whole and has no finding; with another rank in its config it has one."""
    folder = saved / "adapters" / name

    project = Project(config=Config(), places=Places(root=saved, cache=saved))

    def codes() -> list[str]:
        found = look_at_adapters(project, find_adapters([folder], saved), Selection(), here=saved)
        return [finding.code for one in found for finding in one.findings]

    assert inspect_path(folder).is_whole
    assert codes() == []
    path = folder / "adapter_config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"r": 3, "rank_pattern": {}}))
    assert codes() == ["HFP025"]


NOT_NEEDED = {
    "README.md",
    "config_sentence_transformers.json",
    "sentence_bert_config.json",
    "tokenizer_config.json",
    "4_Normalize/config.json",
}


def test_sentence_transformers(tmp_path: Path, minilm: Path) -> None:
    """A model of sentence-transformers is whole as long as it is the same without one of its files."""
    library = pytest.importorskip("sentence_transformers", reason=_WHY)
    parts = pytest.importorskip("sentence_transformers.models", reason=_WHY)
    bert = transformers.BertConfig(
        hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=1
    )
    transformers.BertModel(bert).save_pretrained(str(tmp_path / "bert"))
    transformers.AutoTokenizer.from_pretrained(str(minilm)).save_pretrained(str(tmp_path / "bert"))
    modules = [
        parts.Transformer(str(tmp_path / "bert")),
        parts.Pooling(8),
        parts.Dense(8, 4),
        parts.LayerNorm(4),
        parts.Normalize(),
    ]
    folder = tmp_path / "st"
    library.SentenceTransformer(modules=modules, device="cpu").save(str(folder))
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    del files["modules.json"]  # without it, it is another model: the transformer alone
    needed = files.keys() - NOT_NEEDED
    assert len(needed) == 8, needed

    def embedded() -> list[float] | None:
        try:
            model = library.SentenceTransformer(str(folder), device="cpu", local_files_only=True)
            return [float(number) for number in model.encode("pinned")]
        except Exception:  # noqa: BLE001  # whatever a library says of a file that is not there
            return None

    wanted = embedded()
    assert inspect_path(folder).is_whole
    for name, path in files.items():
        path.rename(tmp_path / "away")
        assert (inspect_path(folder).is_whole, embedded() == wanted) == (name not in needed,) * 2, name
        (tmp_path / "away").rename(path)
