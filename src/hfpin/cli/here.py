"""The project that one stands in, and what is meant of it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from hfpin.errors import ConfigError
from hfpin.operations.project import Project, open_project, read_lock
from hfpin.places import find_home, find_root

if TYPE_CHECKING:
    import argparse

    from hfpin.lock import Lock, LockedPin


def project_here() -> Project:
    """Open the project that the working directory is in.

    Raises:
        ConfigError: There is no such directory any more, or the project's settings are wrong.
    """
    try:
        here = Path.cwd()
    except FileNotFoundError:
        raise ConfigError("the folder that you stand in is gone", hint="Go to one that is there.") from None
    # a check on a laptop needs no scratch; what needs the cache says so when it does
    return open_project(find_root(here), os.environ, find_home(), needs_cache=False)


def lock_here(project: Project) -> Lock:
    """Read the lock, and say on stderr if it is of a newer kind than this hfpin knows."""
    lock = read_lock(project)
    if lock.newer_version is not None:
        from hfpin.report.newer import render_newer

        for line in render_newer(lock):
            print(line, file=sys.stderr)
    return lock


def chosen_pins(args: argparse.Namespace, lock: Lock) -> list[LockedPin]:
    """The pins named, or all; and before each what it cannot be loaded without."""
    return list(lock.with_dependencies(map(lock.find, args.names) if args.names else lock.pins))
