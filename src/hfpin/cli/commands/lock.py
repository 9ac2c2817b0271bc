"""`hfpin lock`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hfpin.cli.command import Command
from hfpin.cli.here import lock_here, project_here
from hfpin.operations.project import Project

if TYPE_CHECKING:
    import argparse


def _configure(parser: argparse.ArgumentParser) -> None:
    group = parser.add_mutually_exclusive_group()
    group.add_argument(
        "--check",
        action="store_true",
        help="write nothing and ask nobody: list what the configs and the lock do not agree about",
    )
    group.add_argument(
        "--update",
        metavar="NAME",
        nargs="*",
        help="follow the tag or branch of these pins where it moved; without names, of all",
    )


def _run(args: argparse.Namespace) -> int:
    from hfpin.hub import HuggingFaceHub
    from hfpin.operations.lock import lock
    from hfpin.report.pinning import render_lock

    project = project_here()
    if args.check:
        return _check(project)
    update = () if args.update is None else args.update or None
    for line in render_lock(lock(project, HuggingFaceHub(), update=update)):
        print(line)
    return 0


def _check(project: Project) -> int:
    from hfpin.operations.complete import refuse_incomplete
    from hfpin.operations.drift import differences
    from hfpin.report.pinning import render_check

    lock = lock_here(project)
    found = differences(project, lock)
    for line in render_check(lock, found):
        print(line)
    refuse_incomplete(project, lock.pins)
    return 1 if found else 0


COMMAND = Command(
    name="lock",
    summary="write hfpin.lock from what is declared; asks the Hub for what is new, and whether tags moved",
    configure=_configure,
    run=_run,
    without_options={"check": False, "update": None},
)
