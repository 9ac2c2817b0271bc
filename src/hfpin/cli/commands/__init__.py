"""The commands of `hfpin`: one a module, called as the command is."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

from hfpin.cli.command import Command

if TYPE_CHECKING:
    import argparse

__all__ = ["NAMES", "arguments_of_paths", "load"]

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


def arguments_of_paths(argv: Sequence[str]) -> argparse.Namespace | None:
    """Parse a line of a command and paths, as pre-commit calls hooks; None where it is another one.

    It says what argparse would, which a hook need not load for that.
    """
    if not argv or argv[0] not in NAMES or any(word.startswith("-") for word in argv):
        return None
    command = load(argv[0])
    if command.without_options is None:
        return None
    paths = [Path(word) for word in argv[1:]]
    arguments = SimpleNamespace(run=command.run, paths=paths, **command.without_options)
    return cast("argparse.Namespace", arguments)
