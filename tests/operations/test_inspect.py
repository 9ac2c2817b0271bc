"""Whether a checkpoint is whole: real files of each format, whole and then broken."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hfpin.digest import Digest
from hfpin.errors import DestinationError
from hfpin.lock import Lock, LockedFile, LockedPin
from hfpin.operations.inspect import Checkpoint, Fault, Trouble, inspect_all, inspect_path, inspect_pin
from hfpin.patterns import Patterns
from hfpin.pin import Pin, Target
from hfpin.places import Places
from hfpin.repo import Repo

numpy = pytest.importorskip("numpy")
INDEX = "model.safetensors.index.json"
SHARD = "model-0000{}-of-00003.safetensors".format


@pytest.fixture
def sharded(tmp_path: Path) -> Path:
    """A checkpoint of three shards, as `save_pretrained(max_shard_size=…)` leaves one."""
    from safetensors.numpy import save_file

    folder = tmp_path / "sharded"
    folder.mkdir()
    weight_map: dict[str, str] = {}
    for number in (1, 2, 3):
        tensors = {
            f"layers.{number}.w": numpy.zeros((4, 2), numpy.float16),
            f"layers.{number}.b": numpy.zeros(2, numpy.float32),
        }
        save_file(tensors, folder / SHARD(number))
        weight_map |= dict.fromkeys(tensors, SHARD(number))
    write(folder, INDEX, {"metadata": {"total_size": 72}, "weight_map": weight_map})
    write(folder, "config.json", {"architectures": ["LlamaForCausalLM"], "torch_dtype": "float16"})
    write(folder, "tokenizer.json", {})
    return folder


def write(folder: Path, name: str, value: Any) -> None:
    """Write a JSON file."""
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(json.dumps(value))


def faults(folder: Path) -> list[tuple[str, Trouble, str]]:
    """What is wrong with a folder."""
    return [(one.path, one.trouble, one.reason) for one in inspect_path(folder).faults]


def test_what_a_purge_left(sharded: Path, tmp_path: Path) -> None:
    """A file of which only its link is left is missing, whether something names it or not."""
    for name in ("config.json", SHARD(2)):
        (sharded / name).rename(tmp_path / name)
        (sharded / name).symlink_to(tmp_path / name)
    assert faults(sharded) == []
    (tmp_path / "config.json").unlink()
    (tmp_path / SHARD(2)).unlink()
    assert faults(sharded) == [
        ("config.json", Trouble.MISSING, f"its link leads to {tmp_path / 'config.json'}"),
        (SHARD(2), Trouble.MISSING, f"{INDEX} names it"),
    ]


def test_whole(sharded: Path) -> None:
    """A whole checkpoint is one, with what its headers add up to."""
    found = inspect_path(sharded)
    assert (found.kind, found.faults, found.notes, found.is_whole) == ("model", (), (), True)
    assert found.checkpoints == (
        Checkpoint(
            name="model",
            format="safetensors",
            files=(SHARD(1), SHARD(2), SHARD(3)),
            size=sum((sharded / SHARD(number)).stat().st_size for number in (1, 2, 3)),
            tensors=6,
            parameters=30,
            dtypes=(("F16", 3), ("F32", 3)),
        ),
    )


def _cut(folder: Path) -> None:
    path = folder / SHARD(2)
    path.write_bytes(path.read_bytes()[:-3])


def _point(folder: Path) -> None:
    (folder / SHARD(2)).write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 3\n")


def _change_index(folder: Path, **metadata: int) -> None:
    index = json.loads((folder / INDEX).read_text())
    if metadata:
        index["metadata"] = metadata
    else:
        index["weight_map"]["more"] = SHARD(1)
    write(folder, INDEX, index)


def _drop_index(folder: Path) -> None:
    (folder / INDEX).unlink()
    (folder / SHARD(2)).unlink()


BREAKS: dict[str, tuple[Callable[[Path], object], list[tuple[str, Trouble, str]]]] = {
    "a shard is gone": (
        lambda folder: (folder / SHARD(2)).unlink(),
        [(SHARD(2), Trouble.MISSING, f"{INDEX} names it")],
    ),
    "gone, and no index": (
        _drop_index,
        [(SHARD(2), Trouble.MISSING, "it is one of 3 by name, and 2 are here")],
    ),
    "cut short": (
        _cut,
        [(SHARD(2), Trouble.BROKEN, "not a safetensors file: its header is about 160 bytes, and it has 157")],
    ),
    "empty": (
        lambda folder: (folder / SHARD(2)).write_bytes(b""),
        [(SHARD(2), Trouble.BROKEN, "it is empty")],
    ),
    "a pointer": (
        _point,
        [(SHARD(2), Trouble.BROKEN, "a Git LFS pointer in place of the file: `git lfs pull` brings it")],
    ),
    "another shard's bytes": (
        lambda folder: shutil.copy(folder / SHARD(1), folder / SHARD(2)),
        [
            (
                SHARD(2),
                Trouble.DIFFERS,
                f"{INDEX} says that it holds 'layers.2.b' and 1 more, and it does not",
            )
        ],
    ),
    "the index names more": (
        _change_index,
        [(SHARD(1), Trouble.DIFFERS, f"{INDEX} says that it holds 'more', and it does not")],
    ),
    "another total": (
        lambda folder: _change_index(folder, total_size=73),
        [(INDEX, Trouble.DIFFERS, "its total_size is 73, and the shards' headers are about 72")],
    ),
    "no index": (
        lambda folder: (folder / INDEX).write_text("{}"),
        [(INDEX, Trouble.BROKEN, "it has no weight_map")],
    ),
    "no tokenizer": (
        lambda folder: (folder / "tokenizer.json").unlink(),
        [("tokenizer.json", Trouble.LACKS, "LlamaForCausalLM is loaded with a tokenizer")],
    ),
    "no vocabulary": (
        lambda folder: (folder / "tokenizer.json").rename(folder / "tokenizer_config.json"),
        [("tokenizer.json", Trouble.LACKS, "tokenizer_config.json is there, and no vocabulary")],
    ),
    "no config": (
        lambda folder: (folder / "config.json").rename(folder / "generation_config.json"),
        [("config.json", Trouble.LACKS, "from_pretrained reads it first")],
    ),
    "no processor": (
        lambda folder: write(folder, "config.json", {"architectures": ["ViTForImageClassification"]}),
        [("preprocessor_config.json", Trouble.LACKS, "ViTForImageClassification is loaded with a processor")],
    ),
    "a part of a pipeline": (
        lambda folder: write(
            folder, "model_index.json", {"_class_name": "X", "unet": ["d", "U"], "no": [None, None]}
        ),
        [("unet/", Trouble.MISSING, "model_index.json names it")],
    ),
}


@pytest.mark.parametrize("case", BREAKS)
def test_not_whole(sharded: Path, case: str) -> None:
    """Each way to be less than whole has a reason of its own."""
    harm, expected = BREAKS[case]
    harm(sharded)
    assert faults(sharded) == expected


def test_near_misses(sharded: Path) -> None:
    """An index of a format that patterns left out, a tokenizer of bytes, a state, parts from 0 on: right."""
    write(sharded, "pytorch_model.bin.index.json", {"weight_map": {"a": "pytorch_model-1.bin"}})
    (sharded / "tokenizer.json").unlink()
    write(sharded, "tokenizer_config.json", {"tokenizer_class": "ByT5Tokenizer"})
    (sharded / "optimizer.pt").write_bytes(b"")
    for number in range(2):
        (sharded / f"table-0000{number}-of-00002.npz").write_bytes(b"PK")
    assert faults(sharded) == []


def test_pytorch_index(tmp_path: Path) -> None:
    """Shards of pickles are held against their index by name and size, and never opened as what they are."""
    write(
        tmp_path,
        "pytorch_model.bin.index.json",
        {"metadata": {"total_size": 9}, "weight_map": {"a": "1.bin", "b": "2.bin"}},
    )
    (tmp_path / "1.bin").write_bytes(b"\x80\x04cos\nsystem\n")
    assert faults(tmp_path) == [("2.bin", Trouble.MISSING, "pytorch_model.bin.index.json names it")]
    (tmp_path / "1.bin").write_bytes(b"\x80\x04")
    (tmp_path / "2.bin").write_bytes(b"\x80\x04")
    assert faults(tmp_path) == [
        ("pytorch_model.bin.index.json", Trouble.DIFFERS, "its total_size is 9, and the shards have 4 bytes")
    ]


def test_split_gguf(tmp_path: Path) -> None:
    """The parts of a split GGUF are one checkpoint; a part that is gone, or another's, is told."""
    library = pytest.importorskip("gguf")
    writer = library.GGUFWriter(tmp_path / "m.gguf", "llama", split_max_tensors=1)
    for number in range(3):
        writer.add_tensor(f"t{number}", numpy.zeros((2, 32), numpy.float32))
    for step in ("header", "kv_data", "tensors"):
        getattr(writer, f"write_{step}_to_file")()
    writer.close()
    first, second = (tmp_path / f"m-0000{number}-of-00003.gguf" for number in (1, 2))
    found = inspect_path(first)
    assert (found.is_whole, [one.tensors for one in found.checkpoints]) == (True, [3])
    shutil.copy(first, second)
    assert faults(tmp_path) == [(second.name, Trouble.DIFFERS, "by its header it is part 1 of 3")]
    second.unlink()
    assert faults(tmp_path) == [(second.name, Trouble.MISSING, "it is one of 3 by name, and 2 are here")]


