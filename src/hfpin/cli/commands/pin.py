"""`hfpin pin`."""

from __future__ import annotations

import argparse
from pathlib import Path

from hfpin.cli.command import Command, takes_paths
from hfpin.cli.here import project_here


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--no-lock", action="store_true", help="leave hfpin.lock as it is")
    takes_paths(parser)


def _run(args: argparse.Namespace) -> int:
    from hfpin.hub import HuggingFaceHub
    from hfpin.operations.files import chosen_files
    from hfpin.operations.lock import lock
    from hfpin.operations.pin import pin
    from hfpin.report.pinning import render_lock, render_pin_summary, render_pinned

    project, hub = project_here(), HuggingFaceHub()
    results = []
    for result in pin(chosen_files(project, args.paths, Path.cwd()), hub, taught=project.taught):
        results.append(result)
        for line in render_pinned(result):
            print(line)
    print(render_pin_summary(results))
    if not args.no_lock:
        for line in render_lock(lock(project, hub)):
            print(line)
    return 1 if any(result.not_pinned for result in results) else 0


COMMAND = Command(
    name="pin",
    summary="write today's commits into the files, then the lock; asks the Hub",
    configure=_configure,
    run=_run,
)
