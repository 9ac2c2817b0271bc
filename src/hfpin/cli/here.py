"""The project that one stands in, and what is meant of it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
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
    return _opened(find_root(here))


def projects_of(project: Project, paths: Sequence[Path]) -> Iterator[tuple[Project, list[Path]]]:
    """Sort paths from here by the project that each is of: most often all are of the one that one stands in.

    Raises:
        ConfigError: A path does not exist, or the settings of a project are wrong.
    """
    if not paths:
        return iter(((project, []),))
    from hfpin.operations.nested import by_project

    return by_project(project, paths, Path.cwd(), _opened_below)


def project_of(file: Path) -> Project:
    """Open the project that a file is of; of one that is not there, the project that one stands in.

    Raises:
        ConfigError: The settings of a project are wrong.
    """
    own = project_here()
    return next(project for project, _ in projects_of(own, [file] if file.is_file() else []))


def project_in(folder: Path | None) -> Project:
    """Open the project that a folder is in; None for the one that one stands in.

    Raises:
        ConfigError: It is no folder, or the project's settings are wrong.
    """
    if folder is None:
        return project_here()
    if not folder.is_dir():
        raise ConfigError(
            f"{folder.as_posix()} is no folder", hint="Name the folder of a project: hfpin lock --project ml."
        )
    return _opened_below(find_root(Path(os.path.abspath(folder))))  # noqa: PTH100  # Path.resolve() follows links


def _opened(root: Path) -> Project:
    # a check on a laptop needs no scratch; what needs the cache says so when it does
    return open_project(root, os.environ, find_home(), needs_cache=False)


def _opened_below(root: Path) -> Project:
    """Open another project than the one that one stands in: what is wrong with its settings says where."""
    try:
        return _opened(root)
    except ConfigError as error:
        raise ConfigError(f"{called_here(root)}: {error.message}", hint=error.hint) from None


def called_here(folder: Path) -> str:
    """What a folder is called from here."""
    try:
        return Path(os.path.relpath(folder)).as_posix()
    except ValueError:  # on another drive
        return folder.as_posix()


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
