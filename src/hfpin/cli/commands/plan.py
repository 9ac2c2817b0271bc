"""`hfpin plan`."""

from __future__ import annotations

import argparse

from hfpin.cli.command import Command, takes_names
from hfpin.cli.here import chosen_pins, lock_here, project_here


def _run(args: argparse.Namespace) -> int:
    from hfpin.operations.drift import refuse_drift
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
    configure=takes_names,
    run=_run,
)
