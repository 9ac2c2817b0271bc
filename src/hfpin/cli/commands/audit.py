"""`hfpin audit`."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
from pathlib import Path

from hfpin import atomic
from hfpin.cli.command import Command
from hfpin.errors import ConfigError

_SIGNALLED = 128  # as shells have it


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--report", metavar="FILE", type=Path, help="write all of it to FILE too, as JSON")
    parser.add_argument("command", metavar="-- COMMAND", nargs=argparse.REMAINDER, help="what to run")


def _run(args: argparse.Namespace) -> int:
    from hfpin.operations.watching import watching
    from hfpin.report.audit import render_audit, render_audit_json

    command = args.command[1:] if args.command[:1] == ["--"] else args.command
    if not command:
        raise ConfigError("there is nothing to run", hint="Write it behind: hfpin audit -- python train.py")
    environ = dict(os.environ)
    with watching(Path.cwd(), environ, Path.home(), is_here=False) as watch:
        code = _call(command, environ)
        audit = watch.judge()
    if args.report is not None:
        atomic.write(args.report, render_audit_json(audit).encode())
    for line in render_audit(audit):
        print(line, file=sys.stderr)  # stdout is the command's own
    return code or int(not audit.is_clean)


def _call(command: list[str], environ: dict[str, str]) -> int:
    """Run a command and give its exit code. What a terminal sends goes to it too: it decides when to end."""
    sys.stdout.flush()
    try:
        with subprocess.Popen(command, env=environ) as process:  # noqa: S603  # it is the user's
            before = signal.signal(signal.SIGINT, signal.SIG_IGN)
            try:
                code = process.wait()
            finally:
                signal.signal(signal.SIGINT, before)
    except OSError as error:
        raise ConfigError(
            f"{command[0]} cannot be run: {error.strerror}",
            hint="Check its name; it must be installed here.",
        ) from None
    return _SIGNALLED - code if code < 0 else code


COMMAND = Command(
    name="audit",
    summary="run a command, and tell which repos it opened without a pin; asks nothing itself",
    configure=_configure,
    run=_run,
)
