"""How the command line speaks when something is wrong."""

from __future__ import annotations

import io
import os
import sys

from hfpin.errors import HfpinError


def print_error(error: HfpinError, where: str = "") -> None:
    """Print an error as people should meet it: what is wrong, then what to do.

    Args:
        error: What is wrong.
        where: What goes before it where several machines print: a node's name.
    """
    sys.stdout.flush()
    print(f"hfpin: {where}{error.message}", file=sys.stderr)
    if error.hint:
        print(f"  = {error.hint}", file=sys.stderr)


def never_fail_to_print() -> None:
    """Let what stdout and stderr cannot encode be printed as an escape: a file's name need not be UTF-8."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="backslashreplace")


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
