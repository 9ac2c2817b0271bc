"""What can be typed after `hfpin`, and its help."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from hfpin import __version__
from hfpin.cli.commands import NAMES, load

EXIT_CODES = """\
exit codes:
  0  clean
  1  findings, or something could not be pinned
  2  could not run: a path, a setting, the lock or the Hub is in the way
  3  integrity: bytes differ from hfpin.lock
"""


class _Help(argparse.RawDescriptionHelpFormatter):
    """Help as wide as the terminal. argparse makes one for each argument, and asks shutil, slow to load."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_width())


def _width() -> int:
    """The terminal's width, found as `shutil.get_terminal_size` and argparse find it."""
    try:
        columns = int(os.environ["COLUMNS"])
    except (KeyError, ValueError):
        columns = 0
    if columns <= 0:
        try:
            columns = os.get_terminal_size(sys.__stdout__.fileno()).columns if sys.__stdout__ else 0
        except (OSError, ValueError):
            columns = 0
    return (columns or 80) - 2


def build_parser(argv: Sequence[str]) -> argparse.ArgumentParser:
    """Build the parser for a line. What was chosen is in `run`.

    Args:
        argv: The line. Where its first word is a command, only that one is loaded; help needs them all.
    """
    parser = argparse.ArgumentParser(
        prog="hfpin",
        description="Declare which Hugging Face repos a project uses, at which commit, and hold it to that.",
        epilog=EXIT_CODES,
        formatter_class=_Help,
    )
    parser.add_argument("--version", action="version", version=f"hfpin {__version__}")
    choices = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in map(load, argv[:1] if argv and argv[0] in NAMES else NAMES):
        description = f"{command.summary[0].upper()}{command.summary[1:]}."
        chosen = choices.add_parser(
            command.name, help=command.summary, description=description, formatter_class=_Help
        )
        command.configure(chosen)
        chosen.set_defaults(run=command.run)
    return parser
