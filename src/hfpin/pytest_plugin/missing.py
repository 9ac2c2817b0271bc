"""`--hf-missing`: what becomes of a test whose pin is not on disk. Each pin is decided once a session."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NoReturn, TypeVar, cast

import pytest

from hfpin.dataclass import dataclass, field, replace
from hfpin.pytest_plugin.sharing import Shared

if TYPE_CHECKING:
    from hfpin.errors import HfpinError
    from hfpin.lock import LockedFile, LockedPin
    from hfpin.operations.project import Project
    from hfpin.snapshot import Snapshot
    from hfpin.tensors import Tensor

Choice = Literal["fetch", "skip", "fail"]
Given = TypeVar("Given")


def choose(asked: str | None, *, is_offline: bool) -> Choice:
    """Decide what to do about missing pins.

    Args:
        asked: What the command line or the settings say.
        is_offline: Whether this run may not use the network. Then nothing is fetched, whoever asks for it.
    """
    if asked in (None, "fetch"):
        return "fail" if is_offline else "fetch"
    return cast("Choice", asked)


@dataclass(frozen=True, slots=True)
class _Refused:
    """Why a pin cannot be had."""

    error: HfpinError
    skips: bool

    def tell(self, name: str) -> NoReturn:
        """End the test that asked."""
        __tracebackhide__ = True
        if self.skips:
            raise pytest.skip.Exception(
                f"hfpin: {self.error.message}; `hfpin fetch {name}` brings it"
            ) from None
        raise pytest.fail.Exception(f"hfpin: {self.error}", pytrace=False) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """Sees to it that pins are on disk.

    Args:
        project: Where they go.
        choice: What to do about one that is not.
        is_offline: Whether the Hub may not be asked, not even for what is small.
        shared: What is shared with the other processes of this run.
        watched: Runs what takes long where the user sees it, after a line that says what it is.
    """

    project: Project
    choice: Choice
    is_offline: bool
    shared: Shared
    watched: Callable[[str, Callable[[], HfpinError | None]], HfpinError | None]
    _decided: dict[str, Snapshot | _Refused] = field(default_factory=dict)

    def snapshot(self, locked: LockedPin) -> Snapshot:
        """Give the snapshot of a pin, or end the test as was chosen."""
        __tracebackhide__ = True
        name = locked.pin.name
        if name not in self._decided:
            self._decided[name] = self._decide(locked)
        found = self._decided[name]
        if isinstance(found, _Refused):
            found.tell(name)
        return found

    def _decide(self, locked: LockedPin) -> Snapshot | _Refused:
        from hfpin.errors import HfpinError
        from hfpin.operations.open_snapshot import open_snapshot

        try:
            return open_snapshot(self.project.places, locked)
        except HfpinError as error:
            if self.choice != "fetch":
                return self._refused(error)
        failed = self._fetch(locked)
        if failed is not None:
            return _Refused(failed, skips=False)
        return open_snapshot(self.project.places, locked)

    def configs(self, locked: LockedPin) -> Path:
        """Give a folder with the small files of a pin, fetched unless we are offline, or end the test."""
        __tracebackhide__ = True
        from hfpin.operations.open_snapshot import open_snapshot
        from hfpin.operations.outline import outline
        from hfpin.operations.plan import plan

        places, part = self.project.places, outline(locked)
        if plan(places, replace(locked, files=part.files)).is_complete:
            return places.snapshot(locked.pin.target)
        if not self.is_offline:
            failed = self._fetch(part, is_part=True)
            if failed is not None:
                _Refused(failed, skips=False).tell(locked.pin.name)
        return self._or_refuse(locked, lambda: open_snapshot(places, part).path)

    def tensors(self, locked: LockedPin, files: tuple[LockedFile, ...]) -> dict[str, Tensor]:
        """Give the tensors of some files, asking the Hub unless we are offline, or end the test."""
        __tracebackhide__ = True
        from hfpin.hub import HuggingFaceHub
        from hfpin.operations.tensors import read_tensors

        hub = None if self.is_offline else HuggingFaceHub()
        return self._or_refuse(locked, lambda: read_tensors(self.project.places, locked, files, hub))

    def _or_refuse(self, locked: LockedPin, do: Callable[[], Given]) -> Given:
        __tracebackhide__ = True
        from hfpin.errors import HfpinError

        try:
            return do()
        except HfpinError as error:
            self._refused(error).tell(locked.pin.name)

    def _refused(self, error: HfpinError) -> _Refused:
        """Only what is missing is skipped: what is wrong stays wrong."""
        from hfpin.errors import DestinationError

        return _Refused(error, skips=self.choice == "skip" and isinstance(error, DestinationError))

    def _fetch(self, locked: LockedPin, *, is_part: bool = False) -> HfpinError | None:
        """Fetch what is missing of a pin, in one process of this run; give what went wrong there.

        Args:
            locked: The pin.
            is_part: Whether it names only a part of the files of its commit.
        """
        from hfpin.operations.plan import plan
        from hfpin.operations.room import to_bring
        from hfpin.report.numbers import human_size

        pin, places = locked.pin, self.project.places
        size = sum(file.size for file in to_bring(places, plan(places, locked)))
        config = replace(self.project.config, write_refs=False) if is_part else self.project.config
        what = f"{pin.name}-{pin.commit}" + ("-part" if is_part else "")
        text = f"hfpin: fetching {'the configs of ' if is_part else ''}{pin}, {human_size(size)}"
        project = replace(self.project, config=config)
        return self.watched(text, lambda: self.shared.once(what, lambda: _fetch(project, locked)))


def _fetch(project: Project, locked: LockedPin) -> HfpinError | None:
    from hfpin.errors import HfpinError
    from hfpin.hub import HuggingFaceHub
    from hfpin.operations.download import Downloader
    from hfpin.operations.drift import refuse_drift
    from hfpin.operations.fetch import Fetcher
    from hfpin.operations.plan import plan
    from hfpin.operations.project import read_lock
    from hfpin.operations.room import find_room
    from hfpin.report.progress import ProgressBar

    todo = plan(project.places, locked)
    if todo.is_complete:  # another process has brought it meanwhile
        return None
    try:
        refuse_drift(project, read_lock(project))
        for room in find_room(project.places, [todo]):
            room.refuse_shortage()
    except HfpinError as error:
        return error
    downloader = Downloader(progress=ProgressBar(sys.stderr))
    fetcher = Fetcher(
        places=project.places, config=project.config, hub=HuggingFaceHub(), downloader=downloader
    )
    return fetcher.fetch(locked).error
