"""Tell whether a checkpoint is whole, by names, sizes and headers: of a pin, or of any folder or file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from hfpin.dataclass import replace
from hfpin.errors import DestinationError
from hfpin.lock import Lock, LockedPin
from hfpin.operations.inspect.files import files_of
from hfpin.operations.inspect.look import look
from hfpin.operations.inspect.pins import inspect_pin
from hfpin.operations.inspect.values import Checkpoint, Fault, Inspection, Trouble
from hfpin.paths import is_safe_path
from hfpin.places import Places
from hfpin.snapshot import files_below
from hfpin.tensors import MalformedError
from hfpin.weights import could_be_shard, is_index

__all__ = ["Checkpoint", "Fault", "Inspection", "Trouble", "inspect_all", "inspect_path", "inspect_pin"]


def inspect_all(
    places: Places, lock: Lock, names: Sequence[str], *, here: Path
) -> list[tuple[str, Inspection]]:
    """Inspect what is named: pins of the lock, else folders and files.

    Args:
        places: Where pins are.
        lock: The pins.
        names: Names, aliases or repo ids of pins, or paths; none for all pins of which something is here.
        here: The folder that paths are relative to.

    Raises:
        LockError: A repo is pinned more than once.
        DestinationError: A name is neither a pin nor a path, or nothing of a pin is here.
    """
    if not names:
        return [(one.pin.name, inspect_pin(places, one)) for one in lock.pins if _is_here(places, one)]
    found = []
    for name in names:
        is_pin = any(name in (*one.pin.names, one.pin.repo.repo_id) for one in lock.pins)
        if not is_pin:
            found.append((name, inspect_path(here / name)))
            continue
        locked = lock.find(name)
        if not _is_here(places, locked):
            raise DestinationError(
                f"{locked.pin} is not here, so there is nothing to inspect",
                hint=f"Where there is a network, `hfpin fetch {locked.pin.name}` brings it.",
            )
        found.append((locked.pin.name, inspect_pin(places, locked)))
    return found


def _is_here(places: Places, locked: LockedPin) -> bool:
    """Whether anything of a pin is on disk."""
    folder = places.snapshot(locked.pin.target)
    return any((folder / file.path).exists() for file in locked.files)


def inspect_path(path: Path) -> Inspection:
    """Inspect a folder, or one file with what it names beside it.

    Raises:
        DestinationError: There is no such file or folder, or it cannot be read.
    """
    try:
        if path.is_dir():
            names = [name for name in files_below(path) if not _is_hidden(name)]
            return _with_gone(look(files_of(path, names)), names)
        if path.is_file():
            return look(files_of(path.parent, (path.name, *_beside(path))))
    except OSError as error:
        raise DestinationError(f"{path} cannot be read: {error.strerror}", hint="Check the path.") from None
    raise DestinationError(f"there is no {path}", hint="Name a pin, a folder or a file.")


def _with_gone(found: Inspection, names: Sequence[str]) -> Inspection:
    """Add what only its link is left of: a purge takes a cache's blobs, and leaves the links of snapshots."""
    said = {fault.path for fault in found.faults}
    gone = [
        Fault(
            path=name, trouble=Trouble.MISSING, reason=f"its link leads to {(found.root / name).readlink()}"
        )
        for name in names
        if name not in said and (found.root / name).is_symlink() and not (found.root / name).exists()
    ]
    return replace(found, faults=tuple(sorted((*found.faults, *gone), key=lambda fault: fault.path)))


def _is_hidden(name: str) -> bool:
    return any(part.startswith(".") for part in name.split("/"))


def _beside(path: Path) -> list[str]:
    """The files beside one that it does not stand without: parts of a set, what an index or a model names."""
    if path.name.endswith(".onnx"):
        return _external(path)
    part = re.fullmatch(r"(?P<stem>.*-)\d{5}(?P<rest>-of-\d{5}\.\w+)", path.name)
    if part is None and not is_index(path.name):
        return []
    names = sorted(entry.name for entry in path.parent.iterdir() if entry.name != path.name)
    if part is not None:
        return [name for name in names if name.startswith(part["stem"]) and name.endswith(part["rest"])]
    return [name for name in names if could_be_shard(name, path.name)]


def _external(path: Path) -> list[str]:
    from hfpin.tensors.onnx import read_onnx

    files = files_of(path.parent, (path.name,))
    try:
        with files.reading(path.name) as read:
            found = read_onnx(path.name, read, files.sizes[path.name]).external
    except MalformedError:
        return []  # which is what an inspection will say
    names = (name.removeprefix("./") for name in found)
    return sorted(name for name in names if is_safe_path(name))
