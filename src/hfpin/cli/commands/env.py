"""`hfpin env`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from hfpin.cli.command import Command
from hfpin.cli.here import project_here
from hfpin.cli.output import write_paths
from hfpin.dataclass import replace

if TYPE_CHECKING:
    import argparse


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("sh", "fish", "json"), default="sh", help="default: %(default)s")


def _run(args: argparse.Namespace) -> int:
    from hfpin.operations.environment import environment
    from hfpin.report.variables import render_variables

    places = project_here().places
    places = replace(places, cache=places.cache_dir.absolute())  # a job may change the folder it is in
    write_paths(render_variables(environment(places, os.environ), args.format))
    return 0


COMMAND = Command(
    name="env",
    summary="print the variables that let a job use the project's cache, and only that; offline",
    configure=_configure,
    run=_run,
    without_options={"format": "sh"},
)
