"""`hfpin adapters`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hfpin.cli.command import Command, Words
from hfpin.cli.here import project_here
from hfpin.cli.sizes import size

if TYPE_CHECKING:
    import argparse

_LIMIT = "100MB"


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--limit",
        metavar="SIZE",
        type=size,
        default=_LIMIT,
        help="what a file may have that neither Git LFS nor DVC has (default: %(default)s)",
    )


def _run(args: argparse.Namespace) -> int:
    from hfpin.operations.adapters import find_adapters, look_at_adapters
    from hfpin.report.adapters import render_adapters
    from hfpin.rules.selection import selection

    project, here = project_here(), Path.cwd()
    folders, chosen = find_adapters(args.paths, here), selection(project.config)
    found = list(look_at_adapters(project, folders, chosen, here=here, limit=args.limit))
    for line in render_adapters(found):
        print(line)
    return 1 if any(one.findings for one in found) else 0


COMMAND = Command(
    name="adapters",
    summary="list the adapters of the working tree, and what is wrong with them; offline",
    configure=_configure,
    takes=Words(
        dest="paths",
        metavar="PATH",
        kind=Path,
        help="folders, or files of adapters (default: all below this folder)",
    ),
    run=_run,
    without_options={"limit": size(_LIMIT)},
)
