"""`hfpin fetch`."""

from __future__ import annotations

import argparse

from hfpin.cli.command import Command, takes_names
from hfpin.cli.fetching import fetch_pin
from hfpin.cli.here import chosen_pins, lock_here, project_here


def _run(args: argparse.Namespace) -> int:
    from hfpin.operations.drift import refuse_drift

    project = project_here()
    lock = lock_here(project)
    refuse_drift(project, lock)
    return max((fetch_pin(project, locked) for locked in chosen_pins(args, lock)), default=0)


COMMAND = Command(
    name="fetch",
    summary="bring the files of pins, verified; asks the Hub for what is missing",
    configure=takes_names,
    run=_run,
)
