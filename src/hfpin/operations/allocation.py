"""The nodes that Slurm gave to a job, and how bytes should reach them: decided from values alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from hfpin.dataclass import dataclass

Via = Literal["srun", "sbcast"]
VIAS: tuple[Via, ...] = get_args(Via)

WORTH_A_BROADCAST = 16 << 20
"""Bytes of a file from which it is broadcast; each node reads a smaller one for itself.

Every broadcast asks Slurm's controller, which should not be asked in long loops (sbcast(1), PERFORMANCE): a
model's shards are dozens, its other files may be thousands.
"""

_FEW_NODES = 7
"""Nodes up to which each reads for itself.

A broadcast takes several times as long as a read that nobody else contends for, and readers of one file
system get a share of it each: so it pays from about as many nodes as that factor, which is below the eight
that one step of sbcast's tree serves (`benchmarks/slurm.py` measures the factor).
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """The nodes of a job, as its batch script meets them.

    Args:
        nodes: How many there are; two or more.
    """

    nodes: int


def find_allocation(environ: Mapping[str, str]) -> Allocation | None:
    """Read from Slurm's variables whether this process speaks for several nodes.

    The batch script of a job does, and whoever has made an allocation with salloc. A task that srun started
    does not: it speaks for its own node.

    Args:
        environ: The environment (https://slurm.schedmd.com/sbatch.html, OUTPUT ENVIRONMENT VARIABLES).
    """
    nodes = environ.get("SLURM_JOB_NUM_NODES", environ.get("SLURM_NNODES", ""))
    if "SLURM_JOB_ID" not in environ or "SLURM_STEP_ID" in environ or not nodes.isdecimal():
        return None
    return Allocation(nodes=int(nodes)) if int(nodes) > 1 else None


def choose_via(allocation: Allocation, size: int) -> Via:
    """Choose how the bytes of large files reach the nodes.

    With `srun` each node reads the shared file system. With `sbcast` it is read once, and Slurm's daemons
    pass the bytes on along a tree, eight nodes to a branch. docs/clusters.md has what was measured.

    Args:
        allocation: The nodes.
        size: Bytes of the files that are worth a broadcast each.
    """
    return "sbcast" if size and allocation.nodes > _FEW_NODES else "srun"
