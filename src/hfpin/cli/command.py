"""What a command is: its name, what it takes, and what it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hfpin.dataclass import dataclass
from hfpin.errors import ConfigError

if TYPE_CHECKING:  # a line without options does not load it
    import argparse


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words that a command takes beside its options, all of one kind.

    Args:
        dest: What the arguments call them.
        metavar: What help calls one of them.
        help: What help says of them.
        kind: Makes what the command wants of a word.
        is_one: Whether there is exactly one, and the argument is no list.
    """

    dest: str
    metavar: str
    help: str
    kind: Callable[[str], object] = str
    is_one: bool = False

    def add_to(self, parser: argparse.ArgumentParser) -> None:
        """Let a command take them."""
        nargs = None if self.is_one else "*"
        parser.add_argument(self.dest, metavar=self.metavar, type=self.kind, nargs=nargs, help=self.help)

    def take(self, words: Sequence[str]) -> dict[str, object] | None:
        """Give the argument that words come to, as argparse does; None where it would refuse them."""
        if self.is_one:
            return {self.dest: self.kind(words[0])} if len(words) == 1 else None
        return {self.dest: [self.kind(word) for word in words]}


PATHS = Words(
    dest="paths",
    metavar="PATH",
    kind=Path,
    help="files or folders (default: the declaring files of the project)",
)
PINS = Words(dest="names", metavar="NAME", help="pins, by name or repo id (default: all)")


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
    if not given or not given[0]:
        raise ConfigError("there is nothing to run", hint=f"Write it behind: hfpin {name} -- python train.py")
    return given


def has_no_options(parser: argparse.ArgumentParser) -> None:
    """Let a command have no option."""
    del parser


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command of `hfpin`.

    Args:
        name: What is typed.
        summary: What it does, in a line that starts in lower case and says whether it asks the Hub.
        configure: Adds its options.
        takes: The words that it takes beside them; None for none, or where `configure` adds them.
        run: Does it, prints, and gives the exit code. It imports what it needs: `check` must not pay for
            `fetch`.
        without_options: What argparse has for all options where none is given, so that it need not be asked
            then; None where it always is.
    """

    name: str
    summary: str
    configure: Callable[[argparse.ArgumentParser], None] = has_no_options
    takes: Words | None = None
    run: Callable[[argparse.Namespace], int]
    without_options: Mapping[str, object] | None = None
