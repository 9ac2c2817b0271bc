"""Take away the files of a pin, and nothing that anybody else has a use for.

`look` gathers facts, `decide` judges them and touches nothing, `remove` does what was decided.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from hfpin.dataclass import dataclass, field, replace
from hfpin.errors import DestinationError
from hfpin.lock import LockedFile, LockedPin
from hfpin.operations.turn import turn
from hfpin.paths import RECORD_DIR, is_safe_path
from hfpin.places import Places
from hfpin.repo import Repo
from hfpin.snapshot import files_below, is_as_recorded, is_inside, read_record, write_record

_IDLE = 60.0
"""Seconds to wait for a fetch that does nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name in a snapshot of the cache.

    Args:
        blob: The blob that it links to; None where it is a file of its own, or a link to elsewhere.
        size: Bytes that it takes itself: 0 for a link.
    """

    blob: str | None
    size: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What is on disk where a pin's files go.

    Args:
        refs: For the cache: which commit each branch and tag points at.
        names: For the cache: every name in every snapshot of the repo.
        blobs: For the cache: the size of every blob of the repo.
        lent: For the cache: the blobs that files in a `local_dir` of another pin link to.
        ours: For a `local_dir`: the files that are as hfpin recorded them, with their sizes.
        foreign: For a `local_dir`: files that the lock or the record names and that are not, with the reason.
    """

    refs: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[Path, Name] = field(default_factory=dict)
    blobs: Mapping[str, int] = field(default_factory=dict)
    lent: Mapping[str, Path] = field(default_factory=dict)
    ours: Mapping[str, int] = field(default_factory=dict)
    foreign: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """What is to go, and what stays.

    Args:
        locked: The pin.
        files: What to delete, each with the bytes that it frees: names before the blobs that they link to.
        kept: What stays of it, each with the reason.
    """

    locked: LockedPin
    files: tuple[tuple[Path, int], ...]
    kept: tuple[tuple[Path, str], ...]

    @property
    def size(self) -> int:
        """Bytes that it frees."""
        return sum(size for _, size in self.files)


@contextlib.contextmanager
def undisturbed(places: Places, locked: LockedPin) -> Iterator[None]:
    """Keep fetches of the same repo, or into the same `local_dir`, waiting from `look` until after `remove`.

    Raises:
        DestinationError: A fetch holds the place for longer than `_IDLE` without getting on.
    """
    workshop = places.workshop(locked.pin.target)
    if not workshop.is_dir():
        yield  # nobody has fetched anything there
        return
    with turn(workshop, idle=_IDLE, waiting=lambda _: None):
        yield


def look(places: Places, locked: LockedPin, pins: Iterable[LockedPin]) -> Found:
    """Gather what `decide` has to know of the disk. Files of a `local_dir` are hashed.

    Args:
        places: Where files are.
        locked: The pin.
        pins: All pins of the lock.

    Raises:
        DestinationError: A folder cannot be listed, or a ref not be read.
    """
    try:
        if locked.pin.target.local_dir is None:
            found = _look_into_cache(places.repo_folder(locked.pin.repo))
            return replace(found, lent=_lent(places, locked.pin.repo, pins))
        return _look_into_local_dir(places, locked)
    except OSError as error:
        raise DestinationError(
            f"{error.filename} cannot be read: {error.strerror}",
            hint="Nothing was removed: who uses what could not be told. Mend the permissions first.",
        ) from None


def decide(places: Places, locked: LockedPin, pins: Iterable[LockedPin], found: Found) -> Removal:
    """Decide which files of a pin nobody else has a use for.

    A name in the cache goes unless another pin of the lock names the same file of the same commit. A blob
    goes unless another name links to it. In a `local_dir` only files that hfpin put there, unedited, go.

    Args:
        places: Where files are.
        locked: The pin.
        pins: All pins of the lock.
        found: What `look` gave.

    Raises:
        DestinationError: A branch or tag of the cache points at the commit: somebody asked for it by that.
    """
    target = locked.pin.target
    folder = places.snapshot(target)
    if target.local_dir is not None:
        return Removal(
            locked=locked,
            files=tuple((folder / path, size) for path, size in sorted(found.ours.items())),
            kept=tuple((folder / path, why) for path, why in sorted(found.foreign.items())),
        )
    for ref, commit in sorted(found.refs.items()):
        if commit == target.commit:
            raise DestinationError(
                f"{locked.pin} stays: {places.repo_folder(target.repo)} has it as {ref!r}",
                hint=f"Whoever asks for {ref!r} offline gets these files. "
                f"If nobody does, delete refs/{ref} there, then run this again.",
            )
    return _decide_in_cache(places, locked, pins, found)


