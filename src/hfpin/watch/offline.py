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

_CONSTANTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "HF_HUB_OFFLINE": ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"),  # huggingface_hub, datasets, diffusers
        "HF_DATASETS_OFFLINE": ("HF_DATASETS_OFFLINE",),  # datasets
        "_is_offline_mode": ("TRANSFORMERS_OFFLINE", "HF_HUB_OFFLINE"),  # transformers before 5
        "HF_HUB_DISABLE_XET": ("HF_HUB_DISABLE_XET",),
        "HF_HUB_DISABLE_TELEMETRY": ("HF_HUB_DISABLE_TELEMETRY", "DISABLE_TELEMETRY"),
    }
)
"""Names under which modules keep what the variables said when they were imported."""


@contextlib.contextmanager
def offline(environ: MutableMapping[str, str], modules: Mapping[str, ModuleType]) -> Iterator[None]:
    """Keep huggingface_hub off the network, and put everything back afterwards.

    Libraries read the variables once, when they are imported. So the constants of those that were imported
    already, and of modules that took a copy, are set as well.

    Args:
        environ: The environment of this process.
        modules: The modules that were imported so far, as they become more.
    """
    before = {name: environ.get(name) for name in OFFLINE_VARIABLES}
    unset = {name: is_true(value) for name, value in environ.items() if name not in before}
    switches = unset | {name: is_true(value) for name, value in before.items()}
    environ.update(OFFLINE_VARIABLES)
    early = [(module, name) for module, name, value in _found(modules) if value is False]
    for module, name in early:
        setattr(module, name, True)
    known = {id(module) for module in list(modules.values())}
    _close_session(modules)
    try:
        yield
    finally:
        for module, name in early:
            setattr(module, name, False)
        for module, name, value in _found(modules):
            # one imported meanwhile has read our variables: it was not offline before
            if id(module) not in known and value is True:
                setattr(module, name, any(switches.get(variable) for variable in _CONSTANTS[name]))
        _close_session(modules)
        for name, old in before.items():
            if old is None:
                environ.pop(name, None)
            else:
                environ[name] = old


def is_true(value: str | None) -> bool:
    """Read a switch as `huggingface_hub.constants` does."""
    return value is not None and value.upper() in ("1", "ON", "YES", "TRUE")


def _found(modules: Mapping[str, ModuleType]) -> Iterator[tuple[ModuleType, str, object]]:
    """Find the constants in all modules, without waking one that is loaded lazily."""
    for module in list(modules.values()):
        names = getattr(module, "__dict__", None)
        if isinstance(names, dict):
            yield from ((module, name, names[name]) for name in _CONSTANTS if name in names)


def _close_session(modules: Mapping[str, ModuleType]) -> None:
    """Close huggingface_hub's session: a connection that stays open is not looked at again.

    A factory that somebody set stays set, and makes the next session.
    """
    close = getattr(modules.get("huggingface_hub.utils._http"), "close_session", None)
    if close is not None:
        close()
