"""Reads config files of a project and finds their references; where no commit is to be written, says why."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from hfpin.dataclass import replace
from hfpin.errors import ConfigError
from hfpin.operations.project import Project, declaring_files, read_file
from hfpin.reference import NoSlot, Slot
from hfpin.scan import Scan, scan
from hfpin.vocabulary import Taught

OF_A_PIN = NoSlot(
    reason="a pin puts its file there, and hfpin.lock says what is in it",
    hint="Leave it as it is: what it needs is locked with that pin.",
)
_PAGES = (".md", ".markdown", ".mdx", ".rst")
_ON_A_PAGE = NoSlot(
    reason="it stands on a page, where no program reads a revision",
    hint="Pin it in the config of the program that loads it.",
)


def scan_file(path: Path, display: str, taught: Taught, *, root: Path) -> Scan:
    """Read one file and find its references.

    Args:
        path: The file.
        display: What to call it in messages.
        taught: What the project says about its own keys and values.
        root: The project's folder: what is not of it is not for hfpin to write to.

    Raises:
        ConfigError: It cannot be opened.
    """
    return scan_read(path, display, read_file(path, display), taught, root=root)


def scan_read(path: Path, display: str, data: bytes, taught: Taught, *, root: Path | None) -> Scan:
    """Find the references of a file that was read.

    Args:
        path: The file.
        display: What to call it in messages.
        data: Its content.
        taught: What the project says about its own keys and values.
        root: The project's folder, as above; None where any file is for hfpin to write to.
    """
    scanned = scan(display, data, taught)
    if _is_page(path):
        is_text = scanned.source is not None  # of a text nothing is told: that it is no YAML is no mistake
        return without_room(replace(scanned, unreadable=None) if is_text else scanned, _ON_A_PAGE)
    is_writable = any(isinstance(one.slot, Slot) for one in scanned.references)
    slot = _of_others(path, root) if is_writable and root is not None else None
    return scanned if slot is None else without_room(scanned, slot)


def without_room(scanned: Scan, slot: NoSlot) -> Scan:
    """Give a scan of a file that no commit is to be written into, for a reason that all of it shares."""
    return replace(scanned, references=tuple(replace(one, slot=slot) for one in scanned.references))


def _is_page(path: Path) -> bool:
    """Whether a file is written for people: Markdown, as a README or a model card.

    The front matter of a model card is YAML, and a key that is written into it is one that nobody reads.
    """
    return path.suffix.lower() in _PAGES


def outside(path: Path, root: Path) -> Path | None:
    """Tell where a file of the project leads by way of links, if that is not in the project."""
    real = os.path.realpath(path)
    return None if _is_below(real, os.path.realpath(root)) else Path(real)


def _of_others(path: Path, root: Path) -> NoSlot | None:
    """Why a file is not for hfpin to write to, if others look after it; a file that is named outside is."""
    real, top = os.path.realpath(path), os.path.realpath(root)
    if not _is_below(real, top):
        if not _is_named_in(path, root):
            return None
        return NoSlot(
            reason="a link leads to its file, out of the project",
            hint=f"Pin it where it is: {Path(real).as_posix()}",
        )
    folder = os.path.dirname(real)  # noqa: PTH120  # quick: of each file that names a repo
    while folder != top:
        if os.path.lexists(f"{folder}{os.sep}.git"):
            return NoSlot(
                reason="its file is of another git repository: a submodule, or a clone",
                hint=f"Pin it in that one: {Path(folder).as_posix()}",
            )
        folder = os.path.dirname(folder)  # noqa: PTH120  # as above
    return None


def _is_named_in(path: Path, root: Path) -> bool:
    """Whether a file stands in the project by its name, or by that of its folder without links."""
    if _is_below(os.path.abspath(path), os.path.abspath(root)):  # noqa: PTH100  # Path.resolve() follows links
        return True
    return _is_below(os.path.realpath(path.parent / "_"), os.path.realpath(root))


def _is_below(path: str, folder: str) -> bool:
    return path.startswith(folder if folder.endswith(os.sep) else f"{folder}{os.sep}")


def scan_declaring_files(project: Project) -> Iterator[Scan]:
    """Scan the declaring files one by one.

    Raises:
        ConfigError: There are none, or one of them cannot be read: what it declares would be missed.
    """
    taught = project.taught
    for path in declaring_files(project):
        scanned = scan_file(path, path.relative_to(project.root).as_posix(), taught, root=project.root)
        if scanned.unreadable is not None:
            position = scanned.unreadable.position
            raise ConfigError(
                f"{scanned.path}:{position.line}:{position.column}: could not be read: "
                f"{scanned.unreadable.reason}",
                hint="Mend the file: it may declare a pin.",
            )
        for invalid in scanned.invalid:
            position = invalid.position
            raise ConfigError(
                f"{scanned.path}:{position.line}:{position.column}: {invalid.text!r} is not a repo id",
                hint="A repo id is namespace/name, of letters, digits, '-', '_' and '.'.",
            )
        yield scanned
