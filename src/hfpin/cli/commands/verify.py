"""`hfpin verify`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from hfpin.cli.command import PINS, Command
from hfpin.cli.here import chosen_pins, lock_here, project_here
from hfpin.errors import ConfigError, IntegrityError
from hfpin.lock import Lock, LockedPin
from hfpin.operations.project import Project

if TYPE_CHECKING:
    import argparse

    from hfpin.operations.verify import Verified


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--quick", action="store_true", help="compare names and sizes, and read no content")
    parser.add_argument("--repair", action="store_true", help="fetch what is wrong; asks the Hub")
    parser.add_argument(
        "--shard",
        metavar="I/N",
        help="read the I-th of N parts; `auto` under srun or mpirun: each task its own, the first reports",
    )


def _run(args: argparse.Namespace) -> int:
    from hfpin.operations.verify import verify
    from hfpin.report.verifying import render_verified

    if args.shard is not None and args.repair:
        raise ConfigError("--repair is for the whole", hint="Verify in parts, then: hfpin verify --repair")
    project = project_here()
    lock = lock_here(project)
    pins = chosen_pins(args, lock)
    if args.shard is None:
        results = verify(project.places, pins, others=lock.pins, quick=args.quick)
    else:
        found = _verify_shard(args, project, pins, lock)
        if found is None:
            return 0
        results = found
    for line in render_verified(results, quick=args.quick):
        print(line)
    faulty = [result for result in results if result.faults]
    if faulty and not args.repair:
        print("hfpin verify --repair fetches just those.")
        return IntegrityError.exit_code
    codes = [_repair(project, faulty)] if faulty else []
    if not args.quick:
        codes += [_tell_unwhole(project, result) for result in results if not result.faults]
    if any(result.intruders for result in results):
        codes.append(IntegrityError.exit_code)  # hfpin removes nothing that it did not bring
    return max(codes, default=0)


def _repair(project: Project, faulty: Sequence[Verified]) -> int:
    from hfpin.cli.fetching import fetch_pin
    from hfpin.report.progress import ProgressBar

    bar = ProgressBar(sys.stderr)
    return max(
        fetch_pin(project, result.locked, bar, tuple(fault.file for fault in result.faults))
        for result in faulty
    )


def _tell_unwhole(project: Project, result: Verified) -> int:
    """Say what keeps a pin whose bytes are right from being whole; give the exit code."""
    from hfpin.operations.wholeness import unwhole

    faults = unwhole(project, result.locked)
    if not faults:
        return 0
    from hfpin.report.inspecting import render_faults

    for line in render_faults(result.locked.pin.name, faults):
        print(line)
    return 1


def _verify_shard(
    args: argparse.Namespace, project: Project, pins: list[LockedPin], lock: Lock
) -> tuple[Verified, ...] | None:
    """Verify one part; give what to report: all parts in the first task of a run, None in the others."""
    from hfpin.operations.gathering import Gathering
    from hfpin.operations.shards import find_shard, part
    from hfpin.operations.verify import verify

    shard = find_shard(args.shard, os.environ)
    mine = part(pins, shard)
    if shard.run is None:
        return verify(project.places, mine, others=lock.pins, quick=args.quick)
    gathering = Gathering(root=project.root, run=shard.run, shard=shard)
    with gathering.alive():
        gathering.give(verify(project.places, mine, others=lock.pins, quick=args.quick))
        return gathering.collect(pins) if shard.number == 0 else None


COMMAND = Command(
    name="verify",
    summary="hold every byte on disk against hfpin.lock; offline",
    configure=_configure,
    takes=PINS,
    run=_run,
    without_options={"quick": False, "repair": False, "shard": None},
)
