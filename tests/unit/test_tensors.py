"""What a safetensors header says, and which models a repo's safetensors are."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hfpin.errors import HfpinError, IntegrityError
from hfpin.tensors import Tensor, joined, read_header
from hfpin.weights import main_model, safetensors_models


def safetensors(header: Any) -> bytes:
    """A file with a header, and no weights."""
    data = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(data).to_bytes(8, "little") + data


def read(data: bytes) -> dict[str, Tensor]:
    """Read the header of a file in memory."""
    return read_header("model.safetensors", lambda start, end: data[start:end])


def test_as_safetensors_writes_it() -> None:
    """Names, types and shapes are those that the library itself wrote; metadata is no tensor."""
    numpy = pytest.importorskip("numpy")
    from safetensors.numpy import save

    arrays = {"a": numpy.zeros((2, 3), numpy.float16), "b.c": numpy.zeros((), numpy.int64)}
    assert read(save(arrays, metadata={"format": "np"})) == {
        "a": Tensor(dtype="F16", shape=(2, 3), file="model.safetensors"),
        "b.c": Tensor(dtype="I64", shape=(), file="model.safetensors"),
    }


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "its header would be 0 bytes long"),
        (b"version https://git-lfs", "its header would be 2336927755350992246 bytes long"),
        (safetensors(b"{" + b" " * 5), "its header is not JSON"),
        (safetensors(b"[" * 100_000), "its header is not JSON"),
        (safetensors([]), "its header is no JSON object"),
        (safetensors({"w": 1}), "'w' has no dtype and shape"),
        (safetensors({"w": {"dtype": "F32"}}), "'w' has no dtype and shape"),
        (safetensors({"w": {"dtype": "F32", "shape": [1, -1]}}), "'w' has no dtype and shape"),
        (safetensors({"w": {"dtype": "F32", "shape": [True]}}), "'w' has no dtype and shape"),
        (safetensors({"w": {"dtype": 4, "shape": [1]}}), "'w' has no dtype and shape"),
    ],
)
def test_not_safetensors(data: bytes, reason: str) -> None:
    """Anything else is refused with a reason."""
    with pytest.raises(IntegrityError) as caught:
        read(data)
    assert caught.value.message == f"model.safetensors is not a safetensors file: {reason}"


@given(st.binary(max_size=64) | st.builds(safetensors, st.binary(max_size=64)))
def test_nothing_else_is_raised(data: bytes) -> None:
    """Whatever the bytes, they are read or refused."""
    with contextlib.suppress(IntegrityError):
        read(data)


def test_joined() -> None:
    """Shards are one model; files that hold a tensor of the same name are not."""
    one, two = (Tensor(dtype="F32", shape=(1,), file=file) for file in ("one", "two"))
    assert joined({"one": {"a": one}, "two": {"b": two}}) == {"a": one, "b": two}
    with pytest.raises(HfpinError, match="one and two both hold 'a': they are not parts of one model"):
        joined({"one": {"a": one}, "two": {"a": two}})


@pytest.mark.parametrize(
    ("paths", "models", "main"),
    [
        ("model.safetensors model.bin config.json", "model", "model"),
        (
            "model-00001-of-00002.safetensors model-00002-of-00002.safetensors model.safetensors.index.json",
            "model",
            "model",
        ),
        (
            "model.safetensors model.int8.safetensors onnx/model.safetensors",
            "model model.int8 onnx/model",
            "model",
        ),
        ("consolidated.safetensors model-00001-of-00001.safetensors", "consolidated model", "model"),
        ("odd.safetensors", "odd", "odd"),
        ("one.safetensors two.safetensors", "one two", None),
        ("model.safetensors adapter_model.safetensors", "adapter_model model", None),
        (
            "unet/diffusion_pytorch_model.safetensors vae/diffusion_pytorch_model.safetensors",
            "unet/diffusion_pytorch_model vae/diffusion_pytorch_model",
            None,
        ),
        ("pytorch_model.bin", "", None),
    ],
)
def test_models(paths: str, models: str, main: str | None) -> None:
    """Shards are one model; the main one is alone, or called as libraries call theirs."""
    found = safetensors_models(paths.split())
    assert list(found) == models.split()
    assert sorted(file for files in found.values() for file in files) == sorted(
        path for path in paths.split() if path.endswith(".safetensors")
    )
    assert main_model(found) == main
