"""`hfpin large-files`."""

from __future__ import annotations

import argparse
from pathlib import Path

from hfpin.cli.command import Command
from hfpin.cli.sizes import size


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--limit",
        metavar="SIZE",
        type=size,
        default="10MB",
        help="what weights may have (default: %(default)s)",
    )
    parser.add_argument(
        "--all", action="store_true", help="every file that git tracks, not only what is staged"
    )
    parser.add_argument("names", metavar="FILE", nargs="*", help="only these files (default: all)")


def _run(args: argparse.Namespace) -> int:
    from hfpin.cli.here import project_here
    from hfpin.lock import Lock
    from hfpin.operations.git import open_git
    from hfpin.operations.large_files import Search
    from hfpin.operations.project import read_lock_if_any
    from hfpin.report.large_files import render_large

    here = Path.cwd()
    git = open_git(here)
    lock = read_lock_if_any(project_here(), must_be_sound=False) or Lock(())
    found = Search(git=git, lock=lock, limit=args.limit).look(args.names, here, every=args.all)
    for line in render_large(found):
        print(line)
    return 1 if found else 0


COMMAND = Command(
    name="large-files",
    summary="refuse weights that are staged for git itself, and say where they belong; offline",
    configure=_configure,
    run=_run,
)
