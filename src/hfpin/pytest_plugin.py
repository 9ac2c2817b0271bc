"""The pytest host: a session-scoped fixture for each pin, and an offline that is offline.

pytest imports this module in every run of an environment that has hfpin, so it imports nothing but pytest and
the standard library; the rest is loaded where it is first needed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from hfpin.lock import LockedPin
    from hfpin.operations.project import Project
    from hfpin.snapshot import Snapshot
    from hfpin.testing import LocalHub

_OFFLINE = pytest.StashKey[ExitStack]()
_WARNINGS = pytest.StashKey[list[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add hfpin's options. Their defaults are None, so that a setting in a file can be told from none."""
    group = parser.getgroup("hfpin", "pinned Hugging Face repos")
    group.addoption(
        "--hf-offline",
        action="store_true",
        default=None,
        help="keep huggingface_hub and what builds on it off the network; pins must have been fetched",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Go offline before any conftest is imported: huggingface_hub reads its variables when it is."""
    if early_config.known_args_namespace.hf_offline:
        from hfpin.hub.offline import offline

        stack = early_config.stash.setdefault(_OFFLINE, ExitStack())
        stack.enter_context(offline(os.environ, sys.modules))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Put back what going offline changed."""
    stack = config.stash.get(_OFFLINE, None)
    if stack is not None:
        stack.close()


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Say in the header that this run is offline, and what was odd about the lock."""
    offline = ["hfpin: offline"] if _OFFLINE in config.stash else []
    return offline + config.stash.get(_WARNINGS, [])


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Make a fixture `hf_<name>` for each pin of the project's lock."""
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
