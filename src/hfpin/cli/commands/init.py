"""`hfpin init`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from hfpin.cli.command import Command
from hfpin.cli.here import project_here
from hfpin.cli.output import write_utf8

if TYPE_CHECKING:
    import argparse


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dry-run", action="store_true", help="write nothing: say what would be added")
    parser.add_argument(
        "--diff", action="store_true", help="write nothing: print a patch, and exit with 1 if it is not empty"
    )


def _run(args: argparse.Namespace) -> int:
    from importlib.util import find_spec

    from hfpin.operations.init import decide, write
    from hfpin.report.init import render_init, render_refused
    from hfpin.report.patch import render_patch

    project = project_here()
    found = decide(project, has_doit=find_spec("doit") is not None)
    if args.diff:
        for change in found.changes:
            write_utf8(render_patch(change.name, change.before, change.after))
        for line in render_refused(found):
            print(line, file=sys.stderr)
        return 1 if found.changes or found.refused else 0
    if not args.dry_run:
        write(project, found.changes)
    for line in render_init(found, would=args.dry_run):
        print(line)
    return 1 if found.refused else 0


COMMAND = Command(
    name="init",
    summary="show what a repo uses, and add the hook, [tool.hfpin] and the doit tasks to it; offline",
    configure=_configure,
    run=_run,
    without_options={"dry_run": False, "diff": False},
)