def test_onnx_external_data(tmp_path: Path) -> None:
    """A file that an ONNX model keeps its weights in is there, as long as it says, and in its folder."""
    onnx = pytest.importorskip("onnx")
    from onnx import helper, numpy_helper

    weights = [numpy_helper.from_array(numpy.ones((8, 8), numpy.float32), name=name) for name in "ab"]
    graph = helper.make_graph([helper.make_node("Identity", ["a"], ["y"])], "g", [], [], weights)
    onnx.save_model(
        helper.make_model(graph),
        tmp_path / "model.onnx",
        save_as_external_data=True,
        location="model.onnx_data",
        size_threshold=0,
    )
    data = tmp_path / "model.onnx_data"
    size = data.stat().st_size
    found = inspect_path(tmp_path / "model.onnx")
    assert (found.faults, [(one.files, one.tensors) for one in found.checkpoints]) == (
        (),
        [(("model.onnx", "model.onnx_data"), 2)],
    )
    data.write_bytes(data.read_bytes()[:-1])
    reason = f"model.onnx reads it up to byte {size}, and it has {size - 1}"
    assert faults(tmp_path) == [(data.name, Trouble.BROKEN, reason)]
    data.rename(tmp_path / "elsewhere")
    assert faults(tmp_path) == [(data.name, Trouble.MISSING, "model.onnx keeps weights in it")]
    text = (tmp_path / "model.onnx").read_bytes()
    (tmp_path / "model.onnx").write_bytes(text.replace(b"model.onnx_data", b"../../../shadow"))
    reason = "it keeps weights in '../../../shadow', outside of its folder"
    assert faults(tmp_path) == [("model.onnx", Trouble.BROKEN, reason)]


