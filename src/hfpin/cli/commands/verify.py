"""`hfpin verify`."""

from __future__ import annotations

import argparse
import sys

from hfpin.cli.command import Command, takes_names
from hfpin.cli.fetching import fetch_pin
from hfpin.cli.here import chosen_pins, lock_here, project_here
from hfpin.errors import IntegrityError


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--quick", action="store_true", help="compare names and sizes, and read no content")
    parser.add_argument("--repair", action="store_true", help="fetch what is wrong; asks the Hub")
    takes_names(parser)


def _run(args: argparse.Namespace) -> int:
    from hfpin.operations.verify import verify
    from hfpin.report.progress import ProgressBar
    from hfpin.report.verifying import render_verified

    project = project_here()
    lock = lock_here(project)
    results = verify(project.places, chosen_pins(args, lock), others=lock.pins, quick=args.quick)
    for line in render_verified(results, quick=args.quick):
        print(line)
    faulty = [result for result in results if result.faults]
    if faulty and not args.repair:
        print("hfpin verify --repair fetches just those.")
        return IntegrityError.exit_code
    # A file too many is not repaired: hfpin removes nothing that it did not bring.
    bar = ProgressBar(sys.stderr)
    codes = [
        fetch_pin(project, result.locked, bar, tuple(fault.file for fault in result.faults))
        for result in faulty
    ]
    if any(result.intruders for result in results):
        codes.append(IntegrityError.exit_code)
    return max(codes, default=0)


COMMAND = Command(
    name="verify",
    summary="hold every byte on disk against hfpin.lock; offline",
    configure=_configure,
    run=_run,
)
