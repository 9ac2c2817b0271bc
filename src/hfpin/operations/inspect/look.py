"""Look at a folder: its weights by their headers, and what its configs say it needs."""

from __future__ import annotations

from collections import Counter

from hfpin.operations.inspect.files import Files
from hfpin.operations.inspect.needs import dtype_note, needs
from hfpin.operations.inspect.values import Fault, Inspection, Trouble
from hfpin.operations.inspect.weights import Weights

_ADAPTER = "adapter_config.json"
_KINDS = (
    (_ADAPTER, "adapter"),
    ("model_index.json", "pipeline"),
    ("config.json", "model"),
    ("modules.json", "model"),
)


def look(files: Files) -> Inspection:
    """Inspect files. Reads headers, indexes and configs; never weights, never a pickle.

    Args:
        files: The files.
    """
    weights = Weights(files)
    weights.look()
    kind = _kind(files)
    faults = [*weights.faults, *needs(files)] if kind != "adapter" else weights.faults
    if kind == "adapter" and not any(one.name == "adapter_model" for one in weights.checkpoints):
        faults.append(
            Fault(path="adapter_model.safetensors", trouble=Trouble.MISSING, reason=f"{_ADAPTER} is there")
        )
    dtypes: Counter[str] = Counter()
    for checkpoint in weights.checkpoints:
        if "/" not in checkpoint.name:
            dtypes.update(dict(checkpoint.dtypes))
    unique = dict.fromkeys(sorted(faults, key=lambda fault: (fault.path, fault.reason)))
    return Inspection(
        root=files.root,
        kind=kind,
        checkpoints=tuple(sorted(weights.checkpoints, key=lambda one: (one.name, one.format))),
        faults=tuple(unique),
        notes=(*weights.notes, *dtype_note(files, dtypes)),
    )


def _kind(files: Files) -> str:
    for name, kind in _KINDS:
        if name in files.sizes:
            return kind
    return "files"
