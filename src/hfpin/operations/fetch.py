"""Bring the files of pins: into the standard Hub cache, or into a `local_dir`."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import cast

from hfpin.digest import Algorithm, Digest, digest_of
from hfpin.errors import DestinationError, HfpinError
from hfpin.hub import Hub
from hfpin.lock import LockedFile, LockedPin
from hfpin.operations.download import Brought, Downloader
from hfpin.operations.plan import Plan, plan
from hfpin.paths import RECORD_DIR
from hfpin.snapshot import FileState, Places, full_state, read_record, write_record

_PARTIAL = ".hfpin.incomplete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What fetching one pin came to.

    Args:
        locked: The pin.
        files: How many files were brought or put in place.
        fetched: Bytes that came over the network.
        kept: Bytes that were there: from a broken-off fetch, or in the cache under another commit.
        error: Why it is not complete; None where it is.
    """

    locked: LockedPin
    files: int = 0
    fetched: int = 0
    kept: int = 0
    error: HfpinError | None = None


def fetch(
    places: Places,
    locked: LockedPin,
    hub: Hub,
    downloader: Downloader,
    *,
    again: tuple[LockedFile, ...] = (),
) -> Fetched:
    """Bring what is missing of a pin. With nothing missing this touches neither disk nor network.

    Args:
        places: Where files go.
        locked: The pin.
        hub: Where files come from.
        downloader: Brings them.
        again: Files to bring although they are there, because their bytes are wrong.
    """
    todo = plan(places, locked)
    missing = {file for file, _ in todo.states}
    extra = tuple((file, FileState.DIGEST) for file in again if file not in missing)
    todo = Plan(locked=locked, states=(*todo.states, *extra))
    if todo.is_complete:
        return Fetched(locked=locked)
    job = _Job(places=places, locked=locked, hub=hub, downloader=downloader)
    brought: list[Brought] = []
    downloader.progress.begin(locked, todo.size)
    try:
        with _held(job.workshop):
            brought.extend(job.run(todo))
    except HfpinError as error:
        return _sum(locked, brought, error)
    except OSError as error:
        failure = DestinationError(f"{places.snapshot(locked.pin.target)}: {error}", hint="Check the disk.")
        return _sum(locked, brought, failure)
    finally:
        downloader.progress.end()
    return _sum(locked, brought, None)


def _sum(locked: LockedPin, brought: list[Brought], error: HfpinError | None) -> Fetched:
    return Fetched(
        locked=locked,
        files=len(brought),
        fetched=sum(one.fetched for one in brought),
        kept=sum(one.kept for one in brought),
        error=error,
    )


@contextlib.contextmanager
def _held(workshop: Path) -> Iterator[None]:
    """Let one process at a time work on a repo's folder. The lock dies with its process."""
    from filelock import FileLock  # here: a fetch with nothing to do need not pay for it

    workshop.mkdir(parents=True, exist_ok=True)
    with FileLock(workshop / ".hfpin.lock"):
        yield


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """One pin being fetched."""

    places: Places
    locked: LockedPin
    hub: Hub
    downloader: Downloader

    @property
    def workshop(self) -> Path:
        """Where partial files gather, on the file system that they will stay on."""
        target = self.locked.pin.target
        if target.local_dir is None:
            return self.places.repo_folder(target.repo) / "blobs"
        return self.places.snapshot(target) / RECORD_DIR

    def run(self, todo: Plan) -> Iterator[Brought]:
        if self.locked.pin.target.local_dir is None:
            for file, _ in todo.states:
                yield self._into_cache(file)
        else:
            yield from self._into_local_dir(todo)

    def _download(self, file: LockedFile, target: Path) -> Brought:
        pin = self.locked.pin
        return self.downloader.bring(
            partial(self.hub.open, pin.repo, pin.commit, file.path),
            file,
            self.workshop / f"{file.digest.hex}{_PARTIAL}",
            target,
        )

    def _into_cache(self, file: LockedFile) -> Brought:
        """Bring a blob, unless it is there and right, and link the snapshot's name to it."""
        target = self.locked.pin.target
        blob = self.places.blob(target.repo, file)
        if full_state(blob, file)[0] is FileState.PRESENT:
            self.downloader.progress.advance(file.size)
            brought = Brought(fetched=0, kept=file.size)
        else:
            brought = self._download(file, blob)
        _link(blob, self.places.snapshot(target) / file.path)
        return brought

    def _into_local_dir(self, todo: Plan) -> Iterator[Brought]:
        """Bring files under their own names. What somebody else put there, or edited, is never replaced."""
        target = self.locked.pin.target
        folder = self.places.snapshot(target)
        record = read_record(self.places, target)
        here = {file.path for file, _ in todo.states if self._is_right_or_ours(folder, file, record)}
        for path in record.keys() - {file.path for file in self.locked.files}:
            if _is_as_recorded(folder / path, record.pop(path)):
                (folder / path).unlink(missing_ok=True)
        try:
            for file, _ in todo.states:
                if file.path in here:
                    self.downloader.progress.advance(file.size)
                    yield Brought(fetched=0, kept=file.size)
                else:
                    yield self._download(file, folder / file.path)
                record[file.path] = str(file.digest)
        finally:
            write_record(self.places, target, record)

    def _is_right_or_ours(self, folder: Path, file: LockedFile, record: dict[str, str]) -> bool:
        """Whether a file is already what the lock says.

        Raises:
            DestinationError: Another file is in its place, and hfpin did not put it there as it is now.
        """
        path = folder / file.path
        state, _ = full_state(path, file)
        if state is FileState.PRESENT:
            return True
        if state is not FileState.MISSING and not _is_as_recorded(path, record.get(file.path)):
            raise DestinationError(
                f"{path} is in the way: it is not what hfpin put there",
                hint="Move it elsewhere, or choose another local_dir. Nothing in the folder was touched.",
            )
        return False


def _is_as_recorded(path: Path, recorded: str | None) -> bool:
    """Whether a file still is what hfpin wrote; one that is gone is."""
    algorithm, _, expected = (recorded or "").partition(":")
    try:
        digest = Digest(cast("Algorithm", algorithm), expected)
    except ValueError:
        return False
    try:
        with path.open("rb") as file:
            return digest_of(file, digest.algorithm, os.fstat(file.fileno()).st_size) == digest
    except FileNotFoundError:
        return True


def _link(blob: Path, path: Path) -> None:
    """Let a snapshot's name stand for a blob: by a relative link, or a copy where links are not to be had."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.hfpin")
    beside.unlink(missing_ok=True)
    try:
        beside.symlink_to(os.path.relpath(blob, path.parent))
    except (OSError, NotImplementedError):
        shutil.copyfile(blob, beside)
    beside.replace(path)
