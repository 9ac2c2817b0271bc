"""Bring pins from the shared cache to a disk of this node: a fetch whose far side is a folder.

A thousand ranks that open the same 15 GB over a shared file system are how a job dies. Staged, each node
reads it once, every digest is checked on the way, and the ranks read a disk of their own.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from hfpin.config import Config
from hfpin.dataclass import dataclass
from hfpin.errors import IntegrityError, OfflineError
from hfpin.hub import Resolved, Stream
from hfpin.lock import LockedFile, LockedPin
from hfpin.operations.copying import open_source
from hfpin.operations.download import Downloader
from hfpin.operations.fetch import Fetcher
from hfpin.operations.fetched import Fetched
from hfpin.operations.open_snapshot import open_snapshot
from hfpin.operations.plan import plan
from hfpin.operations.progress import Progress
from hfpin.operations.room import find_room
from hfpin.operations.staged import staged, staged_places
from hfpin.places import Places
from hfpin.repo import Repo

_READ = 1 << 20


def stage(
    places: Places, pins: Sequence[LockedPin], folder: Path, config: Config, progress: Progress
) -> Iterator[Fetched]:
    """Copy pins to a folder of this node, each file hashed on the way. What is there is left as it is.

    Any number of processes of a node may do this at once: one copies, the others wait, and see its failure.
    Nothing is asked of the Hub.

    Args:
        places: Where the shared cache is.
        pins: The pins.
        folder: Where to; it gets a `hub` with the layout of the standard cache.
        config: How many files at once.
        progress: Told of every byte.

    Yields:
        What came of each pin.

    Raises:
        DestinationError: There is not enough room, or a pin is not complete in the shared cache.
    """
    goal = staged_places(places, folder)
    plans = [plan(goal, staged(locked)) for locked in pins]
    for locked, one in zip(pins, plans, strict=True):
        if not one.is_complete:
            open_snapshot(places, locked)
    for room in find_room(goal, plans):
        room.refuse_shortage(elsewhere="name a folder on a larger disk")
    shared = SharedCache(places, pins)
    fetcher = Fetcher(
        places=goal,
        config=config,
        hub=shared,
        # A node's disk lives as long as its job: what a power cut takes is staged again.
        downloader=Downloader(
            progress=progress, spoiled=shared.spoiled, durable=False, source=shared.path_of
        ),
        elsewhere=lambda locked, file: shared.find(locked.pin.repo, locked.pin.commit, file.path),
    )
    for one in plans:
        yield fetcher.fetch(one.locked)


@dataclass(frozen=True, slots=True)
class _Source:
    """A file of the shared cache."""

    path: Path
    file: LockedFile


class SharedCache:
    """Pins on disk, as the far side of a fetch (`hfpin.hub.Hub`).

    Args:
        places: Where they are.
        pins: The pins.
    """

    def __init__(self, places: Places, pins: Iterable[LockedPin]) -> None:
        self._sources = {
            (locked.pin.repo, locked.pin.commit, file.path): _Source(
                places.snapshot(locked.pin.target) / file.path, file
            )
            for locked in pins
            for file in locked.files
        }

    def find(self, repo: Repo, commit: str, path: str) -> Path:
        """Where a file is."""
        return self._sources[repo, commit, path].path

    def path_of(self, file: LockedFile) -> Path:
        """Where a file of any of the pins is."""
        return next(source.path for source in self._sources.values() if source.file == file)

    def spoiled(self, file: LockedFile, found: str) -> IntegrityError:
        """Say of a file which one on disk is not what the lock says."""
        return IntegrityError(
            f"{self.path_of(file)} is not what hfpin.lock says: {found[:12]}… is there, "
            f"{file.digest.hex[:12]}… ({file.digest.algorithm}) belongs there",
            hint="It was not staged. Where there is a network, `hfpin verify --repair` mends it.",
        )

    def resolve(self, repo: Repo, revision: str | None) -> Resolved:
        """Refuse: a cache knows commits, not what they are called today."""
        raise OfflineError(f"{repo} at {revision or 'its default branch'}: a cache cannot be asked for that")

    def files(self, repo: Repo, commit: str) -> tuple[LockedFile, ...]:
        """Give the files that pins keep of a commit."""
        return tuple(
            source.file for (of, at, _), source in self._sources.items() if (of, at) == (repo, commit)
        )

    @contextlib.contextmanager
    def open(  # noqa: PLR0913  # as the protocol has it
        self,
        repo: Repo,
        commit: str,
        path: str,
        *,
        start: int = 0,
        end: int | None = None,
        plain: bool = False,
    ) -> Iterator[Stream]:
        """Read a file from a byte on, to its end: there is nothing to gain from several ranges of a disk."""
        del end, plain
        with open_source(self.find(repo, commit, path)) as file:
            file.seek(start)
            yield Stream(start=start, chunks=iter(lambda: file.read(_READ), b""))

    def check_access(self, repo: Repo) -> None:
        """Say nothing: whether a file may be read is seen when it is."""
