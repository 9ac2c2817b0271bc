"""Bring the files of a pin, several at once: into the standard Hub cache, or into a `local_dir`."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from hfpin.config import Config
from hfpin.dataclass import dataclass, replace
from hfpin.digest import Digest
from hfpin.errors import DestinationError, HfpinError
from hfpin.hub import Hub
from hfpin.lock import LockedFile, LockedPin
from hfpin.operations.cores import SpareCores, cores
from hfpin.operations.download import Brought, Downloader
from hfpin.operations.fetched import Fetched
from hfpin.operations.partial import Workshop
from hfpin.operations.place import Cache, Destination, LocalDir
from hfpin.operations.plan import plan
from hfpin.operations.pool import each
from hfpin.operations.preflight import preflight
from hfpin.operations.turn import turn
from hfpin.places import Places

_HEAVY = 16 << 20
"""Bytes of a file from which few come at once: each of them takes several connections, and memory."""

_HANDS = 3
"""Such files at once, of all `jobs`."""

_IDLE = 600.0
"""Seconds to wait for another process that fetches the same repo and gets no byte."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetcher:
    """Fetches pins.

    Args:
        places: Where files go.
        config: How many files at once, and how they are put in place.
        hub: Where files come from.
        downloader: Brings them.
        elsewhere: Where another cache has a file of a pin, whose bytes may be shared; None without one.
    """

    places: Places
    config: Config
    hub: Hub
    downloader: Downloader
    elsewhere: Callable[[LockedPin, LockedFile], Path] | None = None

    def fetch(self, locked: LockedPin, *, again: tuple[LockedFile, ...] = ()) -> Fetched:
        """Bring what is missing of a pin. With nothing missing it only looks at names and sizes on the disk.

        Where several processes are at it one fetches, and the others wait and find it done.

        Args:
            locked: The pin.
            again: Files to bring although they are there, because their bytes are wrong.
        """
        if not again and plan(self.places, locked).is_complete:
            return Fetched(locked=locked)
        brought: list[Brought] = []
        try:
            self._fetch(locked, again, brought)
        except HfpinError as error:
            return _sum(locked, brought, error)
        except BrokenPipeError:
            raise  # not the disk: nobody reads any more what is printed
        except OSError as error:
            place = error.filename2 or error.filename or self._destination(locked).workshop
            failure = DestinationError(
                f"{place}: {error.strerror or error}",
                hint="Move away what is in its place, or make room, then run the same command again.",
            )
            return _sum(locked, brought, failure)
        return _sum(locked, brought, None)

    def _fetch(self, locked: LockedPin, again: tuple[LockedFile, ...], brought: list[Brought]) -> None:
        """Take a turn and bring what is still missing, adding to `brought` as it comes."""
        destination = self._destination(locked)
        progress = self.downloader.progress
        with turn(destination.workshop, idle=_IDLE, waiting=progress.waiting):
            found = plan(self.places, locked)  # once more: another process may have brought it
            preflight(self.places, [found], self.hub)
            missing = [file for file, _ in found.states]
            missing += [file for file in again if file not in missing]
            progress.begin(locked, sum(file.size for file in missing))
            is_complete = False
            try:
                destination.begin(missing)
                for results in self._bring(destination, missing):
                    brought += results
                is_complete = True
            finally:
                destination.finish(is_complete=is_complete)
                progress.end()

    def _destination(self, locked: LockedPin) -> Destination:
        if locked.pin.target.local_dir is None:
            elsewhere = None if self.elsewhere is None else partial(self.elsewhere, locked)
            return Cache(
                places=self.places, locked=locked, write_refs=self.config.write_refs, elsewhere=elsewhere
            )
        return LocalDir(places=self.places, locked=locked, link=self.config.link)

    def _bring(self, destination: Destination, files: list[LockedFile]) -> Iterator[list[Brought]]:
        """Bring files, several at once; the first that fails stops the others."""
        groups = _by_digest(files)
        spare = SpareCores(cores(), files=len(groups), jobs=self.config.jobs)
        downloader = replace(self.downloader, stop=threading.Event(), spare=spare)
        pin = destination.locked.pin
        workshop = Workshop(destination.workshop)

        def bring(file: LockedFile) -> Brought:
            if destination.take(file):
                downloader.progress.advance(file.size)
                result = Brought(fetched=0, kept=file.size)
            else:
                opener = partial(self.hub.open, pin.repo, pin.commit, file.path)
                result = downloader.bring(opener, file, workshop.claim(file), destination.goal(file))
            destination.settle(file)
            return result

        def bring_all(same: list[LockedFile]) -> list[Brought]:
            try:
                return [bring(file) for file in same]
            finally:
                spare.done()

        is_remote = self.downloader.source is None
        heavy = [same for same in groups if is_remote and same[0].size >= _HEAVY]
        rest = groups[len(heavy) :]  # the largest are the first
        yield from each(
            bring_all, rest, jobs=self.config.jobs, stop=downloader.stop, heavy=heavy, hands=_HANDS
        )


def _by_digest(files: list[LockedFile]) -> list[list[LockedFile]]:
    """Put files of the same bytes together, for one thread; the largest first, so that none ends up alone."""
    groups: dict[Digest, list[LockedFile]] = {}
    for file in files:
        groups.setdefault(file.digest, []).append(file)
    return sorted(groups.values(), key=lambda same: -same[0].size)


def _sum(locked: LockedPin, brought: list[Brought], error: HfpinError | None) -> Fetched:
    return Fetched(
        locked=locked,
        files=len(brought),
        fetched=sum(one.fetched for one in brought),
        kept=sum(one.kept for one in brought),
        error=error,
    )
