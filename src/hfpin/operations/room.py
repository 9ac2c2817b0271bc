"""What a fetch would bring, and whether there is room for it where it goes. Reads sizes, writes nothing."""

from __future__ import annotations

import contextlib
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from hfpin.dataclass import dataclass, field
from hfpin.errors import DestinationError
from hfpin.lock import LockedFile
from hfpin.operations.plan import Plan
from hfpin.operations.quota import Quota, find_quota
from hfpin.pin import Target
from hfpin.places import Places
from hfpin.snapshot import FileState

_BLOCK = 512
"""Bytes of one of `st_blocks`, whatever the file system's own blocks are (POSIX, sys/stat.h)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """One file system that a fetch would write to.

    Args:
        places: The Hub cache, or `local_dir`s, that are on it.
        needs: Bytes that would be written.
        free: Bytes that this user may write.
        needs_files: Files, links and folders that would be made.
        free_files: How many more the file system can hold; None where it does not count them.
        quota: What this user's quota leaves; None where there is none, or nobody says.
    """

    places: tuple[Path, ...]
    needs: int
    free: int
    needs_files: int
    free_files: int | None
    quota: Quota | None = None

    def refuse_shortage(self, *, elsewhere: str = "set [tool.hfpin] cache-dir to a larger disk") -> None:
        """Refuse to begin what cannot end.

        Args:
            elsewhere: What leads to another disk, for the hint.

        Raises:
            DestinationError: There is not enough room.
        """
        quota = self.quota or Quota(left=None, files_left=None)
        for what, needs, left, where in (
            ("bytes", self.needs, self.free, "are free"),
            ("bytes", self.needs, quota.left, "are left of your quota"),
            ("files (inodes)", self.needs_files, self.free_files, "are free"),
            ("files (inodes)", self.needs_files, quota.files_left, "are left of your quota"),
        ):
            if left is not None and needs > left:
                raise DestinationError(
                    f"{self.places[0]} has no room for {needs:,} {what}: "
                    f"{left:,} {where}, {needs - left:,} lack",
                    hint="Make room, narrow the patterns (`hfpin plan` shows what is largest), "
                    f"or {elsewhere}.",
                )


@dataclass(slots=True)
class _Sum:
    """What adds up on one file system."""

    at: Path
    places: dict[Path, None] = field(default_factory=dict)
    needs: int = 0
    files: int = 0


def to_bring(places: Places, plan: Plan) -> tuple[LockedFile, ...]:
    """Tell which files of a plan must come over the network.

    Not those that only need a link, because the cache has their bytes under another commit, and not those
    that are in a `local_dir` already and need only be hashed.
    """
    target = plan.locked.pin.target
    in_cache = target.local_dir is None
    blobs = {entry.name for entry in _entries(places.workshop(target))} if in_cache else set()
    return tuple(
        file
        for file, state in plan.states
        if state is not FileState.UNRECORDED
        and not (file.digest.hex in blobs and _is_blob_there(places, target, file))
    )


def find_room(places: Places, plans: Iterable[Plan]) -> tuple[Room, ...]:
    """Add up what plans would write, by the file systems that it goes to.

    A blob that two pins share counts once, and what a broken-off fetch left counts as there.

    Raises:
        DestinationError: A place cannot be looked at.
    """
    sums: dict[int, _Sum] = {}
    counted: set[Path] = set()
    for plan in plans:
        if plan.is_complete:
            continue
        target = plan.locked.pin.target
        workshop = places.workshop(target)
        begun = _begun(workshop)
        at = existing(workshop)
        try:
            device = at.stat().st_dev
        except FileNotFoundError:
            raise DestinationError(
                f"{at} is a link to {os.path.realpath(at)}, which is not there",
                hint="Make that folder, on a disk that was purged for instance, or remove the link.",
            ) from None
        except OSError as error:
            raise DestinationError(f"{at}: {error.strerror}", hint="Check the disk.") from None
        total = sums.setdefault(device, _Sum(at=at))
        total.places[places.cache_dir if target.local_dir is None else places.snapshot(target)] = None
        total.files += len(plan.states) + len({file.path.rpartition("/")[0] for file, _ in plan.states})
        for file in to_bring(places, plan):
            blob = (
                workshop / file.digest.hex
                if target.local_dir is None
                else places.snapshot(target) / file.path
            )
            if blob not in counted:
                counted.add(blob)
                total.files += target.local_dir is None  # a blob beside its link
                total.needs += max(0, file.size - begun.get(file.digest.hex, 0))
    return tuple(_room(total) for total in sums.values())


def existing(path: Path) -> Path:
    """The nearest folder up that exists: the one in which the rest would be made."""
    return next((folder for folder in (path, *path.parents) if os.path.lexists(folder)), path)


def _is_blob_there(places: Places, target: Target, file: LockedFile) -> bool:
    try:
        return places.blob(target.repo, file).stat().st_size == file.size
    except OSError:
        return False


def _begun(workshop: Path) -> dict[str, int]:
    """Bytes on disk of files that a broken-off fetch left, by the digest that their names begin with."""
    begun: dict[str, int] = defaultdict(int)
    for entry in _entries(workshop):
        digest, dot, _ = entry.name.partition(".")
        if dot:
            with contextlib.suppress(FileNotFoundError):  # another process is done with it
                # not its length: it may have holes
                begun[digest] += getattr(entry.stat(), "st_blocks", 0) * _BLOCK
    return begun


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            yield from entries
    except OSError:
        return  # nothing there yet, or nothing that we may see


def _room(total: _Sum) -> Room:
    counts = os.statvfs(total.at)
    return Room(
        places=tuple(total.places),
        needs=total.needs,
        free=counts.f_bavail * counts.f_frsize,
        needs_files=total.files,
        free_files=counts.f_favail if counts.f_files else None,  # btrfs and others have no fixed number
        quota=find_quota(total.at),
    )
