"""`hfpin slurm init`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hfpin.cli.command import Command
from hfpin.cli.here import project_here

if TYPE_CHECKING:
    import argparse


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("verb", choices=("init",), help="write jobs/fetch.sbatch and jobs/train.sbatch")


def _run(args: argparse.Namespace) -> int:
    from hfpin.operations.slurm_jobs import write_jobs

    del args
    for path, is_new in write_jobs(project_here().root).items():
        print(f"{path.as_posix()}: {'written' if is_new else 'there already, and left as it is'}")
    print("Next: read them, set times and partitions, then doit slurm:train, or sbatch as they say.")
    return 0


COMMAND = Command(
    name="slurm",
    summary="write job scripts for a cluster: one that fetches, one that trains after it; offline",
    configure=_configure,
    run=_run,
)
