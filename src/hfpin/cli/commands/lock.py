"""`hfpin lock`."""

from __future__ import annotations

import argparse

from hfpin.cli.command import Command
from hfpin.cli.here import project_here


def _run(args: argparse.Namespace) -> int:
    from hfpin.hub import HuggingFaceHub
    from hfpin.operations.lock import lock
    from hfpin.report.pinning import render_lock

    del args
    for line in render_lock(lock(project_here(), HuggingFaceHub())):
        print(line)
    return 0


COMMAND = Command(
    name="lock",
    summary="write hfpin.lock from what is declared; asks the Hub for what is new",
    run=_run,
)
