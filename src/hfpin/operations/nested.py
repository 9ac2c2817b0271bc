"""Which project a file is of, where a repository holds several.

pre-commit runs its hooks at the top of a repository, whatever the folders of its projects are: a file is held
against the settings and the lock that are nearest to it, as if one stood there.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from hfpin import config
from hfpin.operations.files import expand, is_declaring, name_in
from hfpin.operations.project import Project
from hfpin.paths import LOCK_FILE


def by_project(
    project: Project, paths: Iterable[Path], here: Path, opened: Callable[[Path], Project]
) -> Iterator[tuple[Project, list[Path]]]:
    """Sort files by the project that each is of.

    A folder is a project of its own where it has an `hfpin.lock`, or a `pyproject.toml` with `[tool.hfpin]`.
    What the project that one stands in declares by its `files` is its own, wherever it is.

    Args:
        project: The project that one stands in. It comes first, and with no file where none is given.
        paths: Files, or folders whose config files are all meant.
        here: The folder that the paths are relative to.
        opened: Opens the project in a folder.

    Raises:
        ConfigError: A path does not exist, or the settings of a project are wrong.
    """
    given = list(paths)
    of_folder: dict[str, str | None] = {os.path.abspath(project.root): None}  # noqa: PTH100  # Path.resolve() follows links
    sorted_: dict[str | None, list[Path]] = {}
    for path in expand(given):
        owner = _owner(os.path.dirname(os.path.abspath(here / path)), of_folder, project)  # noqa: PTH100, PTH120  # as above, and quick
        if owner is not None and is_declaring(project, name_in(project, path, here)):
            owner = None
        sorted_.setdefault(owner, []).append(path)
    own = sorted_.pop(None, [])
    if own or not sorted_:
        yield project, own or given
    for folder, files in sorted(sorted_.items(), key=str):
        yield opened(Path(folder or "")), files


def _owner(folder: str, of_folder: dict[str, str | None], project: Project) -> str | None:
    """The nearest folder up that is a project; None where that is the one that one stands in, or none is."""
    asked, owner = [folder], None
    while asked[-1] not in of_folder:
        if _is_project(asked[-1]):
            owner = None if _is_same(asked[-1], project.root) else asked[-1]
            break
        above = os.path.dirname(asked[-1])  # noqa: PTH120  # of each folder that has a file
        if above == asked[-1]:
            break
        asked.append(above)
    else:
        owner = of_folder[asked[-1]]
    of_folder.update(dict.fromkeys(asked, owner))
    return owner


def _is_project(folder: str) -> bool:
    if os.path.exists(f"{folder}{os.sep}{LOCK_FILE}"):  # noqa: PTH110  # of each folder that has a file
        return True
    try:
        with open(f"{folder}{os.sep}{config.FILE_NAME}", encoding="utf-8", errors="replace") as file:  # noqa: PTH123  # as above
            return config.is_ours(file.read())
    except OSError:
        return False


def _is_same(folder: str, root: Path) -> bool:
    """Whether a folder is the project's, perhaps by way of a link: a home on a cluster, macOS's /tmp."""
    try:
        return os.path.samefile(folder, root)  # noqa: PTH121  # as above
    except OSError:
        return False
