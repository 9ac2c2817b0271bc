"""`hfpin cache-key`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hfpin.cli.command import Command
from hfpin.cli.here import project_here
from hfpin.operations.project import read_lock

if TYPE_CHECKING:
    import argparse


def _run(args: argparse.Namespace) -> int:
    from hfpin.operations.cache_key import cache_key

    del args
    print(cache_key(read_lock(project_here())))
    return 0


COMMAND = Command(
    name="cache-key",
    summary="print a hash of what the pins bring into the cache, for CI; offline",
    run=_run,
    without_options={},
)
