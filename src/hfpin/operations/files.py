"""Which files a command is about, and what the project calls them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from hfpin.errors import ConfigError
from hfpin.globs import is_match
from hfpin.operations.project import Project, declaring_files, is_excluded
from hfpin.paths import LOCK_FILE
from hfpin.scan import READERS


def chosen_files(project: Project, paths: Iterable[Path], here: Path) -> dict[Path, str]:
    """Give the files that are meant, each once, in the order of their paths.

    Args:
        project: The project; its settings say what is left out.
        paths: Files, or folders whose config files are all meant; none for the project's declaring files.
        here: The folder that the paths are relative to.

    Returns:
        For each file, as it is called from `here`, its name in the project. A lock is no config.

    Raises:
        ConfigError: A path does not exist, or no file declares anything.
    """
    meant = list(paths) or [
        Path(os.path.relpath(path, here)) for path in declaring_files(project, or_named=True)
    ]
    named = {path: name_in(project, path, here) for path in expand(meant)}
    once: dict[str, Path] = {}  # a.yaml and /where/it/is/a.yaml are one file
    for path in sorted(named):
        once.setdefault(named[path], path)
    return {
        path: name
        for name, path in once.items()
        if path.name != LOCK_FILE and not is_excluded(project.config, name)
    }


def expand(paths: Iterable[Path]) -> Iterator[Path]:
    """Replace folders with the config files below them; hidden folders are left out.

    Raises:
        ConfigError: A path does not exist.
    """
    for path in paths:
        if path.is_dir():
            below = (inner for inner in path.rglob("*") if inner.suffix in READERS and inner.is_file())
            yield from (inner for inner in below if not _is_hidden(inner.relative_to(path)))
        elif path.exists():
            yield path
        else:
            raise no_such_file(path.as_posix())


def no_such_file(name: str) -> ConfigError:
    """What is said of a path that leads to nothing."""
    return ConfigError(f"{name} does not exist", hint="Check the path; it is relative to where you are.")


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts[:-1])


def name_in(project: Project, path: Path, here: Path) -> str:
    """What the project calls a file: its path from the root, with forward slashes.

    Args:
        project: The project.
        path: The file.
        here: What the path is relative to, where it is.
    """
    try:
        name = os.path.relpath(here / path, project.root)
        if name.startswith(os.pardir):  # by way of a link, perhaps: a home folder on a cluster, macOS's /tmp
            whole = here / path
            real = os.path.realpath(whole.parent)
            inside = os.path.relpath(os.path.join(real, whole.name), os.path.realpath(project.root))  # noqa: PTH118
            name = name if inside.startswith(os.pardir) else inside
    except ValueError:  # another drive
        return path.as_posix()
    return Path(name).as_posix()


def is_declaring(project: Project, name: str) -> bool:
    """Whether a file is one of those that declare the project's pins, by its name in the project."""
    return any(is_match(name, glob) for glob in project.config.files)
