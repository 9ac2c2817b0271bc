"""Headers: what the formats' own libraries write is read; what cannot be is refused at once."""

from __future__ import annotations

import contextlib
import json
import struct
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hfpin.tensors import MalformedError, Read, Tensor
from hfpin.tensors.bounded import MOST_VALUES, load_object
from hfpin.tensors.gguf import read_gguf
from hfpin.tensors.index import WeightIndex, read_index
from hfpin.tensors.kinds import kind_of
from hfpin.tensors.onnx import read_onnx
from hfpin.tensors.safetensors import Layout, read_layout

HUGE = 1 << 50


def reading(data: bytes) -> Read:
    """Read from bytes in memory; beyond their end a file is as sparse as it says."""
    return lambda start, end: data[start:end].ljust(min(end - start, 1 << 20), b"\0")


def layout(header: Any, size: int, **more: int) -> Layout:
    """Read a safetensors file of a header and so many bytes of weights."""
    data = json.dumps(header).encode()
    head = more.get("length", len(data)).to_bytes(8, "little") + data
    return read_layout("m", reading(head), len(head) + size)


def entry(start: int, end: int, *shape: int, dtype: str = "F32") -> dict[str, Any]:
    """A tensor of a safetensors header."""
    return {"dtype": dtype, "shape": list(shape), "data_offsets": [start, end]}


def test_layout() -> None:
    """Offsets in any order, types of less than a byte and unknown ones; the texts of its metadata."""
    header = {
        "__metadata__": {"format": "pt"},
        "b": entry(8, 9, 2, dtype="F4"),
        "a": entry(0, 8, 2),
        "c": entry(9, 12, 7, dtype="X9"),
    }
    assert layout(header, 12) == Layout(
        tensors={
            "b": Tensor(dtype="F4", shape=(2,), file="m"),
            "a": Tensor(dtype="F32", shape=(2,), file="m"),
            "c": Tensor(dtype="X9", shape=(7,), file="m"),
        },
        size=12,
        metadata={"format": "pt"},
    )


@pytest.mark.parametrize(
    ("header", "size", "reason"),
    [
        ({"a": entry(0, 8, 2), "b": entry(4, 12, 2)}, 12, "'b' overlaps 'a'"),
        ({"a": entry(0, 8, 2), "b": entry(9, 17, 2)}, 17, "'b' leaves a gap after 'a'"),
        ({"a": entry(4, 8, 1)}, 8, "'a' leaves a gap before it"),
        ({"a": entry(0, 8, 3)}, 8, "'a' of F32 [3] does not fill its 8 bytes"),
        ({"a": entry(8, 0, 2)}, 8, "'a' ends before it begins"),
        ({"a": {"dtype": "F32", "shape": [1]}}, 4, "'a' has no data_offsets"),
        ({"a": entry(0, 8, 2)}, 7, "its header is about 77 bytes, and it has 76"),
        ({"a": entry(0, 8, 2)}, 9, "its header is about 77 bytes, and it has 78"),
        ({"a": entry(0, 1 << 70, 1 << 68)}, 9, None),
        ({"__metadata__": {"step": 1}}, 0, "its __metadata__ is no object of texts"),
        ({"__metadata__": []}, 0, "its __metadata__ is no object of texts"),
    ],
)
def test_not_whole(header: Any, size: int, reason: str | None) -> None:
    """What safetensors itself would refuse is refused with the tensor to blame."""
    with pytest.raises(MalformedError) as caught:
        layout(header, size)
    assert reason in {None, caught.value.reason}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_encodings(encoding: str) -> None:
    """JSON in another encoding than UTF-8 is none, as for every library that reads these files."""
    head = "{}".encode(encoding)
    with pytest.raises(MalformedError, match="its header is not JSON"):
        read_layout("m", reading(len(head).to_bytes(8, "little") + head), 8 + len(head))


def test_long_names() -> None:
    """A name that no tensor has is refused without being shown."""
    with pytest.raises(MalformedError, match="a tensor's name would be 1001 characters long"):
        layout({"x" * 1001: entry(0, 4, 1)}, 4)


def test_header_that_no_model_needs() -> None:
    """A header of tens of megabytes is not read at all."""
    with pytest.raises(
        MalformedError, match="its header would be 33554433 bytes long, and no model needs that"
    ):
        read_layout("m", reading(((32 << 20) + 1).to_bytes(8, "little")), 1 << 40)


