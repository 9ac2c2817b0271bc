r"""Tell what a file of weights is, by its first bytes. Names lie, and are not looked at.

Sources: the formats' own descriptions, by what each begins with; a pickle by PEP 3154 (`\x80` and its
protocol), a checkpoint of PyTorch since 1.6 by the zip archive whose first member is a `data.pkl`.
"""

from __future__ import annotations

import re
from typing import Literal, get_args

from hfpin.regex import lazily

Kind = Literal["safetensors", "gguf", "ggml", "pickle", "torch", "hdf5", "onnx", "numpy", "msgpack"]
KINDS: tuple[Kind, ...] = get_args(Kind)

HEAD = 4096
"""Bytes that tell all of them."""

PICKLES: frozenset[Kind] = frozenset({"pickle", "torch"})
"""Those that run code when they are loaded."""

_BEGINNINGS: tuple[tuple[bytes, Kind], ...] = (
    (b"GGUF", "gguf"),
    (b"\x89HDF\r\n\x1a\n", "hdf5"),
    (b"\x93NUMPY", "numpy"),
    (b"lmgg", "ggml"),
    (b"fmgg", "ggml"),
    (b"tjgg", "ggml"),
)
_ZIP = b"PK\x03\x04"
_PICKLE = lazily(rb"\x80[\x02-\x05]")
# ModelProto: ir_version (field 1, a small number), then producer_name, opset_import or the graph
_ONNX = lazily(rb"\x08[\x01-\x20][\x12\x1a\x22\x2a\x32\x3a\x42]")
# flax.serialization: a map whose keys are texts
_MSGPACK = lazily(rb"(?:[\x81-\x8f]|\xde..|\xdf....)(?:[\xa1-\xbf]|\xd9.)[\w ./-]", re.DOTALL)


def kind_of(head: bytes, size: int) -> Kind | None:
    """Tell what a file is; None where it is none of these.

    Args:
        head: Its first bytes: HEAD of them, or all.
        size: How many it has.
    """
    for beginning, kind in _BEGINNINGS:
        if head.startswith(beginning):
            return kind
    if head.startswith(_ZIP):
        return _in_zip(head)
    length = int.from_bytes(head[:8], "little")
    if head[8:9] == b"{" and length <= size - 8:
        return "safetensors"
    if _PICKLE.match(head):
        return "pickle"
    if _ONNX.match(head) and (b"onnx" in head or b"pytorch" in head or b":" in head[:64]):
        return "onnx"
    return "msgpack" if _MSGPACK.match(head) else None


def _in_zip(head: bytes) -> Kind | None:
    """Tell what is in a zip archive by its first member; most archives are no weights."""
    name = head[30 : 30 + int.from_bytes(head[26:28], "little")]
    if name.endswith((b"/data.pkl", b"data.pkl", b"/byteorder", b"/version", b"/.format_version")):
        return "torch"
    return "numpy" if name.endswith(b".npy") else None
