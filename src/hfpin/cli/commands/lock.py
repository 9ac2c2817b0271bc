"""`hfpin lock`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hfpin.cli.command import Command
from hfpin.cli.here import lock_here, project_in
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
    parser.add_argument(
        "--project",
        metavar="FOLDER",
        type=Path,
        help="not the project that one stands in, but that of a folder: hooks run at the top of a repository",
    )


def _run(args: argparse.Namespace) -> int:
    from hfpin.hub import HuggingFaceHub
    from hfpin.operations.lock import lock
    from hfpin.report.pinning import render_lock

    project = project_in(args.project)
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

    if not project.lock_path.exists() and _declares_nothing(project):  # yet
        print("Nothing is declared here, and there is no hfpin.lock.")
        return 0
    lock = lock_here(project)
    found = differences(project, lock)
    for line in render_check(lock, found):
        print(line)
    refuse_incomplete(project, lock.pins)
    return 1 if found else 0


def _declares_nothing(project: Project) -> bool:
    from hfpin.operations.declared import read_declaration
    from hfpin.operations.project import each_declaring_file

    return not any(each_declaring_file(project)) or read_declaration(project).is_empty


COMMAND = Command(
    name="lock",
    summary="write hfpin.lock from what is declared; asks the Hub for what is new, and whether tags moved",
    configure=_configure,
    run=_run,
    without_options={"check": False, "update": None, "project": None},
)
