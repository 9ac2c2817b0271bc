"""The doit host: a task for each pin.

In a dodo.py:

    from hfpin.doit import *

brings `doit fetch` and `doit verify`, each with one sub-task a pin (`doit fetch:mistral`), `doit lock`, and
where `hfpin slurm init` has written job scripts `doit slurm:fetch` and `doit slurm:train`. A fetch is up to
date when the files are there, whatever doit's database remembers: a purged scratch is seen. What a pin cannot
be loaded without, the base of an adapter say, is fetched before it.

A repo without a dodo.py has the same tasks by `loader = "hfpin"` in `[tool.doit]`: see `hfpin.doit.loader`.
"""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ParamSpec, TypeAlias

from hfpin.doit.slurm import slurm_tasks
from hfpin.errors import HfpinError, IntegrityError
from hfpin.lock import LockedPin
from hfpin.operations.memo import refuse_drift
from hfpin.operations.project import Project, open_project, read_lock
from hfpin.places import find_home, find_root
from hfpin.report.numbers import human_size

__all__ = ["task_fetch", "task_lock", "task_slurm", "task_verify"]  # what `import *` brings into a dodo.py

P = ParamSpec("P")

_INTERRUPTED = 130  # 128 + SIGINT, as shells have it

Task: TypeAlias = dict[str, Any]
"""What doit takes for a task (https://pydoit.org/tasks.html)."""


def task_lock() -> Task:
    """Write hfpin.lock from what the configs declare."""
    root = find_root(Path.cwd())  # now: an action may leave it before the task runs
    return {"actions": [(_lock, [root])], "doc": "write hfpin.lock from what is declared", "verbosity": 2}


def task_fetch() -> Iterator[Task]:
    """Bring the files of the pins, verified."""
    yield from fetch_tasks()


def task_verify() -> Iterator[Task]:
    """Hold every byte of the pins on disk against hfpin.lock."""
    yield from verify_tasks()


def task_slurm() -> Iterator[Task] | None:
    """Submit the job scripts in jobs/, and wait for how they end."""
    tasks = tuple(slurm_tasks())
    return (task for task in tasks) if tasks else None  # None: no task of that name, not even an empty group


def fetch_tasks(basename: str = "fetch", root: Path | str | None = None) -> Iterator[Task]:
    """Give a group of tasks that bring the pins, one sub-task a pin, for a dodo.py that names it itself.

        def task_models():
            yield from fetch_tasks("models")

    `doit clean` of such a task removes what only its pin has a use for (`hfpin.operations.remove`).

    Args:
        basename: What to call the group; its sub-tasks are called after the pins.
        root: The project. Where relative, from the folder that doit works in: that of the dodo.py, unless
            `-d` says another. Where None, the one that this folder is in.

    Yields:
        The group, then a task for each pin; where the lock cannot be used, one task that fails and says why.
    """
    yield from _group(
        basename,
        "bring",
        root,
        _pins_as_declared,
        lambda project, locked: {
            "actions": [(_fetch, [project, locked])],
            "uptodate": [(_is_there, [project, locked])],
            "clean": [(_clean, [project, locked])],
            "task_dep": [
                f"{basename}:{name}" for name in dict.fromkeys(one.name for one in locked.dependencies)
            ],
        },
    )


def verify_tasks(basename: str = "verify", root: Path | str | None = None) -> Iterator[Task]:
    """Give a group of tasks that verify the pins, one sub-task a pin.

    Args:
        basename: What to call the group.
        root: The project. Where relative, from the folder that doit works in: that of the dodo.py, unless
            `-d` says another. Where None, the one that this folder is in.

    Yields:
        As `fetch_tasks`.
    """
    yield from _group(
        basename,
        "verify",
        root,
        _pins,
        lambda project, locked: {"actions": [(_verify, [project, locked])]},
    )


def _pins(project: Project) -> tuple[LockedPin, ...]:
    return read_lock(project).pins


def _pins_as_declared(project: Project) -> tuple[LockedPin, ...]:
    lock = read_lock(project)
    refuse_drift(project, lock)
    return lock.pins


def _open(root: Path | str | None) -> Project:
    here = Path.cwd()  # where we are now: an action may leave it before a task runs
    folder = find_root(here) if root is None else (here / root).resolve()
    return open_project(folder, os.environ, find_home())


