"""Keeps huggingface_hub, and what builds on it, off the network."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, MutableMapping
from types import MappingProxyType, ModuleType

OFFLINE_VARIABLES: Mapping[str, str] = MappingProxyType(
    {
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "HF_DATASETS_OFFLINE": "1",
        # Xet's client is not Python: no guard of ours would see what it connects to.
        "HF_HUB_DISABLE_XET": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
    }
)
"""What makes huggingface_hub and the libraries on top of it stay offline, here and in child processes."""

_OFFLINE_CONSTANTS = ("HF_HUB_OFFLINE", "HF_HUB_DISABLE_XET", "HF_HUB_DISABLE_TELEMETRY")


@contextlib.contextmanager
def offline(environ: MutableMapping[str, str], modules: Mapping[str, ModuleType]) -> Iterator[None]:
    """Keep huggingface_hub off the network, and put everything back afterwards.

    It reads the variables once, when it is imported (`huggingface_hub.constants`), so where it was imported
    already the constants are set as well.

    Args:
        environ: The environment of this process.
        modules: The modules that were imported so far.
    """
    before = {name: environ.get(name) for name in OFFLINE_VARIABLES}
    environ.update(OFFLINE_VARIABLES)
    early = modules.get("huggingface_hub.constants")
    constants = {name: getattr(early, name) for name in _OFFLINE_CONSTANTS if hasattr(early, name)}
    for name in constants:
        setattr(early, name, True)
    try:
        yield
    finally:
        late = modules.get("huggingface_hub.constants")
        for name in _OFFLINE_CONSTANTS:
            if hasattr(
                late, name
            ):  # one imported meanwhile has read our variables: it was not offline before
                setattr(late, name, constants.get(name, is_true(before[name])))
        for name, value in before.items():
            if value is None:
                environ.pop(name, None)
            else:
                environ[name] = value


def is_true(value: str | None) -> bool:
    """Read a switch as `huggingface_hub.constants` does."""
    return value is not None and value.upper() in ("1", "ON", "YES", "TRUE")
