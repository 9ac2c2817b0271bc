"""What the processes of one run share: a fetch, and its failure.

The run is that of one pytest with its xdist workers and forked children, or all that one torchrun has started
on a machine. Each of them knows the name of one folder, which is made when something is fetched.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hfpin.errors import HfpinError

_KEY = "hfpin_shared"
_STALE = 24 * 3600.0
"""Seconds after which the folder of a run that did not clean up is of no use to anybody."""


class Shared:
    """The folder that the processes of a run share.

    Args:
        name: Its name: the same in each process of a run, and in no other run.
        is_owner: Whether this process began the run and ends it, and takes the folder away.
        parent: The folder for temporary files.
    """

    def __init__(self, name: str, *, is_owner: bool, parent: Path | None = None) -> None:
        self._name = name
        self._is_owner = is_owner
        self._pid = os.getpid()
        self._parent = parent or Path(tempfile.gettempdir())
        self._folder = self._parent / f"{_prefix()}{name}"

    @classmethod
    def of(cls, workerinput: Mapping[str, Any], environ: Mapping[str, str]) -> Shared:
        """Name the folder of this run.

        A worker of xdist is told by the process that started it. What torchrun starts tells by its variables
        (https://docs.pytorch.org/docs/stable/elastic/run.html#environment-variables) and its parent; nobody
        knows which of them is the last, so the folder is left to age.

        Args:
            workerinput: What xdist gave a worker; empty where there is none.
            environ: The environment of this process.
        """
        told = workerinput.get(_KEY)
        if told is not None:
            return cls(told, is_owner=False)
        if "TORCHELASTIC_RUN_ID" in environ:
            names = ("TORCHELASTIC_RUN_ID", "TORCHELASTIC_RESTART_COUNT", "MASTER_PORT")
            known = "-".join(environ.get(name, "") for name in names)
            return cls(f"torchrun-{os.getppid()}-{known.encode().hex()[:100]}", is_owner=False)
        return cls(os.urandom(8).hex(), is_owner=True)

    def tell(self, workerinput: dict[str, Any]) -> None:
        """Tell a worker of xdist the name."""
        workerinput[_KEY] = self._name

    def once(self, what: str, do: Callable[[], HfpinError | None]) -> HfpinError | None:
        """Do something in one process of the run while the others wait; where it fails, it fails for all.

        Args:
            what: Names it, as part of a file name.
            do: Does it, and gives what went wrong. It is also called by those who waited for a success, and
                is quick then.

        Returns:
            What went wrong, here or in the process that came first.
        """
        with self._turn(what) as record:
            if record is None:
                return do()
            failed = _read(record)
            if failed is None:
                failed = do()
                if failed is not None:
                    record.write_text(json.dumps([failed.message, failed.hint]), encoding="utf-8")
            return failed

    def close(self) -> None:
        """Remove the folder, when the run is over."""
        if self._is_owner and self._pid == os.getpid():  # a forked child ends before its parent does
            shutil.rmtree(self._folder, ignore_errors=True)

    @contextlib.contextmanager
    def _turn(self, what: str) -> Iterator[Path | None]:
        """Hold the turn, and give the file that tells of a failure; None where nothing can be shared."""
        from filelock import FileLock

        try:
            self._make()
            lock = FileLock(self._folder / f"{what}.lock")
            lock.acquire()
        except (OSError, NotImplementedError):
            yield None  # each process for itself then: what they fetch into has turns of its own
            return
        try:
            yield self._folder / f"{what}.json"
        finally:
            lock.release()

    def _make(self) -> None:
        """Make the folder, for us alone. One that somebody else put there is not used.

        Raises:
            OSError: It cannot be made, or is not ours.
        """
        if not self._folder.exists():
            for old in self._parent.glob(f"{_prefix()}*"):
                if old.stat().st_mtime < time.time() - _STALE:
                    shutil.rmtree(old, ignore_errors=True)
        self._folder.mkdir(mode=0o700, exist_ok=True)
        status = self._folder.lstat()
        is_ours = not hasattr(os, "getuid") or status.st_uid == os.getuid()
        if not is_ours or not stat.S_ISDIR(status.st_mode):
            raise PermissionError(f"{self._folder} belongs to somebody else")


def _prefix() -> str:
    return f"hfpin-{os.getuid()}-" if hasattr(os, "getuid") else "hfpin-"


def _read(record: Path) -> HfpinError | None:
    from hfpin.errors import HfpinError

    try:
        message, hint = json.loads(record.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return HfpinError(message, hint=hint)
