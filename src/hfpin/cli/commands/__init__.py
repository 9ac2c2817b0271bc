"""The commands of `hfpin`: one a module, called as the command is."""

from __future__ import annotations

from importlib import import_module

from hfpin.cli.command import Command

__all__ = ["NAMES", "load"]

NAMES = (
    "init",
    "check",
    "refs",
    "explain",
    "pin",
    "lock",
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
