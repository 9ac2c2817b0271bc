"""Running a command under watch, as the command line shows it."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from hfpin import atomic
from hfpin.errors import ConfigError

_SIGNALLED = 128  # as shells have it


def run_audited(command: list[str], environ: dict[str, str], report: Path | None = None) -> int:
    """Run a command, print on stderr which repos it opened without a pin, and give the exit code.

    It is the command's own; 1 where that is 0 and something was not pinned.

    Args:
        command: The command.
        environ: Its environment; what watches its processes is added.
        report: Where to write all of it as JSON; None for nowhere.

    Raises:
        ConfigError: The command cannot be run.
    """
    from hfpin.operations.watching import watching
    from hfpin.places import find_home
    from hfpin.report.audit import render_audit, render_audit_json

    with watching(Path.cwd(), environ, find_home(), is_here=False) as watch:
        code = _call(command, environ)
        audit = watch.judge()
    if report is not None:
        atomic.write(report, render_audit_json(audit).encode())
    for line in render_audit(audit):
        print(line, file=sys.stderr)  # stdout is the command's own
    return code or int(not audit.is_clean)


def cannot_run(command: list[str], error: OSError) -> ConfigError:
    """Say that a command cannot be run."""
    return ConfigError(
        f"{command[0]} cannot be run: {error.strerror}", hint="Check its name; it must be installed here."
    )


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
        raise cannot_run(command, error) from None
    return _SIGNALLED - code if code < 0 else code
