"""`hfpin audit`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from hfpin.cli.command import Command, given_command, takes_command

if TYPE_CHECKING:
    import argparse


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--report", metavar="FILE", type=Path, help="write all of it to FILE too, as JSON")
    takes_command(parser)


def _run(args: argparse.Namespace) -> int:
    from hfpin.cli.auditing import run_audited

    return run_audited(given_command(args, "audit"), dict(os.environ), args.report)


COMMAND = Command(
    name="audit",
    summary="run a command, and tell which repos it opened without a pin; asks nothing itself",
    configure=_configure,
    run=_run,
)