def test_adapter(tmp_path: Path) -> None:
    """An adapter needs its weights, and no tokenizer."""
    write(tmp_path, "adapter_config.json", {})
    assert inspect_path(tmp_path).kind == "adapter"
    assert faults(tmp_path) == [
        ("adapter_model.safetensors", Trouble.MISSING, "adapter_config.json is there")
    ]
    (tmp_path / "adapter_model.bin").write_bytes(b"\x80\x04")
    assert faults(tmp_path) == []


def pinned(sharded: Path, **target: Any) -> tuple[Places, LockedPin]:
    """A pin of the checkpoint, on disk in a `local_dir`."""
    paths = sorted(path.name for path in sharded.iterdir())
    files = tuple(
        LockedFile(path=path, size=(sharded / path).stat().st_size, digest=Digest("sha256", "0" * 64))
        for path in paths
        if target.get("patterns", Patterns()).keeps(path)
    )
    made = Target(repo=Repo("acme/m"), commit="0" * 40, local_dir=sharded.name, **target)
    locked = LockedPin(pin=Pin(name="m", target=made, revision="v1"), files=files)
    return Places(root=sharded.parent, cache=sharded.parent / "hub"), locked


def test_causes(sharded: Path) -> None:
    """A pin that is not whole is so by a purge, by an edit, by its patterns, or upstream."""
    places, locked = pinned(sharded)
    assert inspect_pin(places, locked).is_whole
    (sharded / SHARD(1)).unlink()
    _cut(sharded)
    (sharded / "config.json").unlink()
    assert [(one.path, one.cause) for one in inspect_pin(places, locked).faults] == [
        ("config.json", "gone from this disk, by a purge or by hand: `hfpin fetch m` brings it"),
        (SHARD(1), "gone from this disk, by a purge or by hand: `hfpin fetch m` brings it"),
        (SHARD(2), "changed on this disk: `hfpin verify --repair m` brings it anew"),
    ]


