"""`hfpin run`."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from hfpin.cli.command import Command
from hfpin.cli.here import chosen_pins, lock_here, project_here
from hfpin.cli.staging import stage_pins, takes_via
from hfpin.errors import ConfigError

_HERE = Path("-")  # --stage without a folder


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--stage",
        metavar="DIR",
        nargs="?",
        type=Path,
        const=_HERE,
        help="copy the pins to this node's disk first (default DIR: $SLURM_TMPDIR, $TMPDIR)",
    )
    takes_via(parser)
    parser.add_argument(
        "--pin",
        dest="names",
        metavar="NAME",
        action="append",
        help="a pin that the command needs; may be given again (default: all)",
    )
    parser.add_argument("command", metavar="-- COMMAND", nargs=argparse.REMAINDER, help="what to run")


def _run(args: argparse.Namespace) -> int:
    from hfpin.operations.environment import environment
    from hfpin.operations.open_snapshot import open_snapshot
    from hfpin.operations.staged import find_stage, staged_places

    command = args.command[1:] if args.command[:1] == ["--"] else args.command
    if not command:
        raise ConfigError("there is nothing to run", hint="Write it behind: hfpin run -- python train.py")
    project = project_here()
    pins = chosen_pins(args, lock_here(project))
    places = project.places
    if args.stage is None:
        for locked in pins:
            open_snapshot(places, locked)
    else:
        folder = find_stage(None if args.stage == _HERE else args.stage, os.environ)
        code = stage_pins(project, pins, folder, sys.stderr, args.via)
        if code:
            return code
        places = staged_places(places, folder)
    return _become(command, {**os.environ, **environment(places, os.environ)})


def _become(command: list[str], environ: dict[str, str]) -> int:
    """Run a command in place of this process, so that signals and its exit code are its own."""
    sys.stdout.flush()
    sys.stderr.flush()
    try:
        if os.name == "nt":  # where exec leaves the shell with two processes
            return subprocess.run(command, env=environ, check=False).returncode  # noqa: S603  # it is the user's
        os.execvpe(command[0], command, environ)  # noqa: S606  # likewise
    except OSError as error:
        raise ConfigError(
            f"{command[0]} cannot be run: {error.strerror}",
            hint="Check its name; it must be installed here.",
        ) from None


COMMAND = Command(
    name="run",
    summary="run a command with the pins it needs, offline; not without them",
    configure=_configure,
    run=_run,
)
