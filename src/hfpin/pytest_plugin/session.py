"""What one pytest session knows of a project's pins."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest

from hfpin.dataclass import dataclass, field
from hfpin.pytest_plugin import missing, offline, options
from hfpin.pytest_plugin.loading import Loaded
from hfpin.pytest_plugin.missing import Supply
from hfpin.pytest_plugin.sharing import Shared
from hfpin.pytest_plugin.value import PinnedSnapshot

if TYPE_CHECKING:
    from hfpin.errors import HfpinError
    from hfpin.lock import Lock
    from hfpin.operations.project import Project

_SESSION = pytest.StashKey["Session"]()
_SHARED = pytest.StashKey[Shared]()


@dataclass(frozen=True, kw_only=True)
class Session:
    """The pins of a project, for the tests of one session.

    Args:
        project: The project.
        lock: Its lock.
        supply: Sees to it that pins are on disk.
        loaded: What tests have loaded so far.
        dtype: What fixtures that declare a dtype use instead; None for their own.
        device: What fixtures that declare a device use instead; None for their own.
    """

    project: Project
    lock: Lock
    supply: Supply
    loaded: Loaded = field(default_factory=Loaded)
    dtype: str | None = None
    device: str | None = None

    @cached_property
    def pins(self) -> Mapping[str, PinnedSnapshot]:
        """Every pin by its name, sorted."""
        made: dict[str, PinnedSnapshot] = {}
        pins = MappingProxyType(made)
        for locked in self.lock.pins:
            made[locked.pin.name] = PinnedSnapshot(
                locked=locked, lock=self.lock, pins=pins, supply=self.supply, loaded=self.loaded
            )
        return pins

    def find(self, name: str) -> PinnedSnapshot:
        """Give a pin by its name, an alias or its repo id.

        Raises:
            LockError: There is none, or the repo id stands for several pins.
        """
        return self.pins[self.lock.find(name).pin.name]


def open_project_of(config: pytest.Config) -> Project:
    """Open the project that pytest's root folder is in.

    Raises:
        ConfigError: `[tool.hfpin]` is wrong.
    """
    from hfpin.operations.project import open_project
    from hfpin.places import find_home, find_root

    return open_project(find_root(config.rootpath), os.environ, find_home())


def start(config: pytest.Config, project: Project, lock: Lock) -> Session:
    """Begin to serve the pins of a lock."""
    from hfpin.watch.offline import is_true

    shared = _shared(config)
    is_offline = offline.is_on(config) or is_true(os.environ.get("HF_HUB_OFFLINE"))
    supply = Supply(
        project=project,
        choice=missing.choose(options.said(config, "hf_missing"), is_offline=is_offline),
        is_offline=is_offline,
        shared=shared,
        watched=_on_terminal(config),
    )
    session = Session(
        project=project,
        lock=lock,
        supply=supply,
        dtype=options.said(config, "hf_dtype"),
        device=options.said(config, "hf_device"),
    )
    config.stash[_SESSION] = session
    config.add_cleanup(session.loaded.clear)
    return session


def _shared(config: pytest.Config) -> Shared:
    """Give what the processes of this run share."""
    if _SHARED not in config.stash:
        config.stash[_SHARED] = Shared.of(getattr(config, "workerinput", {}), os.environ)
        config.add_cleanup(config.stash[_SHARED].close)
    return config.stash[_SHARED]


def current(config: pytest.Config) -> Session:
    """Give the session of a project that has a lock; one that has none is told what to do.

    Raises:
        LockError: There is no lock, or it cannot be used.
        ConfigError: The settings cannot be used, or this run has no plugin that read them.
    """
    from hfpin.operations.project import read_lock

    if _SESSION not in config.stash:
        options.refuse_unloaded(config)
        project = open_project_of(config)
        if not project.lock_path.exists():
            _refuse_lock_below(config)
        return start(config, project, read_lock(project))
    return config.stash[_SESSION]


def _refuse_lock_below(config: pytest.Config) -> None:
    """Point out a lock that pytest's root folder is too high up for, where the running test is below one.

    Raises:
        LockError: There is one.
    """
    from shlex import quote

    from hfpin.errors import LockError
    from hfpin.operations.refusal import running_file
    from hfpin.paths import LOCK_FILE

    root = config.rootpath
    for folder in (root / running_file(os.environ)).parents:
        if root not in folder.parents:
            return
        if (folder / LOCK_FILE).is_file():
            raise LockError(
                f"there is no {LOCK_FILE} in {root}, which pytest takes for the root folder",
                hint=f"There is one in {folder}: pytest --rootdir={quote(str(folder))}, or a section for "
                "pytest in the pyproject.toml there.",
            )


def tell_worker(config: pytest.Config, workerinput: dict[str, object]) -> None:
    """Tell a worker of xdist what it shares with this process."""
    _shared(config).tell(workerinput)


def _on_terminal(
    config: pytest.Config,
) -> Callable[[str, Callable[[], HfpinError | None]], HfpinError | None]:
    """Give what runs something for long where the user sees it, whatever pytest captures."""

    def watched(text: str, do: Callable[[], HfpinError | None]) -> HfpinError | None:
        terminal = config.pluginmanager.getplugin("terminalreporter")
        capture = config.pluginmanager.getplugin("capturemanager")
        if terminal is None or capture is None:  # a worker of xdist, say
            return do()
        with capture.global_and_fixture_disabled():
            writer = config.get_terminal_writer()
            if writer.width_of_current_line:  # the dots of tests that have passed
                writer.line()
            terminal.write_line(text)
            return do()

    return watched
