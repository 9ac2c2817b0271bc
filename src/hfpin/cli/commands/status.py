"""`hfpin status`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hfpin.cli.command import PINS, Command
from hfpin.cli.here import chosen_pins, lock_here, project_here

if TYPE_CHECKING:
    import argparse


def _run(args: argparse.Namespace) -> int:
    import time

    from hfpin.operations.status import status
    from hfpin.report.status import render_status

    project = project_here()
    found = status(project.places, chosen_pins(args, lock_here(project)), project.config.purge_after)
    for line in render_status(found, time.time()):
        print(line)
    return 0


COMMAND = Command(
    name="status",
    summary="tell what is there of each pin, when it was last used, and when a purge would take it; offline",
    takes=PINS,
    run=_run,
    without_options={},
)
