"""What can be typed after `hfpin`, and its help."""

from __future__ import annotations

import argparse

from hfpin import __version__
from hfpin.cli.commands import COMMANDS

EXIT_CODES = """\
exit codes:
  0  clean
  1  findings, or something could not be pinned
  2  could not run: a path, a setting, the lock or the Hub is in the way
  3  integrity: bytes differ from hfpin.lock
"""


def build_parser() -> argparse.ArgumentParser:
    """Build the parser. What was chosen is in `run`."""
    parser = argparse.ArgumentParser(
        prog="hfpin",
        description="Declare which Hugging Face repos a project uses, at which commit, and hold it to that.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"hfpin {__version__}")
    choices = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in COMMANDS:
        description = f"{command.summary[0].upper()}{command.summary[1:]}."
        chosen = choices.add_parser(command.name, help=command.summary, description=description)
        command.configure(chosen)
        chosen.set_defaults(run=command.run)
    return parser
