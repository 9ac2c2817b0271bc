"""Objects that are loaded once a session, in the type and on the device that was asked for."""

from __future__ import annotations

import functools
import sys
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hfpin.errors import HfpinError

_TAKE_DTYPE = {"transformers": "dtype", "peft": "dtype", "diffusers": "torch_dtype"}
"""What libraries call the type to load weights in. With others, what was loaded is converted."""

_OLD_NAME = "torch_dtype"
_RENAMED = (4, 56)
"""The version of transformers that first calls it `dtype`."""


class Loaded:
    """What was loaded, by loader and arguments. What failed is not kept: the next who asks tries again."""

    def __init__(self) -> None:
        self._objects: dict[Any, Any] = {}
        self._turn = threading.RLock()  # a loader may load other pins

    def load(self, loader: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        """Call a loader, unless it was called with these arguments before."""
        __tracebackhide__ = True
        key = frozen((loader, args, dict(kwargs)))
        with self._turn:
            if key not in self._objects:
                self._objects[key] = loader(*args, **kwargs)
            return self._objects[key]

    def clear(self) -> None:
        """Let go of all of it."""
        self._objects.clear()


class _Same:
    """A value that is equal to itself alone, and is kept alive so that no other takes its place."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self._value is other._value

    def __hash__(self) -> int:
        return id(self._value)


def frozen(value: Any) -> Any:
    """Give something hashable that is equal for equal values of equal types: 1, 1.0 and True are three."""
    if isinstance(value, dict):
        return dict, frozenset((frozen(key), frozen(item)) for key, item in value.items())
    if isinstance(value, list | tuple):
        return type(value), tuple(frozen(item) for item in value)
    if isinstance(value, set | frozenset):
        return type(value), frozenset(frozen(item) for item in value)
    if isinstance(value, functools.partial):
        return functools.partial, frozen((value.func, value.args, value.keywords))
    try:
        hash(value)
    except TypeError:
        return _Same(value)
    return type(value), value


def load_to(
    loader: Callable[..., Any], source: str, dtype: Any, device: str | None, kwargs: Mapping[str, Any]
) -> Any:
    """Load a model in a type and on a device.

    Args:
        loader: Loads it.
        source: What it is given: a folder, or a file.
        dtype: The type: a name of torch's, such as `bfloat16`, or the type itself; `auto` for that of the
            weights; None to leave it to the loader.
        device: As torch names it; `auto` for the best there is; None to leave it to the loader.
        kwargs: What else the loader is given.

    Raises:
        ConfigError: There is no such type, or the object has no use for one.
    """
    __tracebackhide__ = True
    wanted = _torch_dtype(dtype)
    name = _dtype_name(loader)
    given = dict(kwargs)
    if wanted is not None and name is not None:
        given.setdefault(name, wanted)
    loaded = loader(source, **given)
    after: dict[str, Any] = {}
    if wanted not in (None, "auto") and name is None:
        after["dtype"] = wanted
    if device is not None:
        after["device"] = best_device() if device == "auto" else device
    if not after:
        return loaded
    if not hasattr(loaded, "to"):
        raise _takes_none(loaded, after)
    return loaded.to(**after)


def _torch_dtype(dtype: Any) -> Any:
    if not isinstance(dtype, str) or dtype == "auto":
        return dtype
    from hfpin.errors import ConfigError

    torch = _import_torch("dtype")
    found = getattr(torch, dtype.removeprefix("torch."), None)
    if not isinstance(found, torch.dtype):
        raise ConfigError(
            f"torch has no dtype {dtype!r}", hint="It has float32, bfloat16, float16, float64 and others."
        )
    return found


def _dtype_name(loader: Callable[..., Any]) -> str | None:
    """What the library that a loader is of calls the type to load weights in."""
    while isinstance(loader, functools.partial):
        loader = loader.func
    module: str | None = getattr(loader, "__module__", None)  # none for what is written in C or Rust
    library = (module or "").partition(".")[0]
    name = _TAKE_DTYPE.get(library)
    transformers = sys.modules.get("transformers")
    if name == "dtype" and transformers is not None:
        version = tuple(int(part) for part in transformers.__version__.split(".")[:2])
        return _OLD_NAME if version < _RENAMED else name
    return name


def best_device() -> str:
    """Name the best device there is: a GPU of our own where several processes share several."""
    import os

    torch = _import_torch("device")
    if torch.cuda.is_available():
        return f"cuda:{rank(os.environ) % torch.cuda.device_count()}"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def rank(environ: Mapping[str, str]) -> int:
    """Tell which of a machine's processes this is, as torchrun or xdist count; 0 where it is the only one."""
    local = environ.get("LOCAL_RANK", "")
    worker = environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
    return int(local) if local.isdecimal() else int(worker) if worker.isdecimal() else 0


def _import_torch(why: str) -> Any:
    try:
        import torch
    except ImportError:
        from hfpin.errors import ConfigError

        raise ConfigError(
            f"a {why} was asked for, and torch is not installed", hint="pip install torch"
        ) from None
    return torch


def _takes_none(loaded: Any, after: Mapping[str, Any]) -> HfpinError:
    from hfpin.errors import ConfigError

    kind = type(loaded)
    return ConfigError(
        f"{kind.__module__}.{kind.__qualname__} has no `to`, so it takes no {' or '.join(after)}",
        hint="Leave it out where the fixture is declared, or let a loader of your own see to it.",
    )
