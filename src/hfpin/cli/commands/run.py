"""`hfpin run`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from hfpin.cli.command import Command, given_command, takes_command
from hfpin.cli.here import chosen_pins, lock_here, project_here
from hfpin.cli.staging import named_folder, stage_pins, takes_via

if TYPE_CHECKING:
    import argparse

_HERE = Path("-")  # --stage without a folder
_IGNORED = ("SIGPIPE", "SIGXFZ", "SIGXFSZ")  # by Python, when it starts


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--stage",
        metavar="DIR",
        nargs="?",
        type=named_folder,
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
    parser.add_argument(
        "--audit",
        action="store_true",
        help="tell at the end which repos it opened without a pin, as hfpin audit",
    )
    takes_command(parser)


def _run(args: argparse.Namespace) -> int:
    from hfpin.operations.environment import environment
    from hfpin.operations.open_snapshot import open_snapshot
    from hfpin.operations.staged import find_stage, staged_places

    command = given_command(args, "run")
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
    environ = {**os.environ, **environment(places, os.environ)}
    if not args.audit:
        return _become(command, environ)
    from hfpin.cli.auditing import run_audited

    return run_audited(command, environ)


def _become(command: list[str], environ: dict[str, str]) -> int:
    """Run a command in place of this process, so that signals and its exit code are its own."""
    sys.stdout.flush()
    sys.stderr.flush()
    ignored = _unignore()
    try:
        if os.name == "nt":  # where exec leaves the shell with two processes
            return subprocess.run(command, env=environ, check=False).returncode  # noqa: S603  # it is the user's
        os.execvpe(command[0], command, environ)  # noqa: S606  # likewise
    except OSError as error:
        from hfpin.cli.auditing import cannot_run

        for number in ignored:
            signal.signal(number, signal.SIG_IGN)
        raise cannot_run(command, error) from None


def _unignore() -> list[int]:
    """Let signals that Python ignores do what they do by default, and give those that it ignored.

    What is ignored stays so beyond exec: `yes | head -1` in a command would end in an error. For what
    `subprocess` starts Python does the same.
    """
    numbers = [getattr(signal, name) for name in _IGNORED if hasattr(signal, name)]
    ignored = [number for number in numbers if signal.getsignal(number) is signal.SIG_IGN]
    for number in ignored:
        signal.signal(number, signal.SIG_DFL)
    return ignored


COMMAND = Command(
    name="run",
    summary="run a command with the pins it needs, offline; not without them",
    configure=_configure,
    run=_run,
)
