"""The index of a sharded checkpoint: which file holds which tensor.

`weight_map` gives each tensor its file, `metadata.total_size` the bytes of all tensors
(huggingface_hub, `serialization/_base.py`).
"""

from __future__ import annotations

from hfpin.dataclass import dataclass
from hfpin.tensors.bounded import load_object
from hfpin.tensors.values import MalformedError

LONGEST = 32 << 20
"""Bytes that an index may have: as a header of safetensors, which holds more of the same tensors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightIndex:
    """An index.

    Args:
        shards: Each file that it names, relative to itself, with the names of its tensors.
        total_size: Bytes of all tensors; None where it does not say.
    """

    shards: dict[str, frozenset[str]]
    total_size: int | None


def read_index(path: str, data: bytes) -> WeightIndex:
    """Read an index.

    Raises:
        MalformedError: It is none.
    """
    try:
        found = load_object(data)
    except ValueError as error:
        raise _malformed(path, f"it {error}") from None
    weight_map, metadata = found.get("weight_map"), found.get("metadata")
    if not isinstance(weight_map, dict) or not all(isinstance(file, str) for file in weight_map.values()):
        raise _malformed(path, "it has no weight_map")
    if not weight_map:
        raise _malformed(path, "its weight_map is empty")
    shards: dict[str, set[str]] = {}
    for tensor, file in weight_map.items():
        shards.setdefault(file, set()).add(tensor)
    total = metadata.get("total_size") if isinstance(metadata, dict) else None
    # some writers made it a float
    total_size = int(total) if isinstance(total, int | float) and total == total // 1 else None
    return WeightIndex(
        shards={file: frozenset(names) for file, names in sorted(shards.items())}, total_size=total_size
    )


def _malformed(path: str, reason: str) -> MalformedError:
    return MalformedError(path, "the index of a checkpoint", reason)
