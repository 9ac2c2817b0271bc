"""`hfpin large-files`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hfpin.cli.command import Command, Words
from hfpin.cli.sizes import size

if TYPE_CHECKING:
    import argparse

_LIMIT = "10MB"


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--limit",
        metavar="SIZE",
        type=size,
        default=_LIMIT,
        help="what weights may have (default: %(default)s)",
    )
    parser.add_argument(
        "--all", action="store_true", help="every file that git tracks, not only what is staged"
    )


def _run(args: argparse.Namespace) -> int:
    from hfpin.cli.here import project_here
    from hfpin.lock import Lock
    from hfpin.operations.git import open_git
    from hfpin.operations.large_files import Search
    from hfpin.operations.project import read_lock_if_any
    from hfpin.report.large_files import render_large

    project, here = project_here(), Path.cwd()
    git = open_git(here)
    lock = read_lock_if_any(project, must_be_sound=False) or Lock(())
    found = Search(git=git, lock=lock, limit=args.limit).look(args.names, here, every=args.all)
    for line in render_large(found, at_top=here.samefile(git.top)):
        print(line)
    return 1 if found else 0


COMMAND = Command(
    name="large-files",
    summary="refuse weights that are staged for git itself, and say where they belong; offline",
    configure=_configure,
    takes=Words(dest="names", metavar="FILE", help="only these files (default: all)"),
    run=_run,
    without_options={"limit": size(_LIMIT), "all": False},
)
