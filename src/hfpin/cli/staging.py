"""Staging as the command line shows it: on this node, or on all nodes of a job."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from hfpin.cli.output import print_error, print_line
from hfpin.errors import HfpinError
from hfpin.lock import LockedPin
from hfpin.operations.allocation import VIAS
from hfpin.operations.project import Project

if TYPE_CHECKING:
    import argparse

ON_ONE_NODE = "none"
"""What `--via` says where Slurm's nodes are not to be told."""


def named_folder(text: str) -> Path:
    """Read a folder's name. An empty one is a variable that is not set, and not the folder that one is in.

    Raises:
        ArgumentTypeError: It is empty.
    """
    if not text:
        from argparse import ArgumentTypeError

        raise ArgumentTypeError("it is empty; is the variable set that it is taken from?")
    return Path(text)


def takes_via(parser: argparse.ArgumentParser) -> None:
    """Let a command say how bytes reach the nodes of a job."""
    parser.add_argument(
        "--via",
        choices=(*VIAS, ON_ONE_NODE),
        help="in a job of several nodes: let each read the shared cache (srun), read it once and broadcast "
        "(sbcast), or stage on this node only (none); default: what pays",
    )


def stage_pins(
    project: Project, pins: Sequence[LockedPin], folder: Path, out: TextIO, via: str | None
) -> int:
    """Stage pins, print a line for each that was not there, and give the exit code.

    Args:
        project: Where the shared cache is.
        pins: The pins.
        folder: Where to.
        out: Where to print.
        via: How large files reach the nodes of a job: `srun`, `sbcast`, or `none` for this node only; what
            pays where None.
    """
    from hfpin.operations.allocation import find_allocation

    allocation = None if via == ON_ONE_NODE else find_allocation(os.environ)
    if allocation is None:
        return _stage_here(project, pins, folder, out)
    from hfpin.operations.broadcast import Nodes
    from hfpin.operations.open_snapshot import open_snapshot

    for locked in pins:
        open_snapshot(project.places, locked)
    names = [locked.pin.name for locked in pins]
    nodes = Nodes(
        allocation=allocation,
        places=project.places,
        pins=pins,
        folder=folder,
        stage=(sys.executable, "-m", "hfpin", "stage", "--to", str(folder), *names),
    )
    lacking = nodes.look()
    if not any(one.digests for one in lacking):
        print_line(f"{len(lacking)} nodes: all there, in {folder}", out)
        return 0
    large = nodes.worth_a_broadcast(lacking)
    if (via or nodes.choose(large)) == "sbcast":
        nodes.broadcast(large)
    out.flush()
    return nodes.stage_each()


def prepare(project: Project, pins: Sequence[LockedPin], folder: Path) -> int:
    """Make the folders on this node, and print what it lacks, as lines of JSON."""
    from hfpin.operations.broadcast import Lacking, lacks, told_lacking

    lacking = Lacking(node=_node(), digests=frozenset(lacks(project.places, pins, folder)))
    for line in told_lacking(lacking):
        print_line(line, sys.stdout)
    return 0


def _stage_here(project: Project, pins: Sequence[LockedPin], folder: Path, out: TextIO) -> int:
    from hfpin.operations.plan import plan
    from hfpin.operations.staged import staged, staged_places
    from hfpin.report.numbers import counted, human_size

    where = f"{_node()}: " if os.environ.get("SLURM_STEP_NUM_NODES", "1") != "1" else ""
    goal = staged_places(project.places, folder)
    if all(plan(goal, staged(locked)).is_complete for locked in pins):
        total = human_size(sum(locked.size for locked in pins))
        print_line(f"{where}{counted(len(pins), 'pin')} ({total}) in {goal.cache_dir}: all there", out)
        return 0
    from hfpin.operations.stage import stage
    from hfpin.report.fetched import render_staged
    from hfpin.report.progress import ProgressBar

    code = 0
    try:
        for result in stage(project.places, pins, folder, project.config, ProgressBar(sys.stderr)):
            print_line(f"{where}{render_staged(result, goal.cache_dir)}", out)
            if result.error is not None:
                print_error(result.error, where)
                code = max(code, result.error.exit_code)
    except HfpinError as error:
        print_error(error, where)
        code = error.exit_code
    return code


def _node() -> str:
    """What this node is called: Slurm may run several on one machine."""
    from hfpin.operations.partial import host_name

    return os.environ.get("SLURMD_NODENAME") or host_name()
