"""Bring one file: resumed where it stopped, hashed as it arrives, put in place only when it is right."""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Callable, Iterator
from io import FileIO
from pathlib import Path
from typing import BinaryIO

from hfpin.dataclass import dataclass, field
from hfpin.digest import Hasher
from hfpin.errors import DestinationError, IntegrityError, NetworkError, StoppedError
from hfpin.lock import LockedFile
from hfpin.operations.arriving import Opener, arriving
from hfpin.operations.copying import copy, hashed_behind, open_source, write_all
from hfpin.operations.cores import SpareCores
from hfpin.operations.partial import open_partial
from hfpin.operations.progress import Progress
from hfpin.operations.ranges import BUFFERS, FAST

_PIECE = 1 << 19
"""Bytes that are written and hashed at once."""

_SMALL = 1 << 20
"""Bytes below which a file gathers in memory: it costs less to fetch again than to keep a part of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How often to ask again, and how long to wait before it.

    Args:
        attempts: How often to ask in a row without getting a byte.
        wait: Seconds before the second try; doubled before each further one.
        longest: Seconds at most, also where the Hub asks for more.
    """

    attempts: int = 5
    wait: float = 1.0
    longest: float = 60.0

    def delay(self, tries: int, asked: float | None) -> float:
        """Seconds to wait after so many tries, where the Hub asks for `asked`."""
        return min(max(asked or 0.0, self.wait * 2.0 ** (tries - 1)), self.longest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """How a file came.

    Args:
        fetched: Bytes that came over the network, those of a failed try included.
        kept: Bytes that an earlier, broken-off fetch had brought.
    """

    fetched: int
    kept: int


def _sent_wrong(file: LockedFile, found: str) -> IntegrityError:
    """Blame the far side for a file whose bytes came wrong twice."""
    return IntegrityError(
        f"{file.path}: the Hub sent {found[:12]}…, "
        f"hfpin.lock says {file.digest.hex[:12]}… ({file.digest.algorithm})",
        hint="Nothing was put in place. Ask whoever keeps the proxy or mirror in between.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Downloader:
    """Brings files; several threads may use one.

    Args:
        progress: Told of every byte.
        patience: How often to ask again.
        stop: When set, a download ends with what it has.
        sleep: Waits a number of seconds, or until `stop` is set; None for the wait of `stop` itself.
        buffers: What large files' ranges are held in; shared by all of them.
        spoiled: Says who is to blame for a file whose bytes came wrong twice; it gets the hex digest of them.
        fast: Bytes a second from which one connection is enough for a large file.
        durable: Whether a large file must survive a power cut from the moment it is in place.
        source: Where a file is, if the far side is a disk: a large one is then read by no stream.
        spare: Lends cores to copy such a file with.
    """

    progress: Progress
    patience: Patience = field(default_factory=Patience)
    stop: threading.Event = field(default_factory=threading.Event)
    sleep: Callable[[float], object] | None = None
    buffers: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(BUFFERS))
    spoiled: Callable[[LockedFile, str], IntegrityError] = _sent_wrong
    fast: float = FAST
    durable: bool = True
    source: Callable[[LockedFile], Path] | None = None
    spare: SpareCores | None = None

    def bring(self, opener: Opener, file: LockedFile, beside: Path, target: Path) -> Brought:
        """Bring a file to `beside`, prove its digest, then move it to `target`.

        What `beside` holds from an earlier try is hashed and kept: only the rest is asked for. A small file
        gathers in memory, and is written when it is whole. A file whose digest is wrong is fetched once more
        from the start, then given up, and `target` is not touched.

        Args:
            opener: Opens the file.
            file: Its size and digest.
            beside: Where bytes gather: on the target's file system, and ours alone.
            target: Where the file belongs.

        Raises:
            IntegrityError: The Hub sends other bytes than the lock names, twice.
            HubError: The Hub refuses, or breaks off again and again. `beside` is kept.
            DestinationError: The disk refused. `beside` is kept.
            StoppedError: `stop` was set. `beside` is kept.
        """
        gather = self._in_memory if file.size < _SMALL else self._on_disk
        fetched = kept = 0
        found = ""
        for _ in range(2):
            hasher = Hasher(file.digest.algorithm, file.size)
            try:
                came = gather(opener, file, beside, hasher)
                fetched += came.fetched
                kept = kept or came.kept
                if hasher.digest() == file.digest:
                    _move(beside, target)
                    return Brought(fetched=fetched, kept=kept)
                beside.unlink()
            except OSError as error:
                raise DestinationError(
                    f"{target} cannot be written: {error.strerror or error}",
                    hint="Make room or mend the permissions, then run the same command again.",
                ) from error
            found = hasher.digest().hex
            self.progress.advance(-file.size)
        raise self.spoiled(file, found)

    def _in_memory(self, opener: Opener, file: LockedFile, beside: Path, hasher: Hasher) -> Brought:
        """Bring a small file, and write it in one go."""
        out = io.BytesIO()
        fetched = self._fill(opener, file, out, hasher.update)
        with open_partial(beside, "w") as whole:  # four calls of the system less than `write_bytes`
            write_all(whole, out.getvalue())
        return Brought(fetched=fetched, kept=0)

    def _on_disk(self, opener: Opener, file: LockedFile, beside: Path, hasher: Hasher) -> Brought:
        """Bring what is missing of a file, and append it to what is there."""
        with open_partial(beside, "a+") as out:
            kept = _take_up(out, file, hasher)
            self.progress.advance(kept)
            if self.source is None:
                with hashed_behind(hasher) as hashed:
                    fetched = self._fill(opener, file, out, hashed)
            else:
                fetched = self._copy(self.source(file), file, out, hasher)
            if self.durable:
                os.fsync(out.fileno())
        return Brought(fetched=fetched, kept=kept)

    def _copy(self, source: Path, file: LockedFile, out: FileIO, hasher: Hasher) -> int:
        """Append what is missing from a file of this machine. One that ends early has a digest that tells."""

        def advance(count: int) -> None:
            self.progress.advance(count)
            if self.stop.is_set():
                raise StoppedError(f"{file.path}: stopped at byte {out.tell()} of {file.size}")

        start = out.tell()
        if start == file.size:
            return 0  # and nothing is opened: what a broadcast brought is read from the shared disk once
        with open_source(source) as old:
            old.seek(start)
            return copy(old, out, hasher, limit=file.size - start, advance=advance, spare=self.spare)

    def _fill(
        self, opener: Opener, file: LockedFile, out: BinaryIO, hashed: Callable[[bytes | memoryview], None]
    ) -> int:
        """Append what is missing, asking again where the connection breaks. Gives the bytes that came."""
        have, fetched, tries = out.tell(), 0, 0
        while have < file.size:
            before = have
            try:
                for chunk in arriving(opener, have, file.size, self.buffers, fast=self.fast, plain=tries > 0):
                    if self.stop.is_set():
                        raise StoppedError(f"{file.path}: stopped at byte {have} of {file.size}")
                    fetched += chunk.came
                    for piece in _pieces(chunk.new):
                        write_all(out, piece)
                        hashed(piece)
                        have += len(piece)
                        self.progress.advance(len(piece))
                failure = _broken_off(file, have)
            except NetworkError as error:
                failure = error
            if have < file.size:
                tries = 1 if have > before else tries + 1
                if tries >= self.patience.attempts:
                    raise failure
                self._wait(self.patience.delay(tries, failure.retry_after))
        return fetched

    def _wait(self, seconds: float) -> None:
        if self.sleep is not None:
            self.sleep(seconds)
        elif self.stop.wait(seconds):
            raise StoppedError("stopped while waiting for the Hub")


def _pieces(data: bytes | memoryview) -> Iterator[bytes | memoryview]:
    """Cut what comes in one, MiB of it from Xet or a range, into what is written and hashed side by side."""
    if len(data) <= _PIECE:
        yield data
    else:
        whole = memoryview(data)
        yield from (whole[start : start + _PIECE] for start in range(0, len(data), _PIECE))


def _take_up(out: FileIO, file: LockedFile, hasher: Hasher) -> int:
    """Hash what is there already; start over where it is more than the file can hold."""
    size = out.tell()  # at its end: it is open for appending
    if size > file.size:
        out.truncate(0)
    if size:
        out.seek(0)
        hasher.take(out, size)
    return out.tell()


def _move(beside: Path, target: Path) -> None:
    try:
        beside.replace(target)
    except FileNotFoundError:  # the target's folder: most often it is there
        target.parent.mkdir(parents=True, exist_ok=True)
        beside.replace(target)


def _broken_off(file: LockedFile, have: int) -> NetworkError:
    return NetworkError(
        f"{file.path}: the Hub broke off at byte {have} of {file.size}",
        hint="Run the same command again: what was fetched is kept.",
    )
