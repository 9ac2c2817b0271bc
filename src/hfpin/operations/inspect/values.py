"""What an inspection finds."""

from __future__ import annotations

import enum
from pathlib import Path

from hfpin.dataclass import dataclass


class Trouble(enum.Enum):
    """What keeps a checkpoint from being whole."""

    MISSING = "missing"
    """Something names a file that is not there."""
    BROKEN = "broken"
    """A file is not what its name says, or cut short."""
    DIFFERS = "differs"
    """Two files say different things."""
    LACKS = "lacks"
    """A file that the model's class is loaded with is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that keeps a checkpoint from being whole.

    Args:
        path: The file, relative to the folder.
        trouble: What is the matter with it.
        reason: In words.
        cause: Who did it, in words; empty where nothing tells.
    """

    path: str
    trouble: Trouble
    reason: str
    cause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """One set of weights, in one format.

    Args:
        name: Its files' path without number and ending: `unet/diffusion_pytorch_model`.
        format: `safetensors`, `gguf`, `onnx`, or the ending of what is known by its name only.
        files: Its files that are there.
        size: Their bytes.
        tensors: How many tensors their headers tell of; None for a format without.
        parameters: How many numbers these hold; None as above.
        dtypes: How many tensors are of each type, the most frequent first.
    """

    name: str
    format: str
    files: tuple[str, ...]
    size: int
    tensors: int | None = None
    parameters: int | None = None
    dtypes: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """A folder that was looked at, by names, sizes and headers.

    Args:
        root: The folder.
        kind: `model`, `adapter` or `pipeline`, by the configs that are there; `files` for anything else.
        checkpoints: The weights, sorted by name and format.
        faults: What keeps it from being whole, sorted by path.
        notes: What is worth knowing and keeps nothing from working.
    """

    root: Path
    kind: str
    checkpoints: tuple[Checkpoint, ...] = ()
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether every file that something names is there, and is what it should be."""
        return not self.faults
