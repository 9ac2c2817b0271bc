"""`hfpin deps`."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from hfpin.cli.command import PINS, Command
from hfpin.cli.here import lock_here, project_here

if TYPE_CHECKING:
    import argparse


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print pins and what each needs, as JSON")


def _run(args: argparse.Namespace) -> int:
    from hfpin.report.dependencies import as_json, render_tree

    lock = lock_here(project_here())
    if not lock.knows_dependencies:
        print("hfpin.lock is from before dependencies were locked: hfpin lock   adds them", file=sys.stderr)
    pins = [lock.find(name) for name in args.names]
    if not pins:
        pins = [locked for locked in lock.pins if not locked.is_dependency]
    if args.json:
        print(json.dumps(as_json(lock, pins), indent=1, ensure_ascii=False))
        return 0
    for line in render_tree(lock, pins):
        print(line)
    return 0


COMMAND = Command(
    name="deps",
    summary="print what pins need of other repos, as a tree: bases, tokenizers, code; offline",
    configure=_configure,
    takes=PINS,
    run=_run,
    without_options={"json": False},
)
