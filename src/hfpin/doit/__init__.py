"""The doit host: a task for each pin.

In a dodo.py:

    from hfpin.doit import *

brings `doit fetch` and `doit verify`, each with one sub-task a pin (`doit fetch:mistral`). A fetch is up to
date when the files are there, whatever doit's database remembers: a purged scratch is seen.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hfpin.errors import HfpinError
from hfpin.lock import LockedPin
from hfpin.operations.drift import refuse_drift
from hfpin.operations.project import Project, find_root, open_project, read_lock

__all__ = ["task_fetch", "task_verify"]


def task_fetch() -> Iterator[dict[str, Any]]:
    """Bring the files of the pins, verified."""
    yield from _tasks("fetch", "bring", _fetch, is_done=_is_there, must_agree=True)


def task_verify() -> Iterator[dict[str, Any]]:
    """Hold every byte of the pins on disk against hfpin.lock."""
    yield from _tasks("verify", "verify", _verify)


def _tasks(
    group: str, verb: str, action: Any, *, is_done: Any = None, must_agree: bool = False
) -> Iterator[dict[str, Any]]:
    """Give the group and a task for each pin; where the lock cannot be used, one task that says why."""
    try:
        project = open_project(find_root(Path.cwd()), os.environ, Path.home())
        lock = read_lock(project)
        if must_agree:
            refuse_drift(project, lock)
    except HfpinError as error:
        yield {"basename": group, "doc": error.message, "actions": [(_refuse, [error])]}
        return
    yield {"name": None, "doc": f"{verb} the files of every pin in hfpin.lock"}
    for locked in lock.pins:
        task = {
            "name": locked.pin.name,
            "doc": f"{verb} {locked.pin.repo} at {locked.pin.commit[:8]}",
            "actions": [(action, [project, locked])],
            "verbosity": 2,
        }
        if is_done is not None:
            task["uptodate"] = [(is_done, [project, locked])]
        yield task


def _is_there(project: Project, locked: LockedPin) -> bool:
    from hfpin.operations.plan import plan

    return plan(project.places, locked).is_complete


def _fetch(project: Project, locked: LockedPin) -> Any:
    from hfpin.hub import HuggingFaceHub
    from hfpin.operations.download import Downloader
    from hfpin.operations.fetch import fetch
    from hfpin.report.pinning import render_fetched
    from hfpin.report.progress import ProgressBar

    downloader = Downloader(progress=ProgressBar(sys.stderr))
    result = fetch(project.places, locked, HuggingFaceHub(), downloader)
    print(f"   {render_fetched(result)}")
    return True if result.error is None else _refuse(result.error)


def _verify(project: Project, locked: LockedPin) -> Any:
    from hfpin.operations.verify import verify
    from hfpin.report.pinning import render_verified

    result = verify(project.places, locked)
    for line in render_verified([result]):
        print(line)
    return not result.faults


def _refuse(error: HfpinError) -> Any:
    """Fail a task with a message and no traceback."""
    from doit.exceptions import TaskFailed

    return TaskFailed(str(error), report=True)
