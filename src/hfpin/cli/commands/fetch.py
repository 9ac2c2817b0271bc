"""`hfpin fetch`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from hfpin.cli.command import PINS, Command
from hfpin.cli.fetching import fetch_pin, tell_fetched
from hfpin.cli.here import chosen_pins, lock_here, project_here

if TYPE_CHECKING:
    import argparse


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print events, one JSON object a line")


def _run(args: argparse.Namespace) -> int:
    from hfpin.operations.fetched import Fetched
    from hfpin.operations.memo import refuse_drift
    from hfpin.operations.plan import plan
    from hfpin.report.progress import JsonEvents, ProgressBar

    project = project_here()
    lock = lock_here(project)
    memo = refuse_drift(project, lock)
    plans = [plan(project.places, locked) for locked in chosen_pins(args, lock)]
    if any(not one.is_complete for one in plans):
        from hfpin.operations.room import find_room
        from hfpin.report.plan import render_plan

        rooms = find_room(project.places, plans)
        for line in render_plan(project.places, plans, rooms):
            print(line, file=sys.stderr if args.json else sys.stdout)
        for room in rooms:
            room.refuse_shortage()  # for all of them together, before the first byte
    progress = (
        JsonEvents(sys.stdout) if args.json else ProgressBar(sys.stderr, sum(one.size for one in plans))
    )
    codes: dict[str, int] = {}
    for one in plans:
        name = one.locked.pin.name
        if one.is_complete:  # needs nothing of what fetches, not even that it is loaded
            is_whole = name in memo.whole
            codes[name] = tell_fetched(project, Fetched(locked=one.locked), progress, is_whole=is_whole)
        else:
            codes[name] = fetch_pin(project, one.locked, progress)
    memo.keep(name for name, code in codes.items() if code == 0)
    return max(codes.values(), default=0)


COMMAND = Command(
    name="fetch",
    summary="bring the files of pins, verified; asks the Hub for what is missing",
    configure=_configure,
    takes=PINS,
    run=_run,
    without_options={"json": False},
)
