"""Tests as users write them, with real libraries: copied into a research repo, and run there offline."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import pytest

import hfpin.pytest
from hfpin.pytest import PinnedSnapshot

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

TEXT = "pinned"


def no_tensor(path: str) -> Any:
    """Load the tokenizer as an object that no device takes."""
    return transformers.AutoTokenizer.from_pretrained(path)


llama = hfpin.pytest.pinned(
    "llama", loader=transformers.AutoModelForCausalLM.from_pretrained, dtype="bfloat16", device="auto"
)
plain = hfpin.pytest.pinned("llama", loader=transformers.AutoModelForCausalLM.from_pretrained)
words = hfpin.pytest.pinned("minilm", loader=no_tensor)


def embedded(model: Any, tokenizer: Any) -> Any:
    """Embed a text as all-MiniLM-L6-v2 does: the mean of its tokens, of length one."""
    with torch.no_grad():
        states = model(**tokenizer(TEXT, return_tensors="pt")).last_hidden_state
    return torch.nn.functional.normalize(states.mean(dim=1), dim=1)[0]


class TestTransformers:
    """transformers."""

    def test_by_load(self, hf_minilm: PinnedSnapshot) -> None:
        """Model and tokenizer are loaded from the folder, once."""
        model = hf_minilm.load(transformers.AutoModel.from_pretrained)
        assert hf_minilm.load(transformers.AutoModel.from_pretrained) is model
        tokenizer = hf_minilm.load(transformers.AutoTokenizer.from_pretrained)
        assert embedded(model, tokenizer).shape == (384,)

    def test_by_id(self, hf_minilm: PinnedSnapshot) -> None:
        """By its id and `from_pretrained_kwargs` every part is the same; the plain class takes them too."""
        kwargs = hf_minilm.from_pretrained_kwargs
        parts = (
            transformers.AutoConfig,
            transformers.AutoTokenizer,
            transformers.AutoModel,
            transformers.BertModel,
        )
        _, tokenizer, auto, plain = (part.from_pretrained(hf_minilm.repo_id, **kwargs) for part in parts)
        assert torch.equal(embedded(auto, tokenizer), embedded(plain, tokenizer))

    def test_pipeline(self, hf_minilm: PinnedSnapshot) -> None:
        """A pipeline is loaded by a partial, once."""
        for _ in range(2):
            pipeline = hf_minilm.load(functools.partial(transformers.pipeline, "feature-extraction"))
        assert pipeline is hf_minilm.load(functools.partial(transformers.pipeline, "feature-extraction"))
        assert len(pipeline(TEXT)[0][0]) == 384

    def test_own_code(self, hf_own: PinnedSnapshot) -> None:
        """Code of the repo's own is that of the commit: from the folder, and by id."""
        model = hf_own.load(transformers.AutoModel.from_pretrained, trust_remote_code=True)
        assert model.version == "pinned"
        kwargs = hf_own.from_pretrained_kwargs
        assert kwargs["code_revision"] == hf_own.revision
        by_id = transformers.AutoModel.from_pretrained(hf_own.repo_id, trust_remote_code=True, **kwargs)
        assert by_id.version == "pinned"

    def test_code_of_another_repo(self, hf_foreign: PinnedSnapshot, hf_own: PinnedSnapshot) -> None:
        """Code from another repo is that of the commit at which that repo is pinned."""
        model = hf_foreign.load(transformers.AutoModel.from_pretrained, trust_remote_code=True)
        assert model.version == "pinned"
        kwargs = hf_foreign.from_pretrained_kwargs
        assert kwargs["code_revision"] == hf_own.revision
        by_id = transformers.AutoModel.from_pretrained(hf_foreign.repo_id, trust_remote_code=True, **kwargs)
        assert by_id.version == "pinned"

    def test_code_of_nobody(self, hf_stray: PinnedSnapshot) -> None:
        """Code from a repo that is not pinned is refused, before it runs."""
        with pytest.raises(pytest.fail.Exception, match="takes code from acme/nobody, which is not pinned"):
            hf_stray.load(transformers.AutoModel.from_pretrained, trust_remote_code=True)


class TestFactory:
    """`hfpin.pytest.pinned`."""

    def test_dtype_and_device(self, llama: Any, plain: Any) -> None:
        """What declares a dtype gets the one of the command line; what declares none keeps its own."""
        assert {parameter.dtype for parameter in llama.parameters()} == {torch.float16}
        assert {parameter.dtype for parameter in plain.parameters()} == {torch.bfloat16}
        assert llama.device.type == "cpu"

    def test_tokenizer(self, words: Any) -> None:
        """A tokenizer has no dtype, and the command line leaves it alone."""
        assert words.tokenize(TEXT) == ["pinned"]


