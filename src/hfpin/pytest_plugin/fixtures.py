"""The fixtures: one for each pin, one that finds pins by name, and a Hub to play with."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from hfpin.lock import LockedPin
    from hfpin.operations.project import Project
    from hfpin.snapshot import Snapshot
    from hfpin.testing import LocalHub

_WARNINGS = pytest.StashKey[list[str]]()


def register(config: pytest.Config) -> None:
    """Make a fixture `hf_<name>` for each pin of the project's lock.

    Raises:
        pytest.UsageError: The lock or the settings cannot be used.
    """
    if not any((folder / "hfpin.lock").is_file() for folder in (config.rootpath, *config.rootpath.parents)):
        return  # before anything of hfpin is loaded: most projects of an environment have no pins
    from hfpin.errors import HfpinError
    from hfpin.lock import Lock
    from hfpin.operations.project import read_lock
    from hfpin.report.pinning import render_newer

    try:
        project = _project(config)
        lock = read_lock(project) if project.lock_path.is_file() else Lock()
    except HfpinError as error:
        raise pytest.UsageError(str(error)) from None
    config.stash[_WARNINGS] = list(render_newer(lock))
    names = [(name, locked) for locked in lock.pins for name in (locked.pin.name, *locked.pin.aliases)]
    holder = ModuleType("hfpin_pins")  # pytest looks for fixtures in modules and classes
    for name, locked in names:
        setattr(holder, f"hf_{name}", _fixture(f"hf_{name}", project, locked))
    config.pluginmanager.register(holder, "hfpin-pins")


def header(config: pytest.Config) -> list[str]:
    """Say what was odd about the lock."""
    return config.stash.get(_WARNINGS, [])


@pytest.fixture(scope="session")
def hf_snapshot(pytestconfig: pytest.Config) -> Callable[[str], Snapshot]:
    """Give the snapshot of a pin, by its name or its repo id."""
    from hfpin.errors import HfpinError
    from hfpin.operations.project import read_lock

    def snapshot(name: str) -> Snapshot:
        __tracebackhide__ = True
        try:
            project = _project(pytestconfig)
            return _open(project, read_lock(project).find(name))
        except HfpinError as error:
            pytest.fail(f"hfpin: {error}", pytrace=False)

    return snapshot


@pytest.fixture
def hf_local_hub() -> Iterator[LocalHub]:
    """Give a Hugging Face Hub of its own on loopback, empty and writable (needs `hfpin[testing]`)."""
    from hfpin.testing import LocalHub

    with LocalHub() as hub:
        yield hub


def _project(config: pytest.Config) -> Project:
    from hfpin.operations.project import find_root, open_project

    return open_project(find_root(config.rootpath), os.environ, Path.home())


def _open(project: Project, locked: LockedPin) -> Snapshot:
    from hfpin.operations.open_snapshot import open_snapshot

    return open_snapshot(project.places, locked)


def _fixture(name: str, project: Project, locked: LockedPin) -> Any:
    """Make the fixture of one pin. Its docstring is what `pytest --fixtures` shows."""
    from hfpin.errors import HfpinError
    from hfpin.report.numbers import human_size

    def pinned() -> Snapshot:
        __tracebackhide__ = True
        try:
            return _open(project, locked)
        except HfpinError as error:
            pytest.fail(f"hfpin: {error}", pytrace=False)

    pin = locked.pin
    pinned.__name__ = name
    pinned.__doc__ = f"{pin.repo} at {pin.commit[:8]}, {human_size(locked.size)}."
    return pytest.fixture(scope="session", name=name)(pinned)
