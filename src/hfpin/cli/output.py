"""How the command line speaks when something is wrong."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from typing import TextIO

from hfpin.errors import HfpinError
from hfpin.report.safe import safe


def print_error(error: HfpinError, where: str = "") -> None:
    """Print an error as people should meet it: what is wrong, then what to do.

    It is written at once: the ranks of a job share a terminal, and each message should stay whole.

    Args:
        error: What is wrong.
        where: What goes before it where several machines print: a node's name.
    """
    sys.stdout.flush()
    with contextlib.suppress(OSError):  # nobody is left to tell
        # A file's name may hold what a terminal obeys, or a line that a CI system takes for a command.
        hint = f"  = {safe(error.hint)}\n" if error.hint else ""
        sys.stderr.write(f"hfpin: {where}{safe(error.message)}\n{hint}")
        sys.stderr.flush()


def print_line(line: str, out: TextIO) -> None:
    """Print a line at once, as `print` may not: an unbuffered stream gets its end from that by itself."""
    out.write(f"{line}\n")
    out.flush()


def never_fail_to_print() -> None:
    """Let what stdout and stderr cannot encode be printed as an escape: a file's name need not be UTF-8.

    In the C locale they take bytes of a name back, and refuse all else that they cannot encode. One that was
    closed before the process began (`>&-`) is none at all, and gets somewhere to go.
    """
    if sys.stdout is None:
        sys.stdout = _nowhere()
    if sys.stderr is None:
        sys.stderr = _nowhere()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors in ("strict", "surrogateescape"):
            stream.reconfigure(errors="backslashreplace")


def _nowhere() -> TextIO:
    return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123  # as long as the process


def forget_unprinted() -> None:
    """Let go of what could not be written to stdout: Python would try, and complain, again when it ends."""
    with contextlib.suppress(OSError):  # a stream that is no file
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def write_utf8(text: str) -> None:
    """Print text as UTF-8 whatever the locale is, and its line endings as they are: a program reads it."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))
    sys.stdout.buffer.flush()


def write_paths(text: str) -> None:
    """Print text that holds paths, byte for byte: a path may be no UTF-8, which `print` would refuse."""
    sys.stdout.flush()
    sys.stdout.buffer.write(os.fsencode(text))
    sys.stdout.buffer.flush()


def wants_color(choice: str) -> bool:
    """Whether to colour what goes to stdout: as chosen, else on a terminal, unless NO_COLOR says no.

    Args:
        choice: `always`, `never` or `auto`.
    """
    if choice != "auto":
        return choice == "always"
    is_plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    return sys.stdout.isatty() and not is_plain
