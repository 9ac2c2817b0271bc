"""The job scripts that a project on a cluster starts from: one fetches where the network is, one trains."""

from __future__ import annotations

from pathlib import Path

from hfpin import atomic
from hfpin.errors import DestinationError

FOLDER = "jobs"
SUFFIX = ".sbatch"

_FETCH = """\
#!/bin/bash
# Brings what hfpin.lock says into the cache that all nodes see. It needs a network.
#   sbatch jobs/fetch.sbatch
#SBATCH --job-name=hfpin-fetch
#SBATCH --ntasks=1
#SBATCH --time=04:00:00
# Preempted, it is queued again, and goes on from the byte where it was:
#SBATCH --requeue
# Many clusters have a partition for it, whose nodes have a network; name it and take one # away:
##SBATCH --partition=transfer
set -euo pipefail
cd "${SLURM_SUBMIT_DIR:-.}"

hfpin fetch
"""

_TRAIN = """\
#!/bin/bash
# Trains on nodes without a network, with the pins on each node's own disk.
#   job=$(sbatch --parsable jobs/fetch.sbatch)
#   sbatch --dependency=afterok:"$job" --kill-on-invalid-dep=yes jobs/train.sbatch
#SBATCH --job-name=train
#SBATCH --nodes=2
#SBATCH --ntasks-per-node=1
#SBATCH --time=04:00:00
#SBATCH --requeue
set -euo pipefail
cd "${SLURM_SUBMIT_DIR:-.}"

# Every task asks for the pins; on each node one of them copies and checks them, the others wait.
# Without a disk of its own in $SLURM_TMPDIR or $TMPDIR, say where: --stage /local/scratch/$SLURM_JOB_ID
srun hfpin run --stage -- python train.py

# With torchrun:
#   head=$(scontrol show hostnames "$SLURM_JOB_NODELIST" | head -n 1)
#   srun hfpin run --stage -- torchrun --nnodes "$SLURM_JOB_NUM_NODES" --nproc-per-node gpu \\
#     --rdzv-backend c10d --rdzv-endpoint "$head:29500" --rdzv-id "$SLURM_JOB_ID" train.py

# With accelerate launch, which each node has to tell its number; here with 4 GPUs a node:
#   export head; head=$(scontrol show hostnames "$SLURM_JOB_NODELIST" | head -n 1)
#   srun hfpin run --stage -- sh -c 'exec accelerate launch --multi_gpu --machine_rank "$SLURM_NODEID" \\
#     --num_machines "$SLURM_JOB_NUM_NODES" --num_processes "$((4 * SLURM_JOB_NUM_NODES))" \\
#     --main_process_ip "$head" --main_process_port 29500 train.py'
"""

JOBS = {"fetch": _FETCH, "train": _TRAIN}
"""Name to script."""


def write_jobs(root: Path) -> dict[Path, bool]:
    """Write the scripts that are not there; those that are stay as they are.

    Args:
        root: The project.

    Returns:
        Each script's path, relative to the project, and whether it was written.

    Raises:
        DestinationError: The folder cannot be written to.
    """
    written: dict[Path, bool] = {}
    for name, script in JOBS.items():
        path = Path(FOLDER, f"{name}{SUFFIX}")
        written[path] = not (root / path).exists()
        if written[path]:
            try:
                (root / FOLDER).mkdir(exist_ok=True)
                atomic.write(root / path, script.encode(), follow=False)
            except OSError as error:
                raise DestinationError(
                    f"{path} cannot be written: {error.strerror}",
                    hint=f"{FOLDER} has to be a folder that you may write to.",
                ) from None
    return written