def test_caused_by_patterns_or_upstream(sharded: Path) -> None:
    """What patterns drop is the patterns' doing; what is as the lock says, or is in no repo, upstream's."""
    patterns = Patterns(ignore=("*-00002-*", "tokenizer.json"))
    places, locked = pinned(sharded, patterns=patterns)
    blame = "the pin's ignore_patterns: change them, then `hfpin lock` and `hfpin fetch m`"
    assert [(one.path, one.cause) for one in inspect_pin(places, locked).faults] == [
        (SHARD(2), blame),
        ("tokenizer.json", blame),
    ]
    (sharded / "tokenizer.json").unlink()
    _cut(sharded)
    places, locked = pinned(sharded)
    found = inspect_pin(places, locked)
    assert [(one.path, one.cause) for one in found.faults] == [
        (SHARD(2), "upstream: the repo is so at this commit")
    ]
    assert found.notes == (
        "tokenizer.json: LlamaForCausalLM is loaded with a tokenizer, and the repo has none",
    )


def test_names(sharded: Path) -> None:
    """A name is a pin's, else a path's; nothing is guessed."""
    places, locked = pinned(sharded)
    lock = Lock((locked,))
    for name, called in (("m", "m"), ("acme/m", "m"), ("sharded", "sharded")):
        ((found, one),) = inspect_all(places, lock, [name], here=sharded.parent)
        assert (found, one.is_whole) == (called, True)
    with pytest.raises(DestinationError, match=r"there is no .*/nope"):
        inspect_all(places, lock, ["nope"], here=sharded.parent)
    shutil.rmtree(sharded)
    assert inspect_all(places, lock, [], here=sharded.parent) == []
    with pytest.raises(DestinationError, match="is not here, so there is nothing to inspect"):
        inspect_all(places, lock, ["m"], here=sharded.parent)


def test_fault_is_a_value() -> None:
    """A fault without a cause has an empty one."""
    assert Fault(path="a", trouble=Trouble.LACKS, reason="b").cause == ""


