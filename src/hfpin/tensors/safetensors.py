"""What is in a safetensors file, by its header.

A file begins with eight bytes, the little-endian length of the header, and the header, a JSON object
(https://huggingface.co/docs/safetensors/index#format). The tensors' bytes follow, without a gap.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from math import prod
from types import MappingProxyType
from typing import Any

from hfpin.dataclass import dataclass
from hfpin.errors import HfpinError
from hfpin.regex import lazily
from hfpin.tensors.bounded import load_object
from hfpin.tensors.values import MalformedError, Read, Tensor

PREFIX = 8
"""Bytes that say how long the header is."""

LONGEST = 100_000_000
"""Bytes that a header may have at most: safetensors' own limit."""

_LONGEST_LAYOUT = 32 << 20
"""Bytes of a header that an inspection reads: more than 100,000 tensors need."""

_LONGEST_NAME = 1000
_METADATA = "__metadata__"
_WORD = lazily(r"\w{1,32}", re.ASCII)
_WORDS = {
    4: "F4",
    6: "F6_E2M3 F6_E3M2",
    8: "BOOL U8 I8 F8_E5M2 F8_E4M3 F8_E8M0 F8_E4M3FNUZ F8_E5M2FNUZ",
    16: "I16 U16 F16 BF16",
    32: "I32 U32 F32",
    64: "I64 U64 F64 C64",
}
BITS: Mapping[str, int] = MappingProxyType(
    {word: bits for bits, words in _WORDS.items() for word in words.split()}
)
"""Bits of one element (safetensors, `Dtype::bitsize`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A file whose header was held against its size.

    Args:
        tensors: Its tensors, by name.
        size: Bytes of all tensors together.
        metadata: What its writer said of it; texts.
    """

    tensors: dict[str, Tensor]
    size: int
    metadata: dict[str, str]


def read_header(path: str, read: Read) -> dict[str, Tensor]:
    """Read the tensors of a file, by name, in the order of the header.

    Args:
        path: The file, in its repo.
        read: Reads from it; it is called twice, for little.

    Raises:
        MalformedError: The file is not one of safetensors.
    """
    header = _header(path, read, None)[0]
    return {name: _tensor(path, name, entry) for name, entry in header.items() if name != _METADATA}


def read_layout(path: str, read: Read, size: int) -> Layout:
    """Read the tensors of a file and hold where they are said to be against its size, as safetensors does.

    Args:
        path: The file, in its repo.
        read: Reads from it; it is called twice, for little.
        size: The file's bytes.

    Raises:
        MalformedError: The file is not one of safetensors, or not whole.
    """
    header, length = _header(path, read, size)
    metadata = header.pop(_METADATA, None)
    if metadata is None:
        metadata = {}
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise _malformed(path, f"its {_METADATA} is no object of texts")
    tensors = {name: _tensor(path, name, entry) for name, entry in header.items()}
    spans = sorted(
        (*_span(path, name, entry.get("data_offsets"), tensors[name]), name) for name, entry in header.items()
    )
    for (_, end, name), (start, _, after) in pairwise(spans):
        if start != end:
            what = "overlaps" if start < end else "leaves a gap after"
            raise _malformed(path, f"{after!r} {what} {name!r}")
    first, last = (spans[0][0], spans[-1][1]) if spans else (0, 0)
    if first:
        raise _malformed(path, f"{spans[0][2]!r} leaves a gap before it")
    expected = PREFIX + length + last
    if expected != size:
        raise _malformed(path, f"its header is about {expected} bytes, and it has {size}")
    return Layout(tensors=tensors, size=last, metadata=metadata)


def _header(path: str, read: Read, size: int | None) -> tuple[dict[str, Any], int]:
    if size is not None and size < PREFIX:
        raise _malformed(path, f"it has {size} bytes, too few for a header")
    length = int.from_bytes(read(0, PREFIX), "little")
    if not 0 < length <= LONGEST:
        raise _malformed(path, f"its header would be {length} bytes long")
    if size is not None and length > _LONGEST_LAYOUT:
        raise _malformed(path, f"its header would be {length} bytes long, and no model needs that")
    if size is not None and length > size - PREFIX:
        raise _malformed(path, f"its header would be {length} bytes long, and it has {size} in all")
    try:
        return load_object(read(PREFIX, PREFIX + length)), length
    except ValueError as error:
        raise _malformed(path, f"its header {error}") from None


def tensor_of(path: str, dtype: Any, shape: Any) -> Tensor | None:
    """Make a tensor of what a stranger says about it; None where that describes none.

    Args:
        path: The file, in its repo.
        dtype: Its type: a word of letters, digits and `_`.
        shape: Its dimensions, a list.
    """
    if not isinstance(dtype, str) or not _WORD.fullmatch(dtype) or not isinstance(shape, list):
        return None
    if not all(type(size) is int and size >= 0 for size in shape):
        return None
    return Tensor(dtype=dtype, shape=tuple(shape), file=path)


def _tensor(path: str, name: str, entry: Any) -> Tensor:
    if len(name) > _LONGEST_NAME:
        raise _malformed(path, f"a tensor's name would be {len(name)} characters long")
    fields = entry if isinstance(entry, dict) else {}
    tensor = tensor_of(path, fields.get("dtype"), fields.get("shape"))
    if tensor is None:
        raise _malformed(path, f"{name!r} has no dtype and shape")
    return tensor


def _span(path: str, name: str, offsets: Any, tensor: Tensor) -> tuple[int, int]:
    """Where the bytes of a tensor are said to be, which must be as many as its type and shape make."""
    if not isinstance(offsets, list) or [type(one) for one in offsets] != [int, int]:
        raise _malformed(path, f"{name!r} has no data_offsets")
    start, end = offsets
    if not 0 <= start <= end:
        raise _malformed(path, f"{name!r} ends before it begins")
    bits = BITS.get(tensor.dtype)
    if bits is not None and bits * prod(tensor.shape) != 8 * (end - start):
        raise _malformed(
            path, f"{name!r} of {tensor.dtype} {list(tensor.shape)} does not fill its {end - start} bytes"
        )
    return start, end


def _malformed(path: str, reason: str) -> MalformedError:
    return MalformedError(path, "a safetensors file", reason)


def joined(files: Mapping[str, Mapping[str, Tensor]]) -> dict[str, Tensor]:
    """Join the tensors of the files of one model.

    Raises:
        HfpinError: Two files hold a tensor of one name, so that they are not one model.
    """
    tensors: dict[str, Tensor] = {}
    for path, found in files.items():
        for name, tensor in found.items():
            other = tensors.setdefault(name, tensor)
            if other is not tensor:
                raise HfpinError(
                    f"{other.file} and {path} both hold {name!r}: they are not parts of one model",
                    hint="Ask for the files of one of them.",
                )
    return tensors
