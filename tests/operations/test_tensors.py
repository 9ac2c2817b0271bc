"""The tensors of a pin: from headers on the Hub, on disk, or in the lock; and the small files of one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from hfpin.config import Config
from hfpin.dataclass import replace
from hfpin.errors import ConfigError, DestinationError, HfpinError
from hfpin.hub import HuggingFaceHub
from hfpin.operations.drift import differences
from hfpin.operations.lock import lock
from hfpin.operations.outline import outline
from hfpin.operations.plan import plan
from hfpin.operations.project import Project, read_lock
from hfpin.operations.tensors import main_files, matching_files, read_tensors
from hfpin.tensors import Tensor
from tests.support import MIB, ResearchRepo, fetch_all

if TYPE_CHECKING:
    from hfpin.testing import LocalHub

HEADER = {
    f"layer.{number}.weight": {"dtype": "BF16", "shape": [4, number], "data_offsets": [0, 0]}
    for number in range(2)
}
SHARDS = {f"model-0000{number + 1}-of-00002.safetensors": number for number in range(2)}
TENSORS = {
    f"layer.{number}.weight": Tensor(dtype="BF16", shape=(4, number), file=path)
    for path, number in SHARDS.items()
}


def shard(number: int, padding: int = 0) -> bytes:
    """A file with one tensor of the header, made longer by blanks, and 2 MiB of weights."""
    name = f"layer.{number}.weight"
    header = json.dumps({name: HEADER[name], "__metadata__": {"format": "pt"}}).encode() + b" " * padding
    return len(header).to_bytes(8, "little") + header + bytes(2 * MIB)


@pytest.fixture
def pinned(online: ResearchRepo, hf_local_hub: LocalHub) -> ResearchRepo:
    """A research repo that declares a model of two shards, one with a long header, and a model beside it."""
    files = {path: shard(number, 100_000 * number) for path, number in SHARDS.items()}
    files |= {
        "config.json": b"{}",
        "code.py": b"",
        "tokenizer.json": bytes(300_000),
        "onnx/x.safetensors": shard(0),
    }
    hf_local_hub.create_repo("acme/sharded")
    commit = hf_local_hub.commit("acme/sharded", dict(files))
    online.write("config.yaml", f"big: {{repo_id: acme/sharded, revision: {commit}}}\n")
    return online


def sent(hub: LocalHub) -> int:
    """The bytes of weights that the Hub has sent."""
    return sum(record.bytes_sent for record in hub.requests if "/lfs/" in record.path)


def test_from_the_hub_and_disk(pinned: ResearchRepo, client: HuggingFaceHub, hf_local_hub: LocalHub) -> None:
    """Kilobytes of each shard say what is in it, as the disk does; with neither, it is refused."""
    project = pinned.project
    (locked,) = lock(project, client).lock.pins
    files = main_files(locked)
    assert [file.path for file in files] == list(SHARDS)
    with pytest.raises(DestinationError, match=r"model-00001-of-00002\.safetensors of big .* is not here"):
        read_tensors(project.places, locked, files, None)
    hf_local_hub.clear_requests()
    assert read_tensors(project.places, locked, files, client) == TENSORS
    assert 100_000 < sent(hf_local_hub) < 400_000
    fetch_all(project.places, locked, client)
    assert read_tensors(project.places, locked, files, None) == TENSORS


def test_which_files(pinned: ResearchRepo, client: HuggingFaceHub) -> None:
    """A pattern chooses among several models; what chooses none, or several at once, is refused by name."""
    (locked,) = lock(pinned.project, client).lock.pins
    assert [file.path for file in matching_files(locked, "onnx/")] == ["onnx/x.safetensors"]
    with pytest.raises(HfpinError, match=r"big .* has no safetensors file that matches 'unet/'"):
        matching_files(locked, "unet/")
    two = replace(locked, files=tuple(replace(file, path=f"a{file.path}") for file in locked.files))
    with pytest.raises(HfpinError, match="holds several models: amodel, aonnx/x"):
        main_files(two)
    with pytest.raises(HfpinError, match=r"big .* has no safetensors, so its tensors cannot be told"):
        main_files(replace(locked, files=locked.files[:1]))


def recording(repo: ResearchRepo, *names: str) -> Project:
    """The project, with tensors of pins to be recorded."""
    return replace(repo.project, config=Config(record_tensors=names))


def test_recorded(pinned: ResearchRepo, client: HuggingFaceHub, hf_local_hub: LocalHub) -> None:
    """On request the lock has them, so that nobody is asked; taken back, it is as it was, byte for byte."""
    lock(pinned.project, client)
    before = pinned.read("hfpin.lock")
    wanted = recording(pinned, "acme/sharded")
    assert [one.message for one in differences(wanted, read_lock(wanted))] == [
        "big: record-tensors asks for its tensors, hfpin.lock has none"
    ]
    assert lock(wanted, client).changed
    (locked,) = read_lock(wanted).pins
    assert read_tensors(wanted.places, locked, main_files(locked), None) == TENSORS
    assert '"tensors": {"layer.0.weight": ["BF16", [4, 0]]}}' in pinned.read("hfpin.lock")
    assert differences(wanted, read_lock(wanted)) == ()
    hf_local_hub.clear_requests()
    assert not lock(wanted, client).changed
    assert not lock(recording(pinned, "Big"), client).changed
    assert hf_local_hub.requests == ()
    assert [one.message for one in differences(pinned.project, read_lock(wanted))] == [
        "big: record-tensors does not ask for its tensors, hfpin.lock has them"
    ]
    lock(pinned.project, client)
    assert pinned.read("hfpin.lock") == before


def test_recorded_of_nobody(pinned: ResearchRepo, client: HuggingFaceHub) -> None:
    """A name that is no pin's is refused, with those there are."""
    with pytest.raises(ConfigError) as caught:
        lock(recording(pinned, "bgi"), client)
    assert str(caught.value) == (
        "pyproject.toml: [tool.hfpin] record-tensors names 'bgi', which is no pin\nThere are: big."
    )


def test_outline(pinned: ResearchRepo, client: HuggingFaceHub) -> None:
    """Configs and code are fetched into the cache alone, and the rest of the pin stays to be fetched."""
    (locked,) = lock(pinned.project, client).lock.pins
    target = replace(locked.pin.target, local_dir="models/big")
    whole = replace(locked, pin=replace(locked.pin, target=target))
    part = outline(whole)
    assert [file.path for file in part.files] == ["code.py", "config.json"]
    fetch_all(pinned.places, part, client)
    assert not (pinned.root / "models").exists()
    assert len(plan(pinned.places, locked).states) == len(locked.files) - 2
    assert not list(pinned.places.cache_dir.rglob("trees/*"))
