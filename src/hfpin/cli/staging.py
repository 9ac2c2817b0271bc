"""Staging as the command line shows it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from hfpin.cli.output import print_error
from hfpin.lock import LockedPin
from hfpin.operations.project import Project


def stage_pins(project: Project, pins: Sequence[LockedPin], folder: Path, out: TextIO) -> int:
    """Stage pins, print a line for each that was not there, and give the exit code.

    Args:
        project: Where the shared cache is.
        pins: The pins.
        folder: Where to.
        out: Where to print.
    """
    from hfpin.operations.plan import plan
    from hfpin.operations.staged import staged, staged_places
    from hfpin.report.numbers import counted, human_size

    goal = staged_places(project.places, folder)
    if all(plan(goal, staged(locked)).is_complete for locked in pins):
        total = human_size(sum(locked.size for locked in pins))
        print(f"{counted(len(pins), 'pin')} ({total}) in {goal.cache_dir}: all there", file=out)
        return 0
    from hfpin.operations.stage import stage
    from hfpin.report.pinning import render_staged
    from hfpin.report.progress import ProgressBar

    code = 0
    for result in stage(project.places, pins, folder, project.config, ProgressBar(sys.stderr)):
        print(render_staged(result, goal.cache_dir), file=out)
        if result.error is not None:
            print_error(result.error)
            code = max(code, result.error.exit_code)
    return code