class TestOthers:
    """Everything else that loads from a folder."""

    def test_sentence_transformers(self, hf_minilm: PinnedSnapshot) -> None:
        """By `load` and by id, with the very numbers of transformers."""
        library = pytest.importorskip("sentence_transformers")
        model = hf_minilm.load(library.SentenceTransformer, device="cpu")
        tokenizer = hf_minilm.load(transformers.AutoTokenizer.from_pretrained)
        wanted = embedded(hf_minilm.load(transformers.AutoModel.from_pretrained), tokenizer)
        assert torch.allclose(torch.tensor(model.encode(TEXT)), wanted, atol=1e-5)
        by_id = library.SentenceTransformer(
            hf_minilm.repo_id, device="cpu", **hf_minilm.from_pretrained_kwargs
        )
        assert (by_id.encode(TEXT) == model.encode(TEXT)).all()

    def test_peft(self, hf_adapter: PinnedSnapshot, hf_llama: PinnedSnapshot) -> None:
        """An adapter goes on a base that is loaded for it, as it changes it; or brings the base it names."""
        peft = pytest.importorskip("peft")
        base = transformers.AutoModelForCausalLM.from_pretrained(hf_llama.path)
        model = hf_adapter.load(peft.PeftModel.from_pretrained, base, str(hf_adapter.path))
        assert isinstance(model, peft.PeftModel)
        auto = hf_adapter.load(peft.AutoPeftModelForCausalLM.from_pretrained)
        assert isinstance(auto, peft.PeftModel)

    def test_tokenizers(self, hf_minilm: PinnedSnapshot) -> None:
        """A tokenizer from its file."""
        library = pytest.importorskip("tokenizers")
        tokenizer = hf_minilm.load(library.Tokenizer.from_file, str(hf_minilm.path / "tokenizer.json"))
        assert tokenizer.encode(TEXT).tokens[:3] == ["[CLS]", "pinned", "[SEP]"]

    def test_safetensors(self, hf_minilm: PinnedSnapshot) -> None:
        """Weights from their file, with the names and shapes of the header."""
        library = pytest.importorskip("safetensors.torch")
        weights = hf_minilm.load(library.load_file, hf_minilm.path / "model.safetensors")
        shapes = {name: tensor.shape for name, tensor in hf_minilm.tensors.items()}
        assert {name: tuple(tensor.shape) for name, tensor in weights.items()} == shapes

    def test_diffusers(self, hf_unet: PinnedSnapshot) -> None:
        """A model of diffusers, by `load` and by id, and its skeleton by a function."""
        diffusers = pytest.importorskip("diffusers")
        kind = diffusers.UNet2DModel
        model = hf_unet.load(kind.from_pretrained, subfolder="unet")
        by_id = kind.from_pretrained(hf_unet.repo_id, subfolder="unet", **hf_unet.from_pretrained_kwargs)
        assert model.num_parameters() == by_id.num_parameters()
        skeleton = hf_unet.skeleton(lambda folder: kind.from_config(kind.load_config(folder / "unet")))
        assert {parameter.device.type for parameter in skeleton.parameters()} == {"meta"}
        assert set(skeleton.state_dict()) == set(hf_unet.tensors_in("unet/"))

    def test_timm(self, hf_vit: PinnedSnapshot) -> None:
        """A model of timm, from its folder."""
        timm = pytest.importorskip("timm", reason="timm needs torchvision", exc_type=ImportError)
        model = hf_vit.load(timm.create_model, f"local-dir:{hf_vit.path}", pretrained=True)
        assert model.eval()(torch.zeros(1, 3, 32, 32)).shape == (1, 5)

    def test_plain_paths(self, hf_minilm: PinnedSnapshot) -> None:
        """Anything that opens a file."""
        assert json.loads((hf_minilm.path / "config.json").read_text())["hidden_size"] == 384


class TestSkeleton:
    """Shapes without weights."""

    def test_wiring(self, hf_llama: PinnedSnapshot) -> None:
        """Names, types and shapes of the skeleton are those of the shards' headers, and it can be called."""
        skeleton = hf_llama.skeleton()
        assert type(skeleton).__name__ == "LlamaForCausalLM"
        assert {parameter.device.type for parameter in skeleton.parameters()} == {"meta"}
        kinds = {"BF16": torch.bfloat16}
        assert {
            name: (tensor.dtype, tuple(tensor.shape)) for name, tensor in skeleton.state_dict().items()
        } == {name: (kinds[tensor.dtype], tensor.shape) for name, tensor in hf_llama.tensors.items()}
        assert len({tensor.file for tensor in hf_llama.tensors.values()}) > 1
        tokens = torch.zeros(1, 5, dtype=torch.long, device="meta")
        assert skeleton(tokens).logits.shape == (1, 5, 100)

    def test_code(self, hf_foreign: PinnedSnapshot) -> None:
        """A model with code from elsewhere is built by that code, at its commit."""
        skeleton = hf_foreign.skeleton(trust_remote_code=True)
        assert skeleton.version == "pinned"
        assert {parameter.device.type for parameter in skeleton.parameters()} == {"meta"}

    def test_real(self, hf_minilm: PinnedSnapshot) -> None:
        """The real all-MiniLM-L6-v2 has 22.7 million parameters, counted from its header alone."""
        counts = [torch.Size(tensor.shape).numel() for tensor in hf_minilm.tensors.values()]
        assert (
            sum(counts) == 22_713_728
        )  # 22,713,216 of the model, and 512 position ids that old versions saved
        assert Path(hf_minilm.tensors["embeddings.word_embeddings.weight"].file).suffix == ".safetensors"