def test_shorter_than_a_prefix() -> None:
    """A file of a few bytes has no header whose length could be told."""
    with pytest.raises(MalformedError, match="it has 1 bytes, too few for a header"):
        read_layout("m", reading(b"x"), 1)


def test_header_longer_than_file() -> None:
    """A header that would be longer than its file is not looked for."""
    with pytest.raises(MalformedError, match="its header would be 9000 bytes long, and it has 10 in all"):
        layout({}, 0, length=9000)


def gguf(*parts: tuple[str, Any], counts: tuple[int, int] = (0, 1)) -> bytes:
    """A GGUF header of packed parts."""
    packed = b"".join(
        len(value).to_bytes(8, "little") + value if layout == "text" else struct.pack(f"<{layout}", value)
        for layout, value in parts
    )
    return b"GGUF" + struct.pack("<IQQ", 3, *counts) + packed


def field(number: int, payload: bytes) -> bytes:
    """A field of protobuf that has a length."""
    length, out = len(payload), b""
    while length > 127:
        out, length = out + bytes([length & 127 | 128]), length >> 7
    return bytes([number << 3 | 2]) + out + bytes([length]) + payload


def nested(depth: int) -> bytes:
    """A graph in an attribute of a node of a graph, so often."""
    data = b""
    for _ in range(depth):
        data = field(1, field(5, field(6, data)))
    return field(7, data)