def _decide_in_cache(places: Places, locked: LockedPin, pins: Iterable[LockedPin], found: Found) -> Removal:
    target = locked.pin.target
    folder = places.snapshot(target)
    users = {
        file.path: other.pin.name
        for other in pins
        if other.pin != locked.pin and places.snapshot(other.pin.target) == folder
        for file in other.files
    }
    kept = [
        (folder / file.path, f"{users[file.path]} uses it") for file in locked.files if file.path in users
    ]
    ours = [file for file in locked.files if file.path not in users]
    names = {
        folder / file.path: found.names[folder / file.path]
        for file in ours
        if folder / file.path in found.names
    }
    files = [(path, name.size) for path, name in names.items()]
    others = {name.blob: path for path, name in found.names.items() if path not in names}
    for blob in _blobs(places, locked, ours):
        if blob.name in others:
            user = others[blob.name].relative_to(folder.parent)
            kept.append((blob, f"snapshots/{user.as_posix()} uses it"))
        elif blob.name in found.lent:
            kept.append((blob, f"{found.lent[blob.name]} links to it"))
        elif blob.name in found.blobs:
            files.append((blob, found.blobs[blob.name]))
    return Removal(locked=locked, files=tuple(files), kept=tuple(kept))


def _blobs(places: Places, locked: LockedPin, files: Iterable[LockedFile]) -> Iterator[Path]:
    """The blobs of files, each once: two files of a commit can have the same bytes."""
    yield from dict.fromkeys(places.blob(locked.pin.repo, file) for file in files)


def remove(places: Places, removal: Removal) -> None:
    """Delete what was decided, and the folders that are empty then.

    Raises:
        DestinationError: The disk refused. What is left is found again by another `look`.
    """
    target = removal.locked.pin.target
    top = places.snapshot(target)
    try:
        for path, _ in removal.files:
            path.unlink(missing_ok=True)
        if target.local_dir is not None:
            _shorten_record(places, removal)
        for folder in sorted({folder for path, _ in removal.files for folder in path.parents}, reverse=True):
            if folder.is_relative_to(top):
                _remove_if_empty(folder)
    except OSError as error:
        raise DestinationError(
            f"{error.filename} cannot be removed: {error.strerror}",
            hint="Mend the permissions, then run the same command again.",
        ) from None


def _shorten_record(places: Places, removal: Removal) -> None:
    target = removal.locked.pin.target
    gone = {path.relative_to(places.snapshot(target)).as_posix() for path, _ in removal.files}
    record = {path: digest for path, digest in read_record(places, target).items() if path not in gone}
    if removal.kept:
        write_record(places, target, record)
        return
    folder = places.snapshot(target) / RECORD_DIR
    for path in _files(folder):
        path.unlink()
    for empty in (folder, *folder.parents[:2]):
        _remove_if_empty(empty)


def _remove_if_empty(folder: Path) -> None:
    with contextlib.suppress(OSError):  # it is not empty, or it is gone
        folder.rmdir()


def _look_into_cache(folder: Path) -> Found:
    refs = {
        ref: (folder / "refs" / ref).read_text(encoding="ascii", errors="replace").strip()
        for ref in files_below(folder / "refs")
    }
    names = {path: _name(path, folder / "blobs") for path in _files(folder / "snapshots")}
    blobs = {path.name: path.lstat().st_size for path in _files(folder / "blobs")}
    return Found(refs=refs, names=names, blobs=blobs)


def _lent(places: Places, repo: Repo, pins: Iterable[LockedPin]) -> dict[str, Path]:
    """The blobs of a repo that stand in a `local_dir` as links: where sharing bytes took no other way."""
    blobs = places.repo_folder(repo) / "blobs"
    paths = (
        places.snapshot(other.pin.target) / file.path
        for other in pins
        if other.pin.target.local_dir is not None and other.pin.repo == repo
        for file in other.files
    )
    links = ((_name(path, blobs).blob, path) for path in paths if path.is_symlink())
    return {blob: path for blob, path in links if blob is not None}


def _files(folder: Path) -> list[Path]:
    return [folder / path for path in sorted(files_below(folder))]


def _name(path: Path, blobs: Path) -> Name:
    if not path.is_symlink():
        return Name(blob=None, size=path.lstat().st_size)
    linked = Path(os.path.normpath(path.parent / path.readlink()))
    return Name(blob=linked.name if linked.parent == blobs else None)


def _look_into_local_dir(places: Places, locked: LockedPin) -> Found:
    target = locked.pin.target
    record = read_record(places, target)
    ours: dict[str, int] = {}
    foreign: dict[str, str] = {}
    folder = places.snapshot(target)
    for path in {file.path for file in locked.files} | {path for path in record if is_safe_path(path)}:
        place = folder / path
        if not os.path.lexists(place):
            continue
        if path not in record or not is_inside(folder, path):
            foreign[path] = "hfpin did not put it there"
        elif place.is_file() and is_as_recorded(place, record[path]):
            ours[path] = place.lstat().st_size
        else:
            foreign[path] = "it was edited"
    return Found(ours=ours, foreign=foreign)
