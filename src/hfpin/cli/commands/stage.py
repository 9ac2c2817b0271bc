"""`hfpin stage`."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from hfpin.cli.command import PINS, Command
from hfpin.cli.here import chosen_pins, lock_here, project_here
from hfpin.cli.output import write_paths
from hfpin.cli.staging import named_folder, prepare, stage_pins, takes_via

if TYPE_CHECKING:
    import argparse


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--to",
        metavar="DIR",
        type=named_folder,
        help="a folder on this node's disk (default: $SLURM_TMPDIR, $TMPDIR)",
    )
    parser.add_argument(
        "--export",
        action="store_true",
        help='print only the variables that lead there: eval "$(hfpin stage --export)"',
    )
    takes_via(parser)
    parser.add_argument(
        "--prepare",
        action="store_true",
        help="copy nothing: make the folders here and print what this node lacks, as lines of JSON",
    )


def _run(args: argparse.Namespace) -> int:
    from hfpin.operations.staged import find_stage, staged_places

    project = project_here()
    folder = find_stage(args.to, os.environ)
    pins = chosen_pins(args, lock_here(project))
    if args.prepare:
        return prepare(project, pins, folder)
    code = stage_pins(project, pins, folder, sys.stderr if args.export else sys.stdout, args.via)
    if args.export and code == 0:
        from hfpin.operations.environment import environment
        from hfpin.report.variables import render_variables

        write_paths(render_variables(environment(staged_places(project.places, folder), os.environ), "sh"))
    return code


COMMAND = Command(
    name="stage",
    summary="copy pins from the shared cache to this node's disk, every digest checked; offline",
    configure=_configure,
    takes=PINS,
    run=_run,
    without_options={"to": None, "export": False, "via": None, "prepare": False},
)
