"""The commands of `hfpin`: one a module, listed here in the order that people meet them."""

from __future__ import annotations

from hfpin.cli.commands import check, explain, fetch, lock, pin, refs, verify

__all__ = ["COMMANDS"]

COMMANDS = (
    check.COMMAND,
    refs.COMMAND,
    explain.COMMAND,
    pin.COMMAND,
    lock.COMMAND,
    fetch.COMMAND,
    verify.COMMAND,
)
