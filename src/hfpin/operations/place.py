"""Puts files where they belong: into the standard Hub cache, or into a `local_dir`."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Protocol

from hfpin import atomic
from hfpin.config import Link
from hfpin.dataclass import dataclass, field
from hfpin.errors import DestinationError
from hfpin.lock import LockedFile, LockedPin
from hfpin.operations.copying import copy_right
from hfpin.operations.sharing import share, share_blob
from hfpin.places import Places
from hfpin.repo import is_commit
from hfpin.snapshot import (
    FileState,
    full_state,
    is_as_recorded,
    is_inside,
    read_record,
    size_state,
    tree_listing,
    write_record,
)


class Destination(Protocol):
    """Where the files of a pin go. Its methods may be called from several threads, for different files."""

    @property
    def locked(self) -> LockedPin:
        """The pin."""

    @property
    def workshop(self) -> Path:
        """Where partial files gather, on the file system that they will stay on."""

    def begin(self, files: Sequence[LockedFile]) -> None:
        """Refuse what cannot be done, before the first byte."""

    def take(self, file: LockedFile) -> bool:
        """Put a file in place from what is on disk already, if it is."""

    def goal(self, file: LockedFile) -> Path:
        """Where the bytes of a file go once they are proven."""

    def settle(self, file: LockedFile) -> None:
        """Finish a file whose bytes are at their goal."""

    def finish(self, *, is_complete: bool) -> None:
        """Finish the pin, as far as it came."""


@dataclass(frozen=True, kw_only=True)  # without slots: it remembers its folders
class Cache:
    """The standard Hub cache.

    Args:
        places: Where the cache is.
        locked: The pin.
        write_refs: Whether to let the branch or tag that was asked for point at the commit, where the cache
            has none of that name.
        elsewhere: Where another cache has a file, whose bytes may be shared; None where there is none.
    """

    places: Places
    locked: LockedPin
    write_refs: bool
    elsewhere: Callable[[LockedFile], Path] | None = None
    _blobs: set[str] = field(default_factory=set)

    @cached_property
    def workshop(self) -> Path:
        """The folder of blobs."""
        return self.places.workshop(self.locked.pin.target)

    @cached_property
    def _snapshot(self) -> Path:
        return self.places.snapshot(self.locked.pin.target)

    def begin(self, files: Sequence[LockedFile]) -> None:  # noqa: ARG002  # a part of the protocol
        """See which blobs are there. None can be in the way: their names are digests."""
        self._blobs.update(entry.name for entry in os.scandir(self.workshop))

    def take(self, file: LockedFile) -> bool:
        """Use a blob that is there, and right, or share one of the other cache."""
        is_there = (
            file.digest.hex in self._blobs and full_state(self.goal(file), file)[0] is FileState.PRESENT
        )
        self._blobs.add(file.digest.hex)  # for the next file of the same bytes
        return is_there or (self.elsewhere is not None and self._share(file, self.elsewhere(file)))

    def _share(self, file: LockedFile, source: Path) -> bool:
        goal = self.goal(file)
        beside = goal.with_name(f".{goal.name}.{os.getpid()}.hfpin")
        beside.unlink(missing_ok=True)
        try:
            if not share_blob(Path(os.path.realpath(source)), beside):
                return False
        except OSError:
            return False  # copied instead, which says what is wrong with it
        if full_state(beside, file)[0] is not FileState.PRESENT:
            beside.unlink()  # copied instead, which says what is wrong with it
            return False
        beside.replace(goal)
        return True

    def goal(self, file: LockedFile) -> Path:
        """The blob."""
        return self.workshop / file.digest.hex

    def settle(self, file: LockedFile) -> None:
        """Let the snapshot's name stand for the blob."""
        up = "../" * (file.path.count("/") + 2)
        _link(self._snapshot / file.path, f"{up}blobs/{file.digest.hex}", self.goal(file))

    def finish(self, *, is_complete: bool) -> None:
        """Tell huggingface_hub what the commit holds, so that it need not ask, and what it is called."""
        if not is_complete:
            return
        pin = self.locked.pin
        folder = self.places.repo_folder(pin.repo)
        if pin.target.patterns.keep_all:  # else we do not know all that the commit holds
            _write_new(folder / "trees" / f"{pin.commit}.json", tree_listing(self.locked.files))
        if self.write_refs and not is_commit(pin.revision):
            _write_new(folder / "refs" / pin.revision, pin.commit.encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalDir:
    """A folder of the project, with files under their own names.

    What somebody else put there, or edited, is never replaced.

    Args:
        places: Where the project is.
        locked: The pin.
        link: Whether a file that the cache has may share its bytes.
    """

    places: Places
    locked: LockedPin
    link: Link
    _record: dict[str, str] = field(default_factory=dict)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    @property
    def workshop(self) -> Path:
        """The folder of the record."""
        return self.places.workshop(self.locked.pin.target)

    def begin(self, files: Sequence[LockedFile]) -> None:
        """Look for files in the way, and take away our own that the pin no longer has.

        Raises:
            DestinationError: A file is in the way. Nothing was touched.
        """
        target = self.locked.pin.target
        self._record.update(read_record(self.places, target))
        for file in files:
            self._refuse_foreign(file)
        folder = self.places.snapshot(target)
        for path in self._record.keys() - {file.path for file in self.locked.files}:
            recorded = self._record.pop(path)
            if is_inside(folder, path) and _is_ours(folder / path, recorded):
                (folder / path).unlink(missing_ok=True)

    def _refuse_foreign(self, file: LockedFile) -> None:
        path = self.goal(file)
        state, _ = full_state(path, file)
        if state in (FileState.PRESENT, FileState.MISSING):
            return
        if not _is_ours(path, self._record.get(file.path)):
            raise DestinationError(
                f"{path} is in the way: it is not what hfpin put there",
                hint="Move it elsewhere, or choose another local_dir. Nothing in the folder was touched.",
            )

    def take(self, file: LockedFile) -> bool:
        """Keep a file that is right, or share the cache's."""
        goal = self.goal(file)
        if full_state(goal, file)[0] is FileState.PRESENT:
            return True
        blob = self.places.blob(self.locked.pin.repo, file)
        may_share = self.link == "auto"
        look = full_state if may_share else size_state  # what is copied is hashed on the way
        if look(blob, file)[0] is not FileState.PRESENT:
            return False
        goal.parent.mkdir(parents=True, exist_ok=True)
        beside = self.workshop / f"{file.digest.hex}.hfpin"  # its own name may be too long for more
        beside.unlink(missing_ok=True)
        blob = blob.resolve()
        is_made = (may_share and share(blob, beside)) or copy_right(blob, beside, file)
        if is_made:
            beside.replace(goal)
        return is_made

    def goal(self, file: LockedFile) -> Path:
        """The file itself."""
        return self.places.snapshot(self.locked.pin.target) / file.path

    def settle(self, file: LockedFile) -> None:
        """Remember that it is ours."""
        with self._guard:
            self._record[file.path] = str(file.digest)

    def finish(self, *, is_complete: bool) -> None:
        """Write the record, of what there is."""
        del is_complete
        write_record(self.places, self.locked.pin.target, self._record)


def _is_ours(path: Path, recorded: str | None) -> bool:
    """Whether a file still is what hfpin wrote; one that is gone is."""
    if path.is_dir():
        return False
    try:
        return is_as_recorded(path, recorded)
    except FileNotFoundError:
        return True


def _write_new(path: Path, data: bytes) -> None:
    """Write a file that helps others and is needed by nobody, unless there is one."""
    with contextlib.suppress(OSError):
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            atomic.write(path, data, follow=False)


def _link(path: Path, relative: str, blob: Path) -> None:
    """Let a snapshot's name stand for a blob: by a relative link, as huggingface_hub has it.

    Where that is not to be had, as on Windows without the right to make one, huggingface_hub moves the blob
    to its name, and has no blob any more. A hard link leaves both and stores the bytes once as well; only
    where there are no hard links either they are stored twice.
    """
    with contextlib.suppress(OSError, NotImplementedError):
        path.symlink_to(relative)  # the one call that a new file in a known folder takes
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    # called by the digest: the file's own name may be as long as a name can be
    beside = path.with_name(f".{blob.name}.{os.getpid()}.hfpin")
    for way in (
        partial(beside.symlink_to, relative),
        partial(beside.hardlink_to, blob),
        partial(_copy, blob, beside),
    ):
        beside.unlink(missing_ok=True)
        try:
            way()
        except (OSError, NotImplementedError) as error:
            failure = error
        else:
            beside.replace(path)
            return
    raise failure


def _copy(source: Path, target: Path) -> None:
    import shutil  # here: few systems have no links, and it takes 5 ms to load

    shutil.copyfile(source, target)
