"""Which files hold weights, and which are the same weights again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hfpin.weights import could_be_shard, duplicates, is_index, is_weights


@pytest.mark.parametrize(
    ("path", "weights"),
    [
        ("model.safetensors", True),
        ("unet/diffusion_pytorch_model.fp16.bin", True),
        ("tf_model.h5", True),
        ("onnx/model.onnx", True),
        ("q4.gguf", True),
        ("training_args.bin", False),
        ("checkpoint-1/optimizer.pt", False),
        ("rng_state_0.pth", False),
        ("bin", False),
        ("model.safetensors.index.json", False),
        ("tokenizer.json", False),
    ],
)
def test_weights_are_told_by_their_name(path: str, *, weights: bool) -> None:
    """The endings of frameworks are weights, what a Trainer leaves beside them is not."""
    assert is_weights(path) is weights


@pytest.mark.parametrize(
    ("files", "left_out"),
    [
        (
            "model.safetensors pytorch_model.bin tf_model.h5 flax_model.msgpack rust_model.ot",
            "pytorch_model.bin tf_model.h5 flax_model.msgpack rust_model.ot",
        ),
        ("pytorch_model.bin tf_model.h5", ""),
        ("model.safetensors model.onnx model.gguf training_args.bin optimizer.bin", ""),
        (
            (
                "model-00001-of-00002.safetensors model-00002-of-00002.safetensors "
                "model.safetensors.index.json pytorch_model-00001-of-00001.bin pytorch_model.bin.index.json"
            ),
            "pytorch_model-00001-of-00001.bin pytorch_model.bin.index.json",
        ),
        ("model.safetensors.index.json pytorch_model.bin", ""),
        (
            (
                "unet/diffusion_pytorch_model.safetensors unet/diffusion_pytorch_model.bin "
                "unet/diffusion_pytorch_model.fp16.bin text_encoder/pytorch_model.bin"
            ),
            "unet/diffusion_pytorch_model.bin",
        ),
        ("model.fp16.safetensors pytorch_model.fp16.bin pytorch_model.bin", "pytorch_model.fp16.bin"),
        ("adapter_model.safetensors adapter_model.bin", "adapter_model.bin"),
        ("sd-v1.safetensors sd-v1.ckpt sd-v2.ckpt", "sd-v1.ckpt"),
        ("open_clip_model.safetensors open_clip_pytorch_model.bin", "open_clip_pytorch_model.bin"),
    ],
)
def test_what_is_there_as_safetensors_is_left_out(files: str, left_out: str) -> None:
    """Folder by folder and model by model; what is in older formats only stays."""
    assert [path for path, _ in duplicates(files.split())] == left_out.split()


NAMES = st.sampled_from(
    "model.safetensors pytorch_model.bin tf_model.h5 a/model.safetensors a/pytorch_model.bin x.ckpt x.pt "
    "x.safetensors model.onnx pytorch_model.bin.index.json config.json model.fp16.safetensors".split()
)


@given(st.sets(NAMES))
def test_no_folder_loses_its_last_weights(names: set[str]) -> None:
    """Whatever is left out, every folder that had weights still has some, and no safetensors goes."""
    left_out = {path for path, _ in duplicates(names)}
    kept = names - left_out
    assert not any(path.endswith(".safetensors") for path in left_out)
    for had in filter(is_weights, names):
        folder = had.rpartition("/")[0]
        assert any(is_weights(path) and path.rpartition("/")[0] == folder for path in kept)


def test_an_index_and_its_shards() -> None:
    """An index names files of its own format, beside it or below."""
    assert is_index("a/model.safetensors.index.json")
    assert is_index("model.safetensors.index.fp16.json")
    assert not is_index("index.json")
    assert could_be_shard("a/b/c.safetensors", "a/model.safetensors.index.json")
    assert not could_be_shard("c.safetensors", "a/model.safetensors.index.json")
    assert not could_be_shard("a/c.bin", "a/model.safetensors.index.json")
