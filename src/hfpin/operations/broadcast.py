"""Staging on all nodes of a job, by Slurm's own srun and sbcast.

Each node stages for itself, by `hfpin stage` in a task of its own: it copies what it lacks, checks every
digest and takes its turn as on a single node. With sbcast the bytes of large files are there before, under
the name of a partial file: so a node trusts nothing that it has not hashed, and goes on from what a
broken-off broadcast left.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from hfpin.dataclass import dataclass
from hfpin.digest import Digest
from hfpin.errors import DestinationError, HfpinError
from hfpin.lock import LockedFile, LockedPin
from hfpin.operations.allocation import WORTH_A_BROADCAST, Allocation, Via, choose_via
from hfpin.operations.partial import left_by_nobody
from hfpin.operations.staged import staged, staged_places
from hfpin.places import Places

_DIGESTS_A_LINE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """What a node lacks.

    Args:
        node: Its name.
        digests: Of the files that are not there, as `algorithm:hex`.
    """

    node: str
    digests: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Nodes:
    """All nodes of a job, told to stage.

    Args:
        allocation: The job's nodes.
        places: Where the shared cache is.
        pins: The pins.
        folder: Where each node stages to.
        stage: The command that stages on one node, `hfpin stage …`, for this project.
    """

    allocation: Allocation
    places: Places
    pins: Sequence[LockedPin]
    folder: Path
    stage: tuple[str, ...]

    def look(self) -> tuple[Lacking, ...]:
        """Ask each node what it lacks; the folders that it needs are made.

        Raises:
            HfpinError: A node does not answer.
        """
        done = self._srun("--prepare", capture=True)
        said = read_lacking(done.stdout)
        if done.returncode or len(said) != self.allocation.nodes:
            heard = ", ".join(sorted(one.node for one in said)) or "none"
            raise HfpinError(
                f"{len(said)} of {self.allocation.nodes} nodes say what they lack: {heard}",
                hint="See above what the others say; then run the same command again.",
            )
        return said

    def worth_a_broadcast(self, lacking: Iterable[Lacking]) -> tuple[LockedFile, ...]:
        """Give the large files that every node lacks: what only some lack they read for themselves."""
        everywhere = frozenset.intersection(*(one.digests for one in lacking))
        found: dict[Digest, LockedFile] = {
            file.digest: file
            for locked in self.pins
            for file in locked.files
            if file.size >= WORTH_A_BROADCAST and str(file.digest) in everywhere
        }
        return tuple(found.values())

    def choose(self, files: Sequence[LockedFile]) -> Via:
        """Choose how large files reach the nodes."""
        return choose_via(self.allocation, sum(file.size for file in files))

    def broadcast(self, files: Sequence[LockedFile]) -> None:
        """Send files to all nodes, as partial files that each node then hashes.

        A node that could not take one is not told here: it will say so when it stages.
        """
        wanted = {file.digest for file in files}
        goal = staged_places(self.places, self.folder)
        for locked in self.pins:
            blobs = goal.repo_folder(locked.pin.repo) / "blobs"
            for file in locked.files:
                if file.digest in wanted:
                    wanted.discard(file.digest)
                    source = self.places.snapshot(locked.pin.target) / file.path
                    _run(["sbcast", "--force", str(source.resolve()), str(left_by_nobody(blobs, file))])

    def stage_each(self) -> int:
        """Let every node stage, and give the highest exit code."""
        return self._srun().returncode

    def _srun(self, *more: str, capture: bool = False) -> subprocess.CompletedProcess[str]:
        nodes = str(self.allocation.nodes)
        one_each = [
            "srun",
            f"--nodes={nodes}",
            f"--ntasks={nodes}",
            "--ntasks-per-node=1",
            "--kill-on-bad-exit=0",
        ]
        return _run([*one_each, *self.stage, *more], capture=capture)


def told_lacking(lacking: Lacking) -> Iterator[str]:
    """Tell what a node lacks, in lines of JSON.

    Each is short: srun passes whole lines on, but of one that is longer than a kilobyte a part at a time, and
    puts those of other nodes in between.
    """
    digests = sorted(lacking.digests)
    for start in range(0, len(digests) or 1, _DIGESTS_A_LINE):
        yield json.dumps({"node": lacking.node, "lacks": digests[start : start + _DIGESTS_A_LINE]})


def read_lacking(text: str) -> tuple[Lacking, ...]:
    """Read what nodes told, whatever else was printed in between, by a site's prologue say."""
    found: dict[str, set[str]] = {}
    for line in text.splitlines():
        try:
            one = json.loads(line)
        except ValueError:
            continue
        if isinstance(one, dict) and isinstance(one.get("node"), str) and isinstance(one.get("lacks"), list):
            found.setdefault(one["node"], set()).update(map(str, one["lacks"]))
    return tuple(Lacking(node=node, digests=frozenset(digests)) for node, digests in found.items())


def lacks(places: Places, pins: Iterable[LockedPin], folder: Path) -> list[str]:
    """Tell what this node lacks, as `algorithm:hex`, sorted, and make the folders for it.

    Raises:
        DestinationError: A folder cannot be made.
    """
    from hfpin.operations.plan import plan

    goal = staged_places(places, folder)
    missing: set[str] = set()
    for locked in pins:
        found = plan(goal, staged(locked))
        missing.update(str(file.digest) for file, _ in found.states)
        if not found.is_complete:
            blobs = goal.repo_folder(locked.pin.repo) / "blobs"
            try:
                blobs.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise DestinationError(
                    f"{blobs} cannot be made: {error.strerror}", hint="Check the path and its permissions."
                ) from None
    return sorted(missing)


def _run(command: list[str], *, capture: bool = False) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(  # noqa: S603  # Slurm's commands, and our own
            command,
            check=False,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if capture else None,
        )
    except FileNotFoundError:
        raise HfpinError(
            f"{command[0]} is not here, though $SLURM_JOB_ID says that this is a job of Slurm",
            hint="Put Slurm's commands on the PATH, or stage on each node by itself: --via none.",
        ) from None
