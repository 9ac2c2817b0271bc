"""What the tasks of one run found, brought together by a folder that all of them see.

No library of a cluster is needed for it: a file for each task, written beside and renamed, and one that is
touched while the task lives, so that one that was killed is noticed.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypedDict

from hfpin import atomic
from hfpin.dataclass import dataclass
from hfpin.errors import DestinationError, HfpinError
from hfpin.lock import LockedPin
from hfpin.operations.partial import host_name
from hfpin.operations.shards import Shard
from hfpin.operations.verify import Fault, Verified
from hfpin.paths import RECORD_DIR
from hfpin.snapshot import FileState

_BEAT = 5.0
"""Seconds between two signs of life."""
_DEAD = 120.0
"""Seconds without one after which a task is given up."""


class _Said(TypedDict):
    """What a task's file says of one pin: paths with state and what was found; and extra files."""

    faults: list[tuple[str, str, str | None]]
    extra: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """The folder of one run, as one of its tasks meets it.

    Args:
        root: The project, on a file system that every task sees.
        run: Names the run.
        shard: The task's part.
        dead: Seconds without a sign of life after which a task is given up.
    """

    root: Path
    run: str
    shard: Shard
    dead: float = _DEAD

    @property
    def folder(self) -> Path:
        """Where results gather."""
        return self.root / RECORD_DIR / "runs" / self.run

    @contextlib.contextmanager
    def alive(self) -> Iterator[None]:
        """Show signs of life meanwhile.

        Raises:
            DestinationError: A link that came with the project leads to where nothing is to be written or
                removed.
        """
        place = Path(os.path.realpath(self.folder))
        if place != Path(os.path.realpath(self.root), RECORD_DIR, "runs", self.run):
            raise DestinationError(
                f"{self.folder} leads to {place}: results would go there",
                hint=f"Remove the link; {RECORD_DIR} has to be a folder of the project.",
            )
        self.folder.mkdir(parents=True, exist_ok=True)
        # A launcher in a container may give the next run the name of one that was killed.
        self._result(self.shard.number).unlink(missing_ok=True)
        atomic.ignore(self.root / RECORD_DIR)
        over = threading.Event()
        sign = self.folder / f"{self.shard.number}.alive"
        sign.unlink(missing_ok=True)  # a link would be written through

        def beat() -> None:
            while not over.is_set():
                with contextlib.suppress(OSError):
                    sign.write_text(host_name())
                over.wait(_BEAT)

        thread = threading.Thread(target=beat, daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def give(self, results: Sequence[Verified]) -> None:
        """Leave what this task found."""
        said: list[_Said] = [
            {
                "faults": [(fault.file.path, fault.state.name, fault.found) for fault in result.faults],
                "extra": list(result.extra),
            }
            for result in results
        ]
        atomic.write(self._result(self.shard.number), json.dumps(said).encode(), follow=False)

    def collect(self, pins: Sequence[LockedPin]) -> tuple[Verified, ...]:
        """Wait for all tasks and put together what they found; then the folder is removed.

        Args:
            pins: All pins, in the order in which every task verified them.

        Raises:
            HfpinError: A task showed no sign of life for too long.
        """
        merged = [Verified(locked=locked) for locked in pins]
        for number in range(self.shard.count):
            said: list[_Said] = json.loads(self._wait_for(number))
            merged = [_join(one, part) for one, part in zip(merged, said, strict=True)]
        shutil.rmtree(self.folder, ignore_errors=True)
        return tuple(merged)

    def _wait_for(self, number: int) -> bytes:
        seen, since = None, time.monotonic()
        while True:
            with contextlib.suppress(FileNotFoundError):
                return self._result(number).read_bytes()
            sign = self._sign_of(number)
            if sign != seen:
                seen, since = sign, time.monotonic()
            if time.monotonic() - since > self.dead:
                where = f" on {sign[1]}" if sign else ""
                raise HfpinError(
                    f"task {number} of {self.shard.count}{where} gave no result and no sign of life",
                    hint="See its output. Run the same command again: nothing was changed.",
                )
            time.sleep(0.05)

    def _sign_of(self, number: int) -> tuple[int, str] | None:
        path = self.folder / f"{number}.alive"
        try:
            return path.stat().st_mtime_ns, path.read_text()
        except OSError:
            return None

    def _result(self, number: int) -> Path:
        return self.folder / f"{number}.json"


def _join(one: Verified, said: _Said) -> Verified:
    files = {file.path: file for file in one.locked.files}
    faults = {fault.file.path: fault for fault in one.faults}
    for path, state, found in said["faults"]:
        faults[path] = Fault(file=files[path], state=FileState[state], found=found)
    extra = sorted({*one.extra, *said["extra"]})
    ordered = tuple(faults[path] for path in sorted(faults))
    return Verified(locked=one.locked, faults=ordered, extra=tuple(extra))
