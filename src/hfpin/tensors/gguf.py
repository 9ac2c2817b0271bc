"""What is in a GGUF file, by its header.

Source: ggml's `docs/gguf.md`: a magic, a version, counts, metadata (a key, a type, a value), then for each
tensor its name, dimensions, type and offset. All of that is before the first weight.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from math import prod
from types import MappingProxyType
from typing import Any

from hfpin.dataclass import dataclass
from hfpin.tensors.values import MalformedError, Read, Tensor
from hfpin.tensors.window import Window

MAGIC = b"GGUF"

_MOST_KEYS, _MOST_TENSORS, _MOST_TEXTS = 100_000, 1_000_000, 5_000_000
_LONGEST_NAME, _LONGEST_VALUE, _MOST_DIMENSIONS = 1 << 16, 1 << 20, 4
_STRING, _ARRAY = 8, 9
_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_ALIGNMENT = 32
_VERSIONS = (2, 3)

# ggml-common.h and ggml.c, `type_traits`: the number of a type, its name, elements and bytes of a block
_TYPES = """
0 F32 1 4|1 F16 1 2|2 Q4_0 32 18|3 Q4_1 32 20|6 Q5_0 32 22|7 Q5_1 32 24|8 Q8_0 32 34|
10 Q2_K 256 84|11 Q3_K 256 110|12 Q4_K 256 144|13 Q5_K 256 176|14 Q6_K 256 210|15 Q8_K 256 292|
16 IQ2_XXS 256 66|17 IQ2_XS 256 74|18 IQ3_XXS 256 98|19 IQ1_S 256 50|20 IQ4_NL 32 18|21 IQ3_S 256 110|
22 IQ2_S 256 82|23 IQ4_XS 256 136|24 I8 1 1|25 I16 1 2|26 I32 1 4|27 I64 1 8|28 F64 1 8|29 IQ1_M 256 56|
30 BF16 1 2|34 TQ1_0 256 54|35 TQ2_0 256 66|39 MXFP4 32 17
"""
TYPES: Mapping[int, tuple[str, int, int]] = MappingProxyType(
    {
        int(number): (name, int(elements), int(size))
        for number, name, elements, size in (entry.split() for entry in _TYPES.split("|"))
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gguf:
    """A GGUF file whose header was held against its size.

    Args:
        tensors: Its tensors, by name.
        metadata: Its keys with a single value; of lists nothing is kept.
        size: Bytes of all tensors together, as far as their types are known.
    """

    tensors: dict[str, Tensor]
    metadata: dict[str, Any]
    size: int


def read_gguf(path: str, read: Read, size: int) -> Gguf:
    """Read the header of a file.

    Args:
        path: The file, in its repo.
        read: Reads from it.
        size: The file's bytes.

    Raises:
        MalformedError: The file is not GGUF, or cut short.
    """
    window = Window(read, size)
    try:
        return _read(path, window)
    except (EOFError, struct.error):
        raise _malformed(path, "its header is cut short") from None


def _read(path: str, window: Window) -> Gguf:
    if window.take(4) != MAGIC:
        raise _malformed(path, "it does not begin with GGUF")
    (version,) = window.unpack("I")
    if version not in _VERSIONS:
        raise _malformed(path, f"its version is {version}, and 2 and 3 are known")
    tensor_count, key_count = window.unpack("QQ")
    if tensor_count > _MOST_TENSORS:
        raise _malformed(path, f"it would have {tensor_count} tensors")
    if key_count > _MOST_KEYS:
        raise _malformed(path, f"it would have {key_count} keys")
    metadata = _metadata(path, window, key_count)
    alignment = metadata.get("general.alignment", _ALIGNMENT)
    if not isinstance(alignment, int) or not 0 < alignment <= 1 << 20:
        raise _malformed(path, f"its alignment is {alignment!r}")
    tensors: dict[str, Tensor] = {}
    last, total = 0, 0
    for _ in range(tensor_count):
        name, tensor, offset, length = _tensor(path, window)
        if name in tensors:
            raise _malformed(path, f"it has {name!r} twice")
        tensors[name] = tensor
        last = max(last, offset + length)
        total += length
    end = -(-window.position // alignment) * alignment + last
    if tensors and end > window.size:
        raise _malformed(path, f"its header is about {end} bytes, and it has {window.size}")
    return Gguf(tensors=tensors, metadata=metadata, size=total)


def _metadata(path: str, window: Window, count: int) -> dict[str, Any]:
    metadata: dict[str, Any] = {}
    texts = 0
    for _ in range(count):
        key = _text(path, window, _LONGEST_NAME)
        (kind,) = window.unpack("I")
        if kind == _ARRAY:
            texts += _skip_array(path, window, key, _MOST_TEXTS - texts)
        else:
            metadata[key] = _value(path, window, key, kind)
    return metadata


def _tensor(path: str, window: Window) -> tuple[str, Tensor, int, int]:
    """Read what is said of a tensor: its name, itself, its offset and its bytes."""
    name = _text(path, window, _LONGEST_NAME)
    (dimensions,) = window.unpack("I")
    if dimensions > _MOST_DIMENSIONS:
        raise _malformed(path, f"{name!r} would have {dimensions} dimensions")
    *shape, kind, offset = window.unpack(f"{dimensions}QIQ")
    word, elements, block = TYPES.get(kind, (f"type {kind}", 1, 0))
    # GGUF has the fastest dimension first; other formats and numpy have it last
    tensor = Tensor(dtype=word, shape=tuple(reversed(shape)), file=path)
    return name, tensor, offset, prod(shape) // elements * block


def _value(path: str, window: Window, key: str, kind: int) -> Any:
    if kind == _STRING:
        return _text(path, window, _LONGEST_VALUE)
    if kind not in _SCALARS:
        raise _malformed(path, f"{key!r} is of an unknown type, {kind}")
    return window.unpack(_SCALARS[kind])[0]


def _skip_array(path: str, window: Window, key: str, most: int) -> int:
    """Pass over a list; give how many texts it had, which have to be passed one by one."""
    kind, count = window.unpack("IQ")
    if kind in _SCALARS:
        window.skip(count * struct.calcsize(f"<{_SCALARS[kind]}"))
        return 0
    if kind != _STRING:
        raise _malformed(path, f"{key!r} is a list of an unknown type, {kind}")
    if count > most:
        raise _malformed(path, f"{key!r} would be a list of {count} texts")
    window.skip_texts(count)
    return int(count)


def _text(path: str, window: Window, longest: int) -> str:
    (length,) = window.unpack("Q")
    if length > longest:
        window.skip(length)  # a chat template may be long, and says nothing here
        if longest == _LONGEST_NAME:
            raise _malformed(path, f"a name would be {length} bytes long")
        return ""
    return window.take(length).decode("utf-8", "replace")


def _malformed(path: str, reason: str) -> MalformedError:
    return MalformedError(path, "a GGUF file", reason)
