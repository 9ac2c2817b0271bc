"""Fixtures under names of one's own, loaded in one's own way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hfpin.pytest_plugin import session
from hfpin.pytest_plugin.loading import load_to
from hfpin.pytest_plugin.refusing import failing


def pinned(
    pin: str,
    *,
    loader: Callable[..., Any] | None = None,
    file: str | None = None,
    dtype: Any = None,
    device: str | None = None,
    **kwargs: Any,
) -> Any:
    """Make a session-scoped fixture of a pin, for a conftest or a test module.

        mistral = hfpin.pytest.pinned("mistral", loader=AutoModel.from_pretrained, dtype="bfloat16")

    Args:
        pin: The pin, by its name or its repo id.
        loader: What loads it, given the folder as a string. Where None, the fixture is the pin itself, or
            with `file` that file's path.
        file: The file that the loader is given in place of the folder: `tokenizer.json`, say.
        dtype: The type of its weights: a name of torch's, or the type itself. `--hf-dtype` replaces it.
        device: Where it goes: `cpu`, `cuda:1`, `auto` for the best there is, … `--hf-device` replaces it.
        kwargs: What else the loader is given. This and the two above need a loader: a test whose fixture has
            none fails, and says so.

    Returns:
        The fixture; it is called what it is assigned to.
    """

    def load(pytestconfig: pytest.Config) -> Any:
        __tracebackhide__ = True
        with failing():
            if loader is None:
                _refuse_for_loader(dtype=dtype, device=device, **kwargs)
            run = session.current(pytestconfig)
            found = run.find(pin)
        if loader is None and file is None:
            return found
        folder = found.path
        source = folder if file is None else _file(found.files, folder, file)
        if loader is None:
            return source
        to_dtype = dtype if dtype is None else run.dtype or dtype
        to_device = device if device is None else run.device or device
        given = found.with_code(folder, kwargs)
        with failing():
            return run.loaded.load(load_to, (loader, str(source), to_dtype, to_device, given), {})

    how = "" if loader is None else f", loaded by {getattr(loader, '__qualname__', loader)}"
    load.__doc__ = f"The pin {pin!r}{how}."
    return pytest.fixture(scope="session")(load)


def _refuse_for_loader(**given: Any) -> None:
    """Refuse what only a loader has a use for, where there is none: the fixture would come without it.

    Raises:
        ConfigError: Something of it is said.
    """
    said = " and ".join(f"{name}=" for name, value in given.items() if value is not None)
    if said:
        from hfpin.errors import ConfigError

        raise ConfigError(
            f"this fixture is declared with {said} and without a loader, so nothing is loaded",
            hint="Add loader=AutoModel.from_pretrained, say, or leave that out.",
        )


def _file(files: tuple[str, ...], folder: Path, name: str) -> Path:
    __tracebackhide__ = True
    if name not in files:
        pytest.fail(f"hfpin: there is no {name!r} in this pin\nIt has: {', '.join(files)}.", pytrace=False)
    return folder / name
