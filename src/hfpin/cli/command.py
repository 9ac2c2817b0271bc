"""What a command is: its name, what it takes, and what it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from hfpin.dataclass import dataclass
from hfpin.errors import ConfigError

if TYPE_CHECKING:  # a hook that is given paths alone does not load it
    import argparse


def takes_paths(parser: argparse.ArgumentParser) -> None:
    """Let a command take files and folders."""
    parser.add_argument(
        "paths",
        metavar="PATH",
        type=Path,
        nargs="*",
        help="files or folders (default: the declaring files of the project)",
    )


def takes_names(parser: argparse.ArgumentParser) -> None:
    """Let a command take pins."""
    parser.add_argument(
        "names",
        metavar="NAME",
        nargs="*",
        help="pins, by name or repo id (default: all)",
    )


def takes_command(parser: argparse.ArgumentParser) -> None:
    """Let a command take a command line to run, behind two dashes."""
    from argparse import REMAINDER

    parser.add_argument("command", metavar="-- COMMAND", nargs=REMAINDER, help="what to run")


def given_command(args: argparse.Namespace, name: str) -> list[str]:
    """The command line that was given.

    Raises:
        ConfigError: There is none.
    """
    given: list[str] = args.command[1:] if args.command[:1] == ["--"] else args.command
    if not given:
        raise ConfigError("there is nothing to run", hint=f"Write it behind: hfpin {name} -- python train.py")
    return given


def takes_nothing(parser: argparse.ArgumentParser) -> None:
    """Let a command take no arguments of its own."""
    del parser


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command of `hfpin`.

    Args:
        name: What is typed.
        summary: What it does, in a line that starts in lower case and says whether it asks the Hub.
        configure: Adds its arguments.
        run: Does it, prints, and gives the exit code. It imports what it needs: `check` must not pay for
            `fetch`.
        without_options: For one that takes paths and options, what argparse has for all options where none
            is given.
    """

    name: str
    summary: str
    configure: Callable[[argparse.ArgumentParser], None] = takes_nothing
    run: Callable[[argparse.Namespace], int]
    without_options: Mapping[str, object] | None = None
