"""What the recorders of a run have to know, and what they wrote down."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from hfpin.dataclass import dataclass
from hfpin.lock import Lock
from hfpin.operations.project import Project
from hfpin.watch.access import Access
from hfpin.watch.recorder import FAULTS, RECORDS, LocalDir, Settings
from hfpin.watch.stack import Line

RepoKey = tuple[str, str]
"""A repo's type and id, as they were seen: not all that is in a cache is a repo that the Hub could have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One access, and where it came from.

    Args:
        access: What was opened or asked for.
        test: The test that was running; empty outside of any.
        lines: The lines of the user's code that were at work, from the innermost out; empty where none was on
            the stack.
    """

    access: Access
    test: str
    lines: tuple[Line, ...]

    @property
    def repo(self) -> RepoKey:
        """The repo's type and id."""
        return (self.access.repo_type, self.access.repo_id)


def settings_of(project: Project, lock: Lock, hosts: Iterable[str]) -> Settings:
    """Say what the recorders of a run have to know.

    Args:
        project: The project.
        lock: Its lock.
        hosts: The hosts of Hubs, with their ports where they have one.
    """
    local_dirs = tuple(
        LocalDir(
            str(project.places.snapshot(locked.pin.target).absolute()),
            locked.pin.repo.repo_type,
            locked.pin.repo.repo_id,
            locked.pin.commit,
        )
        for locked in lock.pins
        if locked.pin.target.local_dir is not None
    )
    return Settings(str(project.root.absolute()), tuple(sorted(set(hosts))), local_dirs)


def read_records(folder: Path) -> tuple[list[Seen], tuple[str, ...]]:
    """Read what the processes of a run wrote down.

    Returns:
        What they saw, and what they could not note. A line that a killed process left half written is one
        that could not be noted.
    """
    seen: list[Seen] = []
    faults: set[str] = set()
    for path in sorted(folder.glob(f"*{RECORDS}")):
        for text in path.read_bytes().splitlines():
            try:
                seen.append(_seen(json.loads(text)))
            except (KeyError, TypeError, ValueError):
                faults.add("a record was cut off: its process was killed")
    for path in folder.glob(f"*{FAULTS}"):
        faults.update(path.read_text(encoding="utf-8", errors="replace").splitlines())
    return seen, tuple(sorted(faults))


def _seen(record: Mapping[str, Any]) -> Seen:
    access = Access(*(record[name] for name in Access._fields))
    return Seen(access=access, test=record["test"], lines=tuple(Line(*line) for line in record["lines"]))
