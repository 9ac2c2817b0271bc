"""`hfpin plan`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hfpin.cli.command import PINS, Command
from hfpin.cli.here import chosen_pins, lock_here, project_here

if TYPE_CHECKING:
    import argparse


def _run(args: argparse.Namespace) -> int:
    from hfpin.operations.memo import refuse_drift
    from hfpin.operations.plan import plan
    from hfpin.operations.room import find_room
    from hfpin.report.plan import render_plan

    project = project_here()
    lock = lock_here(project)
    refuse_drift(project, lock)
    plans = [plan(project.places, locked) for locked in chosen_pins(args, lock)]
    rooms = find_room(project.places, plans)
    for line in render_plan(project.places, plans, rooms):
        print(line)
    for room in rooms:
        room.refuse_shortage()
    return 0


COMMAND = Command(
    name="plan",
    summary="tell what a fetch would bring, and whether there is room for it; offline",
    takes=PINS,
    run=_run,
    without_options={},
)
