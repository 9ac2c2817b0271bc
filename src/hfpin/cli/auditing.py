"""Running a command under watch, as the command line shows it."""

from __future__ import annotations

import contextlib
import errno
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from hfpin.errors import ConfigError

_SIGNALLED = 128  # as shells have it
_PASSED_ON = ("SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2")  # what schedulers send before they kill
_HINTS = {
    errno.EACCES: "It must be a file that you may execute.",
    errno.ENOEXEC: "Its first line has to say what runs it: #!/bin/sh, say. Or name that before it.",
    errno.E2BIG: "Its arguments and the environment are too long for this system.",
}


def run_audited(command: list[str], environ: dict[str, str], report: Path | None = None) -> int:
    """Run a command, print on stderr which repos it opened without a pin, and give the exit code.

    It is the command's own; 1 where that is 0 and something was not pinned.

    Args:
        command: The command.
        environ: Its environment; what watches its processes is added.
        report: Where to write all of it as JSON; None for nowhere.

    Raises:
        ConfigError: The command cannot be run.
        DestinationError: The report cannot be written.
    """
    from hfpin.operations.report_file import try_report, write_report
    from hfpin.operations.watching import watching
    from hfpin.places import find_home
    from hfpin.report.audit import render_audit, render_audit_json

    if report is not None:
        try_report(report)
    with watching(Path.cwd(), environ, find_home(), is_here=False) as watch:
        code = _call(command, environ)
        audit = watch.judge()
    for line in render_audit(audit):
        print(line, file=sys.stderr)  # stdout is the command's own
    if report is not None:
        write_report(report, render_audit_json(audit))
    return code or int(not audit.is_clean)


def cannot_run(command: list[str], error: OSError) -> ConfigError:
    """Say that a command cannot be run."""
    hint = _HINTS.get(error.errno or 0, "Check its name; it must be installed here.")
    return ConfigError(f"{command[0]} cannot be run: {error.strerror}", hint=hint)


def _call(command: list[str], environ: dict[str, str]) -> int:
    """Run a command and give its exit code. It decides what a signal does, and when to end."""
    sys.stdout.flush()
    try:
        with (
            _signals() as pass_on_to,
            subprocess.Popen(command, env=environ) as process,  # noqa: S603  # it is the user's
        ):
            pass_on_to(process)
            code = process.wait()
    except OSError as error:
        raise cannot_run(command, error) from None
    return _SIGNALLED - code if code < 0 else code


@contextlib.contextmanager
def _signals() -> Iterator[Callable[[subprocess.Popen[bytes]], None]]:
    """Pass on to a process what is sent to this one. Ctrl-C a terminal sends to both.

    This one listens before it starts the other, because a scheduler does not wait until it has. A handler is
    not handed down to what is started, as it would be that a signal is ignored.

    Yields:
        What is to be told the process: it is sent what came before it, too.
    """
    early: list[int] = []
    send = early.append

    def pass_on_to(process: subprocess.Popen[bytes]) -> None:
        nonlocal send
        send = process.send_signal
        for number in early:
            send(number)

    numbers = [getattr(signal, name) for name in _PASSED_ON if hasattr(signal, name)]
    before = {
        number: signal.signal(number, lambda number, _: send(number))
        for number in numbers
        if signal.getsignal(number) is signal.SIG_DFL  # under nohup, say, it stays ignored
    }
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        before[signal.SIGINT] = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield pass_on_to
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
