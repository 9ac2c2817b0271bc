"""`hfpin path`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hfpin.cli.command import Command, Words
from hfpin.cli.here import project_here
from hfpin.cli.output import write_paths
from hfpin.operations.project import read_lock

if TYPE_CHECKING:
    import argparse


def _run(args: argparse.Namespace) -> int:
    from hfpin.operations.open_snapshot import open_with_dependencies

    project = project_here()
    lock = read_lock(project)
    snapshot = open_with_dependencies(project.places, lock, lock.find(args.name))
    write_paths(f"{snapshot.path.absolute()}\n")
    return 0


COMMAND = Command(
    name="path",
    summary="print the folder of a pin, or fail if it, or what it needs, is not complete; offline",
    takes=Words(dest="name", metavar="NAME", help="a pin, by name or repo id", is_one=True),
    run=_run,
    without_options={},
)
