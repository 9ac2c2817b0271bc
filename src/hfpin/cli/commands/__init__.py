"""The commands of `hfpin`: one a module, called as the command is."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

from hfpin.cli.command import Command

if TYPE_CHECKING:
    import argparse

__all__ = ["NAMES", "arguments_of_words", "load"]

NAMES = (
    "init",
    "check",
    "refs",
    "explain",
    "pin",
    "lock",
    "deps",
    "plan",
    "fetch",
    "verify",
    "inspect",
    "large-files",
    "adapters",
    "status",
    "stage",
    "run",
    "slurm",
    "path",
    "env",
    "cache-key",
    "audit",
    "doctor",
)
"""What can be typed, in the order that people meet it."""


def load(name: str) -> Command:
    """Import a command: only the one that is run, so that a hook does not pay for the others."""
    command: Command = import_module(f"{__name__}.{name.replace('-', '_')}").COMMAND
    return command


def arguments_of_words(argv: Sequence[str]) -> argparse.Namespace | None:
    """Parse a line of a command and words, without an option; None where it is another one.

    It gives what argparse would, which takes longer to load and to set up than most of what commands do.
    """
    if not argv or argv[0] not in NAMES or any(word.startswith("-") for word in argv):
        return None
    command, words = load(argv[0]), argv[1:]
    if command.without_options is None or (command.takes is None and words):
        return None
    taken = {} if command.takes is None else command.takes.take(words)
    if taken is None:
        return None
    return cast("argparse.Namespace", SimpleNamespace(run=command.run, **taken, **command.without_options))
