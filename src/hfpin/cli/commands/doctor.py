"""`hfpin doctor`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from hfpin.cli.command import Command
from hfpin.cli.here import project_here
from hfpin.cli.output import write_paths
from hfpin.dataclass import replace
from hfpin.operations.project import read_lock

if TYPE_CHECKING:
    import argparse


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--online", action="store_true", help="ask the Hub for the smallest file of each pin, too"
    )


def _run(args: argparse.Namespace) -> int:
    from hfpin.hub import HuggingFaceHub
    from hfpin.hub.token import has_token
    from hfpin.operations.doctor import examine, gather
    from hfpin.operations.doctor.gather import ask
    from hfpin.places import find_home
    from hfpin.report.advice import render_doctor

    project = project_here()
    pins = read_lock(project).pins if project.lock_path.is_file() else ()
    facts = gather(project, pins, os.environ, find_home(), has_token=has_token())
    if args.online:
        facts = replace(facts, refusals=tuple(ask(HuggingFaceHub(), pins)))
    advice = examine(facts)
    write_paths("".join(f"{line}\n" for line in render_doctor(facts, advice)))
    return 1 if advice else 0


COMMAND = Command(
    name="doctor",
    summary="look at cache, disk, locks, permissions and variables, and say what to do; offline",
    configure=_configure,
    run=_run,
    without_options={"online": False},
)