HOSTILE: dict[str, tuple[Callable[..., Any], bytes, str]] = {
    "no magic": (read_gguf, b"GGML", "it does not begin with GGUF"),
    "other version": (read_gguf, b"GGUF" + bytes(20), "its version is 0, and 2 and 3 are known"),
    "many tensors": (read_gguf, gguf(counts=(HUGE, 0)), f"it would have {HUGE} tensors"),
    "many keys": (read_gguf, gguf(counts=(0, HUGE)), f"it would have {HUGE} keys"),
    "long key": (read_gguf, gguf(("Q", HUGE // 2)), f"a name would be {HUGE // 2} bytes long"),
    "long list": (
        read_gguf,
        gguf(("text", b"k"), ("I", 9), ("I", 8), ("Q", HUGE)),
        f"'k' would be a list of {HUGE} texts",
    ),
    "nested list": (
        read_gguf,
        gguf(("text", b"k"), ("I", 9), ("I", 9), ("Q", 1)),
        "'k' is a list of an unknown type, 9",
    ),
    "unknown type": (read_gguf, gguf(("text", b"k"), ("I", 99)), "'k' is of an unknown type, 99"),
    "huge numbers": (
        read_gguf,
        gguf(("text", b"k"), ("I", 9), ("I", 10), ("Q", HUGE)),
        "its header is cut short",
    ),
    "dimensions": (
        read_gguf,
        gguf(("text", b"t"), ("I", 1 << 31), counts=(1, 0)),
        f"'t' would have {1 << 31} dimensions",
    ),
    "alignment": (
        read_gguf,
        gguf(("text", b"general.alignment"), ("I", 4), ("I", 0)),
        "its alignment is 0",
    ),
    "deep graphs": (read_onnx, nested(10_000), "it is nested more than 64 deep"),
    "long text": (
        read_onnx,
        field(7, field(5, field(13, field(1, bytes(1 << 17))))),
        f"a text would be {1 << 17} bytes long",
    ),
    "long number": (read_onnx, b"\x80" * 20, "a number is longer than 64 bits"),
    "groups": (read_onnx, b"\x0b", "a field is of an unknown kind, 3"),
    "zeros": (read_onnx, bytes(100), "a field has no number"),
    "no offset": (
        read_onnx,
        field(
            7,
            field(
                5,
                field(13, field(1, b"location") + field(2, b"w"))
                + field(13, field(1, b"offset") + field(2, b"x")),
            ),
        ),
        "where a tensor is in 'w' is no number",
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile(case: str) -> None:
    """A header that claims what cannot be is refused with a reason, and costs no memory to speak of."""
    read, data, reason = HOSTILE[case]
    tracemalloc.start()
    try:
        with pytest.raises(MalformedError) as caught:
            read("m", reading(data), HUGE if read is read_gguf else len(data))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert caught.value.reason == reason
    assert peak < 10 << 20


@given(st.binary(max_size=200))
def test_nothing_else_is_raised(data: bytes) -> None:
    """Whatever the bytes, each reader reads or refuses them, and `kind_of` says something."""
    for data_ in (data, b"GGUF\3\0\0\0" + data, data[:8].ljust(8, b"\0") + b"{" + data):
        for read in (read_gguf, read_onnx, read_layout):
            with contextlib.suppress(MalformedError):
                read("m", lambda start, end, data_=data_: data_[start:end], len(data_))  # type: ignore[misc]  # a default binds it
        kind_of(data_, len(data_))


def test_gguf(tmp_path: Path) -> None:
    """What the gguf package writes: tensors with numpy's shapes, single values, lists passed over."""
    library, numpy = pytest.importorskip("gguf"), pytest.importorskip("numpy")
    path = tmp_path / "m.gguf"
    writer = library.GGUFWriter(path, "llama")
    writer.add_token_list([f"token {number}" for number in range(50_000)])
    writer.add_array("scores", [1.0] * 300)
    writer.add_bool("flag", val=True)
    writer.add_tensor("w", numpy.zeros((8, 64), numpy.float32))
    writer.add_tensor("q", numpy.zeros((4, 34), numpy.uint8), raw_dtype=library.GGMLQuantizationType.Q8_0)
    for step in ("header", "kv_data", "tensors"):
        getattr(writer, f"write_{step}_to_file")()
    writer.close()
    data = path.read_bytes()
    found = read_gguf("m", lambda start, end: data[start:end], len(data))
    assert found.tensors == {
        "w": Tensor(dtype="F32", shape=(8, 64), file="m"),
        "q": Tensor(dtype="Q8_0", shape=(4, 32), file="m"),
    }
    assert (found.metadata, found.size) == ({"general.architecture": "llama", "flag": True}, 2048 + 136)
    with pytest.raises(MalformedError, match="its header is about"):
        read_gguf("m", lambda start, end: data[start:end], len(data) - 64)


def test_gguf_types_are_the_librarys() -> None:
    """Names, elements and bytes of a block are those of the gguf package, for each type that both know."""
    library = pytest.importorskip("gguf")
    from hfpin.tensors.gguf import TYPES

    theirs = {int(kind): (kind.name, *size) for kind, size in library.GGML_QUANT_SIZES.items()}
    assert {kind: theirs[kind] for kind in TYPES if kind in theirs} == {
        kind: value for kind, value in TYPES.items() if kind in theirs
    }
    assert len(TYPES.keys() & theirs.keys()) >= 30


def test_index() -> None:
    """Which file holds which tensor; a total that some writer made a float; anything else is refused."""
    text = json.dumps({"metadata": {"total_size": 8.0}, "weight_map": {"a": "2", "b": "1", "c": "2"}})
    assert read_index("i", text.encode()) == WeightIndex(
        shards={"1": frozenset("b"), "2": frozenset("ac")}, total_size=8
    )
    for bad in (
        "[",
        "[]",
        "{}",
        '{"weight_map": []}',
        '{"weight_map": {}}',
        '{"weight_map": {"a": 1}}',
        "[" * 100_000,
    ):
        with pytest.raises(MalformedError):
            read_index("i", bad.encode())
    assert (
        read_index("i", b'{"weight_map": {"a": "1"}, "metadata": {"total_size": Infinity}}').total_size
        is None
    )


def test_json_is_bounded() -> None:
    """A document of too many values is refused before it is parsed."""
    with pytest.raises(ValueError, match="holds more than 1000000 values"):
        load_object(b'{"a": [' + b"[]," * (MOST_VALUES // 2) + b"0]}")


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"GGUF\3\0\0\0", "gguf"),
        (b"\x89HDF\r\n\x1a\n", "hdf5"),
        (b"\x93NUMPY\1\0", "numpy"),
        (b"\x02\0\0\0\0\0\0\0{}", "safetensors"),
        (b"\x80\x04\x95\x10", "pickle"),
        (b"PK\x03\x04" + bytes(22) + b"\x10\0\0\0archive/data.pkl", "torch"),
        (b"PK\x03\x04" + bytes(22) + b"\x05\0\0\0a.npy", "numpy"),
        (b"\x08\x09\x12\x07pytorch:", "onnx"),
        (b"\x81\xa6params\x81", "msgpack"),
        (b"PK\x03\x04" + bytes(22) + b"\x0b\0\0\0xl/book.xml", None),
        (b'{"a": 1}', None),
        (b"version https://git-lfs.github.com/spec/v1\n", None),
        (b"\x89PNG\r\n\x1a\n", None),
        (b"", None),
    ],
)
def test_kinds(head: bytes, kind: str | None) -> None:
    """Weights are told by their first bytes, whatever they are called; other files are not weights."""
    assert kind_of(head, 1 << 30) == kind
