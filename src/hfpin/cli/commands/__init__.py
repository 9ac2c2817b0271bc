"""The commands of `hfpin`: one a module, listed here in the order that people meet them."""

from __future__ import annotations

from hfpin.cli.commands import (
    cache_key,
    check,
    doctor,
    env,
    explain,
    fetch,
    lock,
    path,
    pin,
    plan,
    refs,
    run,
    stage,
    verify,
)

__all__ = ["COMMANDS"]

COMMANDS = (
    check.COMMAND,
    refs.COMMAND,
    explain.COMMAND,
    pin.COMMAND,
    lock.COMMAND,
    plan.COMMAND,
    fetch.COMMAND,
    verify.COMMAND,
    stage.COMMAND,
    run.COMMAND,
    path.COMMAND,
    env.COMMAND,
    cache_key.COMMAND,
    doctor.COMMAND,
)