def _group(
    basename: str,
    verb: str,
    root: Path | str | None,
    read: Callable[[Project], tuple[LockedPin, ...]],
    make: Callable[[Project, LockedPin], Task],
) -> Iterator[Task]:
    """Give the group and a task for each pin; where the lock cannot be used, one task that says why."""
    try:
        project = _open(root)
        pins = read(project)
    except HfpinError as error:
        yield {"basename": basename, "doc": error.message, "actions": [(_refuse, [error])]}
        return
    total = human_size(sum(locked.size for locked in pins))
    yield {
        "basename": basename,
        "name": None,
        "doc": f"{verb} the files of every pin in hfpin.lock ({total})",
    }
    for locked in pins:
        pin = locked.pin
        yield {
            "basename": basename,
            "name": pin.name,
            "doc": f"{verb} {pin.repo} at {pin.commit[:8]} ({human_size(locked.size)})",
            "verbosity": 2,
            **make(project, locked),
        }


def _is_there(project: Project, locked: LockedPin) -> bool:
    from hfpin.operations.plan import plan

    return plan(project.places, locked).is_complete


def _stoppable(action: Callable[P, Any]) -> Callable[P, Any]:
    """Let Ctrl-C end doit with a line: else it shows where in our code it was."""

    @functools.wraps(action)  # doit looks at the arguments' names
    def run(*args: P.args, **kwargs: P.kwargs) -> Any:
        try:
            return action(*args, **kwargs)
        except KeyboardInterrupt:
            print("   stopped; what was done is kept, the same command goes on from there", file=sys.stderr)
            raise SystemExit(_INTERRUPTED) from None

    return run


@_stoppable
def _lock(root: Path) -> Any:
    from hfpin.hub import HuggingFaceHub
    from hfpin.operations.lock import lock
    from hfpin.report.pinning import render_lock

    try:
        result = lock(_open(root), HuggingFaceHub())
    except HfpinError as error:
        return _refuse(error)
    for line in render_lock(result):
        print(f"   {line}")
    return True


@_stoppable
def _fetch(project: Project, locked: LockedPin) -> Any:
    from hfpin.hub import HuggingFaceHub
    from hfpin.operations.download import Downloader
    from hfpin.operations.fetch import Fetcher
    from hfpin.operations.wholeness import refuse_unwhole
    from hfpin.report.fetched import render_fetched
    from hfpin.report.progress import ProgressBar

    fetcher = Fetcher(
        places=project.places,
        config=project.config,
        hub=HuggingFaceHub(),
        downloader=Downloader(progress=ProgressBar(sys.stderr)),
    )
    result = fetcher.fetch(locked)
    print(f"   {render_fetched(result)}")
    if result.error is not None:
        return _refuse(result.error)
    try:
        refuse_unwhole(project, locked)
    except HfpinError as error:
        return _refuse(error)
    return True


@_stoppable
def _verify(project: Project, locked: LockedPin) -> Any:
    from hfpin.operations.verify import verify
    from hfpin.operations.wholeness import refuse_unwhole
    from hfpin.report.verifying import render_verified

    results = verify(project.places, [locked], others=_pins(project))
    # Written at once: with -P thread other tasks write too, and `print` may write a line's end by itself.
    sys.stdout.write("".join(f"{line}\n" for line in render_verified(results)))
    name = locked.pin.name
    if results[0].faults:
        hint = f"`hfpin verify --repair {name}` fetches just those files."
        return _refuse(IntegrityError(f"{name} is not what hfpin.lock says", hint=hint))
    if not results[0].is_right:
        hint = "Move them elsewhere: whoever loads that commit finds them beside its own."
        return _refuse(IntegrityError(f"{name} has files that hfpin.lock does not name", hint=hint))
    try:
        refuse_unwhole(project, locked)
    except HfpinError as error:
        return _refuse(error)
    return True


def _clean(project: Project, locked: LockedPin, dryrun: bool) -> Any:  # noqa: FBT001  # doit passes it by this name
    from hfpin.operations.remove import decide, look, remove, undisturbed
    from hfpin.report.removing import render_removal

    try:
        with undisturbed(project.places, locked):
            pins = _pins(project)
            removal = decide(project.places, locked, pins, look(project.places, locked, pins))
            for line in render_removal(removal, dry_run=dryrun):
                print(line, flush=True)
            if not dryrun:
                remove(project.places, removal)
    except HfpinError as error:
        return _refuse(error)
    return True


def _refuse(error: HfpinError) -> Any:
    """Fail a task with a message and no traceback."""
    from doit.exceptions import TaskFailed

    return TaskFailed(str(error), report=True)
