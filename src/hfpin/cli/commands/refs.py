"""`hfpin refs`."""

from __future__ import annotations

import sys
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from hfpin.cli.command import PATHS, Command
from hfpin.cli.here import project_here, projects_of
from hfpin.reference import Reference

if TYPE_CHECKING:
    import argparse


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("text", "jsonl"), default="text", help="default: %(default)s")


def _run(args: argparse.Namespace) -> int:
    from hfpin.operations.check import scans
    from hfpin.report.references import render_jsonl, render_table
    from hfpin.report.safe import safe

    unreadable = False
    references: list[Reference] = []
    projects, here = projects_of(project_here(), args.paths), Path.cwd()
    for scan in chain.from_iterable(scans(project, paths, here=here) for project, paths in projects):
        if scan.unreadable is not None:
            unreadable = True
            reason, position = scan.unreadable.reason, scan.unreadable.position
            print(safe(f"{scan.path}:{position.line}: could not be read: {reason}"), file=sys.stderr)
        if args.format == "jsonl":
            for reference in scan.references:
                print(render_jsonl(reference))
        else:
            references += scan.references
    for line in render_table(references):
        print(line)
    return 1 if unreadable else 0


COMMAND = Command(
    name="refs",
    summary="list every Hub reference that is seen; offline",
    configure=_configure,
    takes=PATHS,
    run=_run,
    without_options={"format": "text"},
)
