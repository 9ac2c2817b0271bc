"""`hfpin inspect`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from hfpin.cli.command import Command, Words
from hfpin.cli.here import lock_here, project_here
from hfpin.lock import Lock

if TYPE_CHECKING:
    import argparse


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one object, for programs")
    parser.add_argument(
        "--scan",
        action="store_true",
        help="tell what pickles would import, without loading them; needs pip install 'hfpin[scan]'",
    )


def _run(args: argparse.Namespace) -> int:
    from hfpin.operations.inspect import inspect_all
    from hfpin.report.inspecting import as_json, render_inspection, render_scans

    project = project_here()
    lock = lock_here(project) if project.lock_path.exists() or not args.names else Lock(())
    found = inspect_all(project.places, lock, args.names, here=Path.cwd())
    scans = {}
    if args.scan:
        from hfpin.operations.inspect.scan import scan_pickles

        scans = {name: scan_pickles(one) for name, one in found}
    if args.json:
        print(
            json.dumps(
                {"version": 1, "inspected": [as_json(name, one, scans.get(name)) for name, one in found]},
                indent=1,
            )
        )
    else:
        for name, one in found:
            for line in render_inspection(name, one):
                print(line)
            for line in render_scans(scans.get(name, ())):
                print(line)
    are_clean = all(scanned.is_clean for scanned_all in scans.values() for scanned in scanned_all)
    return 0 if are_clean and all(one.is_whole for _, one in found) else 1


COMMAND = Command(
    name="inspect",
    summary="tell what weights are there and whether they are whole, by headers alone; offline",
    configure=_configure,
    takes=Words(
        dest="names",
        metavar="NAME|PATH",
        help="pins, by name or repo id; or folders and files of weights (default: all pins that are here)",
    ),
    run=_run,
    without_options={"json": False, "scan": False},
)