def _sentence_transformer(folder: Path) -> Path:
    """A model of sentence-transformers: a router to two encoders, and what comes after."""
    from safetensors.numpy import save_file

    def module(path: str, name: str) -> dict[str, str]:
        return {"path": path, "type": f"sentence_transformers.models.{name}"}

    modules = [module("", "Router"), module("1_Dense", "Dense"), module("2_Normalize", "Normalize")]
    write(folder, "modules.json", [*modules, {"path": "3_Own", "type": "own.Module"}])
    types = {one["path"]: one["type"] for one in (module("q", "Transformer"), module("p", "Pooling"))}
    write(folder, "router_config.json", {"types": types})
    write(folder, "1_Dense/config.json", {})
    write(folder, "q/config.json", {})
    write(folder, "q/tokenizer.json", {})
    write(folder, "p/config.json", {})
    for name in ("1_Dense", "q"):
        save_file({"w": numpy.zeros(2, numpy.float32)}, folder / name / "model.safetensors")
    return folder


@pytest.mark.parametrize(
    ("gone", "trouble", "reason"),
    [
        ("1_Dense/config.json", Trouble.MISSING, "modules.json has a Dense there"),
        ("1_Dense/model.safetensors", Trouble.MISSING, "modules.json has a Dense there"),
        ("router_config.json", Trouble.MISSING, "modules.json has a Router there"),
        ("p/config.json", Trouble.MISSING, "router_config.json has a Pooling there"),
        ("q/config.json", Trouble.MISSING, "router_config.json has a Transformer there"),
        ("q/model.safetensors", Trouble.MISSING, "router_config.json has a Transformer there"),
        ("q/tokenizer.json", Trouble.LACKS, "a Transformer is loaded with a tokenizer"),
    ],
)
def test_modules(tmp_path: Path, gone: str, trouble: Trouble, reason: str) -> None:
    """A model of sentence-transformers is whole with what each of its modules is loaded with."""
    folder = _sentence_transformer(tmp_path / "st")
    found = inspect_path(folder)
    assert (found.kind, found.faults) == ("model", ())
    (folder / gone).unlink()
    assert faults(folder) == [(gone, trouble, reason)]


@pytest.mark.parametrize(
    ("modules", "reason"),
    [
        ({}, "it is no JSON list"),
        ([1], "it names a module at 'None', which is no folder of it"),
        ([{"path": "../up", "type": "own.M"}], "it names a module at '../up', which is no folder of it"),
    ],
)
def test_modules_of_a_stranger(tmp_path: Path, modules: Any, reason: str) -> None:
    """A `modules.json` that is none is a fault of its own."""
    write(tmp_path / "st", "modules.json", modules)
    assert faults(tmp_path / "st") == [("modules.json", Trouble.BROKEN, reason)]


def test_modules_without_end(tmp_path: Path) -> None:
    """Modules are counted: a million of them, in routers or not, cost what a thousand do."""
    folder = tmp_path / "st"
    dense = [{"path": f"m{number}", "type": "sentence_transformers.models.Pooling"} for number in range(9999)]
    write(folder, "modules.json", dense)
    assert len(faults(folder)) == 1000
    router = {"path": "", "type": "sentence_transformers.models.Router"}
    write(folder, "modules.json", [router])
    write(folder, "router_config.json", {"types": {".": router["type"]}})
    assert faults(folder) == []


def test_a_transformer_at_the_top(tmp_path: Path) -> None:
    """Weights of a module below are not the transformer's own; those for ONNX are."""
    folder = _sentence_transformer(tmp_path / "st")
    top = {"path": "", "type": "sentence_transformers.models.Transformer"}
    dense = {"path": "1_Dense", "type": "sentence_transformers.models.Dense"}
    write(folder, "modules.json", [top, dense])
    for name in ("config.json", "tokenizer.json"):
        write(folder, name, {})
    reason = "modules.json has a Transformer there"
    assert faults(folder) == [("model.safetensors", Trouble.MISSING, reason)]
    write(folder, "openvino/openvino_model.json", {})
    assert faults(folder) == [("model.safetensors", Trouble.MISSING, reason)]
    shutil.copytree(folder / "1_Dense", folder / "onnx")
    assert faults(folder) == []
