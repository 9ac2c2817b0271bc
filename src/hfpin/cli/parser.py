"""What can be typed after `hfpin`, and its help."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from hfpin import __version__
from hfpin.cli.command import Command
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


class _Commands(_Help):
    """Help with commands in it. Only since 3.13 does argparse make room for what they are indented by."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog)
        self._action_max_length = max(map(len, NAMES)) + 4


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


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Parse a line. What to do is in `run`. Where its first word is a command, no other is loaded.

    Raises:
        SystemExit: It is wrong, or asks for help, which was printed.
    """
    if argv and argv[0] in NAMES:
        return command_parser(load(argv[0])).parse_args(argv[1:])
    return main_parser().parse_args(argv)


def command_parser(command: Command) -> argparse.ArgumentParser:
    """Build the parser of what follows a command's name."""
    parser = argparse.ArgumentParser(
        prog=f"hfpin {command.name}",
        description=f"{command.summary[0].upper()}{command.summary[1:]}.",
        formatter_class=_Help,
    )
    command.configure(parser)
    if command.takes is not None:
        command.takes.add_to(parser)
    parser.set_defaults(run=command.run)
    return parser


def main_parser() -> argparse.ArgumentParser:
    """Build the parser of a line that does not start with a command: it asks for help, or gets it."""
    parser = argparse.ArgumentParser(
        prog="hfpin",
        description="Declare which Hugging Face repos a project uses, at which commit, and hold it to that.",
        epilog=EXIT_CODES,
        formatter_class=_Commands,
    )
    parser.add_argument("--version", action="version", version=f"hfpin {__version__}")
    choices = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in map(load, NAMES):
        choices.add_parser(command.name, help=command.summary)
    return parser
