"""Hold every byte on disk against the lock. Offline: the digests are in the lock."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from hfpin.dataclass import dataclass
from hfpin.lock import LockedFile, LockedPin
from hfpin.operations.cores import cores
from hfpin.operations.extra import extra_files, names_by_commit
from hfpin.operations.pool import each
from hfpin.places import Places
from hfpin.snapshot import FileState, full_state, size_state

_Item: TypeAlias = tuple[Path, LockedFile]
_Looked: TypeAlias = tuple[FileState, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A file that is not what the lock says.

    Args:
        file: What the lock says.
        state: What is the matter.
        found: What was found instead, as `full_state` gives it.
    """

    file: LockedFile
    state: FileState
    found: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """A pin whose files have all been looked at.

    Args:
        locked: The pin.
        faults: The files that are not what the lock says.
        extra: The files that nothing explains, by their paths in the snapshot.
    """

    locked: LockedPin
    faults: tuple[Fault, ...] = ()
    extra: tuple[str, ...] = ()

    @property
    def intruders(self) -> tuple[str, ...]:
        """The extra files that are wrong.

        In a `local_dir` people may keep files of their own. A folder of the cache that is named by a commit
        claims to be that commit: a file too many is as wrong there as one too few.
        """
        return self.extra if self.locked.pin.target.local_dir is None else ()

    @property
    def is_right(self) -> bool:
        """Whether the snapshot is what the lock says."""
        return not self.faults and not self.intruders


def verify(
    places: Places,
    pins: Sequence[LockedPin],
    *,
    quick: bool = False,
    others: Iterable[LockedPin] = (),
    workers: int | None = None,
) -> tuple[Verified, ...]:
    """Compare the files of pins with the lock.

    Args:
        places: Where files are.
        pins: The pins.
        quick: Compare names and sizes only, and read no content.
        others: Other pins of the lock: what they name is not extra.
        workers: How many files to read at once; one a core where None.

    Returns:
        What was found of each pin, in their order. Whatever the file system answers is a state of the file.
    """
    wanted = [(places.snapshot(locked.pin.target), locked) for locked in pins]
    items = {(folder / file.path, file): None for folder, locked in wanted for file in locked.files}
    looked = {item: size_state(*item) for item in items} if quick else _read(items, workers or cores())
    named = names_by_commit((*pins, *others))
    return tuple(
        Verified(
            locked=locked,
            faults=tuple(_faults(folder, locked, looked)),
            extra=extra_files(places, locked, named),
        )
        for folder, locked in wanted
    )


def _faults(folder: Path, locked: LockedPin, looked: Mapping[_Item, _Looked]) -> Iterator[Fault]:
    for file in locked.files:
        state, found = looked[folder / file.path, file]
        if state is not FileState.PRESENT:
            yield Fault(file=file, state=state, found=found)


def _read(items: Iterable[_Item], workers: int) -> dict[_Item, _Looked]:
    """Read every file once, also where several names lead to it, the largest first.

    So no core is left with a large file when the others are done. Hashing releases Python's global lock:
    threads are enough.
    """
    same: dict[object, list[_Item]] = {}
    for item in items:
        same.setdefault(_content(*item), []).append(item)
    groups = sorted(same.values(), key=lambda group: group[0][1].size, reverse=True)
    looked = each(_look, groups, jobs=workers, stop=threading.Event())
    return {item: state for group, state in looked for item in group}


def _look(same: list[_Item]) -> tuple[list[_Item], _Looked]:
    return same, full_state(*same[0])


def _content(path: Path, file: LockedFile) -> object:
    """What two names share that lead to the same bytes, held against the same digest."""
    try:
        status = path.stat()
    except OSError:
        return path, file
    return status.st_dev, status.st_ino, file.size, file.digest
