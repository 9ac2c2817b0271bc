"""Parts of a lock for the tasks of a job."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hfpin.digest import Digest
from hfpin.errors import ConfigError
from hfpin.lock import LockedFile, LockedPin
from hfpin.operations.shards import Shard, find_shard, part
from hfpin.pin import Pin, Target
from hfpin.repo import Repo

SIZES = st.lists(st.integers(0, 1 << 30), max_size=30)


def pin(name: str, sizes: list[int], *, commit: str = "0" * 40) -> LockedPin:
    """A pin with files of these sizes, told apart by their digests."""
    files = tuple(
        LockedFile(path=f"f{number:03}", size=size, digest=Digest("sha256", f"{number:032x}{size:032x}"))
        for number, size in enumerate(sizes)
    )
    target = Target(repo=Repo("acme/tiny"), commit=commit)
    return LockedPin(pin=Pin(name=name, target=target, revision=commit), files=files)


@given(SIZES, SIZES, st.integers(1, 12))
def test_every_file_is_in_one_part(first: list[int], second: list[int], count: int) -> None:
    """The parts together are all files; no blob is in two; no part is heavier than it must be."""
    pins = (pin("a", first), pin("b", second, commit="1" * 40))
    parts = [part(pins, Shard(number=number, count=count)) for number in range(count)]
    for index, locked in enumerate(pins):
        together = sorted((file for one in parts for file in one[index].files), key=lambda file: file.path)
        assert tuple(together) == locked.files
    blobs = [{file.digest for locked in one for file in locked.files} for one in parts]
    assert sum(map(len, blobs)) == len(set().union(*blobs))
    loads = [
        sum(
            max(size, 1)
            for size in {file.digest: file.size for locked in one for file in locked.files}.values()
        )
        for one in parts
    ]
    largest = max((file.size for locked in pins for file in locked.files), default=0)
    assert max(loads) - min(loads) <= max(largest, 1)


def test_which_part() -> None:
    """It is said, or known by the launcher: a step of srun, or Open MPI; never a mere batch script."""
    assert find_shard("2/3", {}) == Shard(number=1, count=3)
    step = {"SLURM_PROCID": "2", "SLURM_STEP_NUM_TASKS": "3", "SLURM_JOB_ID": "7", "SLURM_STEP_ID": "0"}
    assert find_shard("auto", step) == Shard(number=2, count=3, run="7-0")
    again = find_shard("auto", {**step, "SLURM_RESTART_COUNT": "1"})
    assert again == Shard(number=2, count=3, run="7-0-1")
    mpi = {"OMPI_COMM_WORLD_RANK": "0", "OMPI_COMM_WORLD_SIZE": "2", "PMIX_NAMESPACE": "../x y"}
    assert find_shard("auto", mpi) == Shard(number=0, count=2, run=".._x_y")
    with pytest.raises(ConfigError, match="no launcher says which task this is"):
        find_shard("auto", {"SLURM_PROCID": "0", "SLURM_NTASKS": "3", "SLURM_JOB_ID": "7"})


@pytest.mark.parametrize("text", ["", "3", "0/3", "4/3", "1/0", "-1/3", "1/3/5", "a/b"])
def test_no_part(text: str) -> None:
    """Anything else is refused."""
    with pytest.raises(ConfigError, match="that is no part"):
        find_shard(text, {})
