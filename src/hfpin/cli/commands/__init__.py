"""The commands of `hfpin`: one a module, listed here in the order that people meet them."""

from __future__ import annotations

from hfpin.cli.commands import check, fetch, lock, pin, plan, refs, verify

__all__ = ["COMMANDS"]

COMMANDS = (
    check.COMMAND,
    refs.COMMAND,
    pin.COMMAND,
    lock.COMMAND,
    plan.COMMAND,
    fetch.COMMAND,
    verify.COMMAND,
)
