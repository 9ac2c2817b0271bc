"""What is in a safetensors file, by its header: names, types and shapes, and no weights.

A file begins with eight bytes, the little-endian length of the header, and the header, a JSON object
(https://huggingface.co/docs/safetensors/index#format). Nothing in it is trusted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from hfpin.dataclass import dataclass
from hfpin.errors import HfpinError, IntegrityError

PREFIX = 8
"""Bytes that say how long the header is."""

LONGEST = 100_000_000
"""Bytes that a header may have at most: safetensors' own limit."""

_METADATA = "__metadata__"
_WORD = re.compile(r"\w{1,32}", re.ASCII)

Read = Callable[[int, int], bytes]
"""Gives the bytes of a file from one offset up to another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tensor:
    """A tensor as its file describes it.

    Args:
        dtype: Its type, in the format's own words: `F32`, `BF16`, `I8`, …
        shape: Its dimensions.
        file: The file of the repo that holds it.
    """

    dtype: str
    shape: tuple[int, ...]
    file: str


def read_header(path: str, read: Read) -> dict[str, Tensor]:
    """Read the tensors of a file, by name, in the order of the header.

    Args:
        path: The file, in its repo.
        read: Reads from it; it is called twice, for little.

    Raises:
        IntegrityError: The file is not one of safetensors.
    """
    length = int.from_bytes(read(0, PREFIX), "little")
    if not 0 < length <= LONGEST:
        raise _not_safetensors(path, f"its header would be {length} bytes long")
    data = read(PREFIX, PREFIX + length)
    try:
        header = json.loads(data)
    except (ValueError, RecursionError):
        raise _not_safetensors(path, "its header is not JSON") from None
    if not isinstance(header, dict):
        raise _not_safetensors(path, "its header is no JSON object")
    tensors = {}
    for name, entry in header.items():
        if name == _METADATA:
            continue
        fields = entry if isinstance(entry, dict) else {}
        tensor = tensor_of(path, fields.get("dtype"), fields.get("shape"))
        if tensor is None:
            raise _not_safetensors(path, f"{name!r} has no dtype and shape")
        tensors[name] = tensor
    return tensors


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


def _not_safetensors(path: str, reason: str) -> IntegrityError:
    return IntegrityError(
        f"{path} is not a safetensors file: {reason}",
        hint="`hfpin verify` tells whether these are the bytes that were locked.",
    )


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
