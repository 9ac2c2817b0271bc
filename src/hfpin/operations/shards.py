"""Parts of a lock for the tasks of a job: each reads its own, together they read every byte once."""

from __future__ import annotations

import heapq
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from hfpin.dataclass import dataclass, replace
from hfpin.errors import ConfigError
from hfpin.lock import LockedFile, LockedPin

_LAUNCHERS = (
    # the task's number from 0, how many there are, and what names the run for all of them alike
    (  # srun(1); no batch script. A job that is queued again keeps its number, and its steps have theirs
        "SLURM_PROCID",
        "SLURM_STEP_NUM_TASKS",
        ("SLURM_JOB_ID", "SLURM_STEP_ID", "SLURM_RESTART_COUNT"),
    ),
    ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", ("PMIX_NAMESPACE",)),  # Open MPI's mpirun
)
_EXPLICIT = re.compile(r"([1-9][0-9]{0,8})/([1-9][0-9]{0,8})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """One task's part.

    Args:
        number: Which, from 0.
        count: How many there are.
        run: Names the run for all its tasks alike, so that they can find each other's results; None where
            nothing does.
    """

    number: int
    count: int
    run: str | None = None


def find_shard(text: str, environ: Mapping[str, str]) -> Shard:
    """Read which part is meant.

    Args:
        text: `I/N`, from `1/N` to `N/N`; or `auto`, for what the launcher of the task says.
        environ: The environment.

    Raises:
        ConfigError: It is neither, or no launcher says anything.
    """
    if text == "auto":
        for rank, size, names in _LAUNCHERS:
            number, count = environ.get(rank, ""), environ.get(size, "")
            if number.isdecimal() and count.isdecimal() and int(number) < int(count):
                run = "-".join(environ.get(name, "") for name in names)
                run = re.sub(r"[^\w.-]", "_", run).strip("-")
                return Shard(number=int(number), count=int(count), run=run or None)
        raise ConfigError(
            "--shard auto: no launcher says which task this is ($SLURM_PROCID, $OMPI_COMM_WORLD_RANK)",
            hint="Start it with srun or mpirun, or say which part: --shard 1/3.",
        )
    match = _EXPLICIT.fullmatch(text)
    if match is None or int(match[1]) > int(match[2]):
        raise ConfigError(f"--shard {text}: that is no part", hint="Write I/N, from 1/N to N/N, or auto.")
    return Shard(number=int(match[1]) - 1, count=int(match[2]))


def part(pins: Sequence[LockedPin], shard: Shard) -> tuple[LockedPin, ...]:
    """Give the part of pins that a task reads: for every task the same parts, none in two.

    Each file, the largest first, goes to the part that has the fewest bytes; names that share a blob of the
    cache stay together. A single file cannot be divided: its hash is one sequence.

    Args:
        pins: All pins, the same for each task.
        shard: Which part.

    Returns:
        The pins, each with those of its files that are the part's; also those without any.
    """
    blobs: dict[object, list[tuple[int, LockedFile]]] = defaultdict(list)
    for index, locked in enumerate(pins):
        target = locked.pin.target
        for file in locked.files:
            place = (target.repo,) if target.local_dir is None else (target.local_dir, file.path)
            blobs[(*place, file.digest, file.size)].append((index, file))
    loads = [(0, number) for number in range(shard.count)]
    kept: dict[int, list[LockedFile]] = defaultdict(list)
    for group in sorted(blobs.values(), key=lambda group: (-group[0][1].size, group[0][0], group[0][1].path)):
        size, number = loads[0]
        heapq.heapreplace(loads, (size + max(group[0][1].size, 1), number))
        if number == shard.number:
            for index, file in group:
                kept[index].append(file)
    return tuple(
        replace(locked, files=tuple(sorted(kept[index], key=lambda file: file.path)))
        for index, locked in enumerate(pins)
    )
