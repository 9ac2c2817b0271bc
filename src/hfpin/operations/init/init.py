"""What hfpin finds in a repo, and what it adds there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from hfpin import atomic
from hfpin.config import FILE_NAME, loads
from hfpin.dataclass import dataclass
from hfpin.errors import ConfigError
from hfpin.globs import is_match
from hfpin.operations.init import dodo, settings, stanza
from hfpin.operations.init.change import Change, Refused
from hfpin.operations.project import Project, is_excluded
from hfpin.operations.scanning import outside, scan_file
from hfpin.reference import Reference, Status
from hfpin.scan import READERS


@dataclass(frozen=True, slots=True, kw_only=True)
class Initialized:
    """What was found, and what is to be added.

    Args:
        files: How many config files were read.
        references: What they mention, in the order of their paths.
        changes: What is added; files that have it already are not among them.
        refused: Files that nothing can be added to.
        outside: Files that mention a repo without a commit and do not declare, once all is added.
    """

    files: int
    references: tuple[Reference, ...]
    changes: tuple[Change, ...]
    refused: tuple[Refused, ...]
    outside: tuple[str, ...]


def decide(project: Project, *, has_doit: bool) -> Initialized:
    """Read the project's config files, and decide what to add. Nothing is written.

    Args:
        project: The project.
        has_doit: Whether doit is there, so that a dodo.py is of use; one that is there is taken in any case.

    Raises:
        ConfigError: A file cannot be opened.
    """
    names = [name for name in _config_files(project.root) if not is_excluded(project.config, name)]
    root, taught = project.root, project.taught
    scans = [scan_file(root / name, name, taught, root=root) for name in names]
    references = tuple(reference for scanned in scans for reference in scanned.references)
    mentioning = {reference.path for reference in references}
    before = {name: _read(project.root / name) for name in (stanza.NAME, FILE_NAME, dodo.NAME)}
    outcomes = [
        _hook(project.root, before[stanza.NAME]),
        settings.add_settings(before[FILE_NAME], names, mentioning),
    ]
    if has_doit or before[dodo.NAME] is not None:
        outcomes.append(dodo.add_tasks(before[dodo.NAME]))
    outcomes = [_unless_outside(root, one) if isinstance(one, Change) else one for one in outcomes]
    changes = tuple(one for one in outcomes if isinstance(one, Change))
    declaring = _declaring(project, changes)
    loose = dict.fromkeys(one.path for one in references if one.status is not Status.COMMIT)
    return Initialized(
        files=len(names),
        references=references,
        changes=changes,
        refused=tuple(one for one in outcomes if isinstance(one, Refused)),
        outside=tuple(name for name in loose if not any(is_match(name, glob) for glob in declaring)),
    )


def _hook(root: Path, before: bytes | None) -> Change | Refused | None:
    """Add the hook to the file that pre-commit reads: that at the top of the git repository."""
    for folder in (root, *root.parents):
        if folder != root and (folder / ".git").exists():
            top = folder / stanza.NAME
            return stanza.for_the_top(_read(top), Path(os.path.relpath(top, root)).as_posix())
        if (folder / ".git").exists():
            break
    return stanza.add_hook(before)


def _unless_outside(root: Path, change: Change) -> Change | Refused:
    """Refuse to add to a file that is not the project's: others may have a use for what a link leads to."""
    if change.before is None or outside(root / change.name, root) is None:
        return change
    return Refused(name=change.name, reason="it is a link that leads out of the project", text=change.added)


def _declaring(project: Project, changes: tuple[Change, ...]) -> tuple[str, ...]:
    """The globs of the files that declare, once the changes are made."""
    for change in changes:
        if change.name == FILE_NAME:
            return loads(change.after.decode("utf-8")).files
    return project.config.files


def write(project: Project, changes: tuple[Change, ...]) -> None:
    """Write what was decided: each file whole, or left as it was.

    Raises:
        ConfigError: A file cannot be written, or is not what it was when that was decided.
    """
    for change in changes:
        path = project.root / change.name
        if _read(path) != change.before:
            raise ConfigError(
                f"{change.name} was changed by someone else meanwhile", hint="Run `hfpin init` again."
            )
        try:
            atomic.write(path, change.after, follow=change.before is not None)  # else it leads to nothing
        except OSError as error:
            raise ConfigError(
                f"{change.name} cannot be written: {error.strerror}",
                hint="Check its permissions and the room on its disk: it is as it was.",
            ) from None


def _read(path: Path) -> bytes | None:
    try:
        return atomic.a_file(path).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ConfigError(
            f"{path.name} cannot be opened: {error.strerror}", hint="Check that you may read it."
        ) from None


def _config_files(root: Path) -> Iterator[str]:
    """The config files of a project, sorted; hidden folders, environments and packages are left out."""
    found = []
    for folder, folders, files in os.walk(root):
        folders[:] = [
            name
            for name in folders
            if not name.startswith(".")
            and name not in ("node_modules", "site-packages", "__pycache__")
            and not os.path.lexists(os.path.join(folder, name, "pyvenv.cfg"))  # noqa: PTH118  # for each folder
        ]
        found += [
            Path(folder, name) for name in files if Path(name).suffix in READERS and not name.startswith(".")
        ]
    yield from sorted(path.relative_to(root).as_posix() for path in found if path.is_file())
