"""What can be typed after `hfpin`, and its help."""

from __future__ import annotations

import argparse
from pathlib import Path

from hfpin import __version__

EXIT_CODES = """\
exit codes:
  0  clean
  1  findings, or something could not be pinned
  2  could not run: a path, a setting, the lock or the Hub is in the way
  3  integrity: bytes differ from hfpin.lock
"""


def build_parser() -> argparse.ArgumentParser:
    """Build the parser. Each command's name is in `command`."""
    parser = argparse.ArgumentParser(
        prog="hfpin",
        description="Declare which Hugging Face repos a project uses, at which commit, and hold it to that.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"hfpin {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    check = _add(commands, "check", "report references without a revision, or with one that moves; offline")
    _add_paths(check)

    refs = _add(commands, "refs", "list every Hub reference that is seen; offline")
    refs.add_argument("--format", choices=("text", "jsonl"), default="text", help="default: %(default)s")
    _add_paths(refs)

    pin = _add(commands, "pin", "write today's commits into the files, then the lock; asks the Hub")
    pin.add_argument("--no-lock", action="store_true", help="leave hfpin.lock as it is")
    _add_paths(pin)

    _add(commands, "lock", "write hfpin.lock from what is declared; asks the Hub for what is new")

    fetch = _add(commands, "fetch", "bring the files of pins, verified; asks the Hub for what is missing")
    _add_names(fetch)

    verify = _add(commands, "verify", "hold every byte on disk against hfpin.lock; offline")
    verify.add_argument("--repair", action="store_true", help="fetch what is wrong; asks the Hub")
    _add_names(verify)
    return parser


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, summary: str
) -> argparse.ArgumentParser:
    description = f"{summary[0].upper()}{summary[1:]}."
    return commands.add_parser(name, help=summary, description=description)


def _add_paths(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths",
        metavar="PATH",
        type=Path,
        nargs="*",
        help="files or folders (default: the declaring files of the project)",
    )


def _add_names(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "names",
        metavar="NAME",
        nargs="*",
        help="pins, by name or repo id (default: all)",
    )
