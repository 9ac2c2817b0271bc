"""The fixtures: one for each pin, all of them, one found by name, and a Hub to play with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from hfpin.pytest_plugin import options

if TYPE_CHECKING:
    from hfpin.pytest_plugin.value import PinnedSnapshot
    from hfpin.testing import LocalHub

_WARNINGS = pytest.StashKey[list[str]]()
_IN_GENERAL = "A pin of hfpin.lock."


def register(config: pytest.Config) -> None:
    """Make a fixture `hf_<name>` for each pin of the project's lock.

    Their names are all that is read of a lock which is as it should be, until a test uses a pin.

    Raises:
        pytest.UsageError: The lock or the settings cannot be used.
    """
    options.check_missing(config)
    if not any((folder / "hfpin.lock").is_file() for folder in (config.rootpath, *config.rootpath.parents)):
        return  # before anything of hfpin is loaded: most projects of an environment have no pins
    is_read = config.getoption("showfixtures") or config.getoption("show_fixtures_per_test")
    names = None if is_read else _glance(config)
    described = _read(config) if names is None else dict.fromkeys(names, _IN_GENERAL)
    holder = ModuleType("hfpin_pins")  # pytest looks for fixtures in modules and classes
    for own, text in described.items():
        for name in own:
            setattr(holder, f"hf_{name}", _fixture(config, own[0], name, text))
    config.pluginmanager.register(holder, "hfpin-pins")


def _glance(config: pytest.Config) -> tuple[tuple[str, ...], ...] | None:
    """Give the names of each pin; None where the lock has to be read to tell, or to tell what is wrong."""
    from hfpin.glance import names_in
    from hfpin.paths import LOCK_FILE
    from hfpin.places import find_root

    path = find_root(config.rootpath) / LOCK_FILE
    try:
        return names_in(path.read_text(encoding="utf-8")) if path.is_file() else ()
    except (OSError, UnicodeDecodeError):
        return None


def _read(config: pytest.Config) -> dict[tuple[str, ...], str]:
    """Read the lock and begin to serve it; give the names of each pin, and what describes it."""
    from hfpin.errors import HfpinError
    from hfpin.operations.project import read_lock
    from hfpin.pytest_plugin import session

    try:
        project = session.open_project_of(config)
        if not project.lock_path.is_file():
            return {}
        lock = read_lock(project)
    except HfpinError as error:
        raise pytest.UsageError(str(error)) from None
    if lock.newer_version is not None:
        from hfpin.report.newer import render_newer

        config.stash[_WARNINGS] = list(render_newer(lock))
    pins = session.start(config, project, lock).pins
    return {(pin.name, *pin.locked.pin.aliases): _described(config, pin) for pin in pins.values()}


def header(config: pytest.Config) -> list[str]:
    """Say what was odd about the lock."""
    return config.stash.get(_WARNINGS, [])


@pytest.fixture(scope="session")
def hf_pins(pytestconfig: pytest.Config) -> Mapping[str, PinnedSnapshot]:
    """Give every pin of hfpin.lock, by its name."""
    from hfpin.pytest_plugin import session
    from hfpin.pytest_plugin.refusing import failing

    with failing():
        return session.current(pytestconfig).pins


@pytest.fixture(scope="session")
def hf_snapshot(pytestconfig: pytest.Config) -> Callable[[str], PinnedSnapshot]:
    """Give what finds a pin, by its name or its repo id."""
    from hfpin.pytest_plugin import session
    from hfpin.pytest_plugin.refusing import failing

    def snapshot(name: str) -> PinnedSnapshot:
        __tracebackhide__ = True
        with failing():
            return session.current(pytestconfig).find(str(name))  # None, say, of a variable that is not set

    return snapshot


@pytest.fixture
def hf_local_hub() -> Iterator[LocalHub]:
    """Give a Hugging Face Hub of its own on loopback, empty and writable (needs `hfpin[testing]`)."""
    try:
        from hfpin.testing import LocalHub
    except ModuleNotFoundError as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None

    with LocalHub() as hub:
        yield hub


def _fixture(config: pytest.Config, pin: str, name: str, described: str) -> Any:
    """Make a fixture of one pin. Its docstring is what `pytest --fixtures` shows."""

    def pinned() -> PinnedSnapshot:
        from hfpin.pytest_plugin import session
        from hfpin.pytest_plugin.refusing import failing

        with failing():
            return session.current(config).pins[pin]

    pinned.__name__ = f"hf_{name}"
    pinned.__doc__ = described
    return pytest.fixture(scope="session", name=f"hf_{name}")(pinned)


def _described(config: pytest.Config, pin: PinnedSnapshot) -> str:
    """Describe a pin; whether it is on disk is looked at only where somebody will read it."""
    from hfpin.operations.plan import plan
    from hfpin.report.numbers import human_size

    locked = pin.locked
    what = f"{locked.pin.repo} at {pin.revision[:8]}, {human_size(locked.size)}"
    if not config.getoption("showfixtures"):
        return f"{what}."
    todo = plan(pin.supply.project.places, locked)
    return f"{what}, {'on disk' if todo.is_complete else f'{human_size(todo.size)} to fetch'}."
