"""Measures `hfpin verify`: `python -m benchmarks.verify`.

Side by side with two `sha256sum` processes (and two of `openssl dgst -sha256`, which uses the same
instructions as we do) between which the same files are split as evenly as whole files can be; then how its
time grows with the number of files and with their bytes, and the most memory that any process took.
"""

from __future__ import annotations

import hashlib
import os
import resource
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.side_by_side import Contender, compare
from hfpin.digest import Digest
from hfpin.lock import Lock, LockedFile, LockedPin, dumps
from hfpin.pin import Pin, Target
from hfpin.places import Places
from hfpin.repo import Repo

MIB = 1 << 20
HFPIN = str(Path(sys.executable).parent / "hfpin")
HASHERS = (["sha256sum"], ["openssl", "dgst", "-sha256"])
MIXED = (200, 100, 64, 48, 32, 24, 16, 12, 8, 4, *[1] * 4)
"""MiB: 512 together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """A project whose one pin is in its cache.

    Args:
        root: The project.
        blobs: The files, as the cache has them, with their sizes.
    """

    root: Path
    blobs: tuple[tuple[Path, int], ...]

    @property
    def env(self) -> dict[str, str]:
        """The environment in which hfpin finds them."""
        return {**os.environ, "HF_HUB_CACHE": str(self.root / "hub")}


def write_random(path: Path, size: int) -> Digest:
    """Write random bytes, a MiB at a time: a child's memory counts what its parent had when it forked."""
    hasher = hashlib.sha256()
    with path.open("wb") as file:
        for start in range(0, size, MIB):
            piece = os.urandom(min(MIB, size - start))
            hasher.update(piece)
            file.write(piece)
    return Digest("sha256", hasher.hexdigest())


def pinned(root: Path, sizes: Sequence[int]) -> Pinned:
    """Write files of random bytes, and a lock that is about them."""
    target = Target(repo=Repo("bench/verify"), commit="0" * 40)
    places = Places(root=root, cache=root / "hub")
    places.snapshot(target).mkdir(parents=True)
    (places.repo_folder(target.repo) / "blobs").mkdir()
    files, blobs = [], []
    for number, size in enumerate(sizes):
        new = root / "new"
        digest = write_random(new, size)
        file = LockedFile(path=f"{number:05}.bin", size=size, digest=digest)
        blob = new.rename(places.blob(target.repo, file))
        (places.snapshot(target) / file.path).symlink_to(f"../../blobs/{blob.name}")
        files.append(file)
        blobs.append((blob, size))
    pin = Pin(name="verify", target=target, revision="main")
    (root / "hfpin.lock").write_text(dumps(Lock((LockedPin(pin=pin, files=tuple(files)),))))
    return Pinned(root=root, blobs=tuple(blobs))


def split(blobs: Sequence[tuple[Path, int]]) -> tuple[list[Path], ...]:
    """Split files between two processes: each file, largest first, to the one with less to do."""
    hands: tuple[list[Path], ...] = ([], [])
    loads = [0, 0]
    for path, size in sorted(blobs, key=lambda blob: blob[1], reverse=True):
        lighter = loads.index(min(loads))
        hands[lighter].append(path)
        loads[lighter] += size
    return hands


def in_parallel(hasher: Sequence[str], blobs: Sequence[tuple[Path, int]]) -> list[str]:
    """The command that hashes files in two processes at once."""
    jobs = (shlex.join([*hasher, *map(str, hand)]) for hand in split(blobs) if hand)
    return ["sh", "-c", "".join(f"{job} >/dev/null & " for job in jobs) + "wait"]


def ratios(folder: Path) -> Iterator[str]:
    """Compare with other hashers, on files of mixed sizes and on one file."""
    for title, sizes in (("in 14 files of mixed sizes", MIXED), ("in one file", (512,))):
        project = pinned(folder / title, [size * MIB for size in sizes])
        for hasher in HASHERS:
            if shutil.which(hasher[0]) is None:
                continue
            name = " ".join(hasher)
            result = compare(
                Contender(name="hfpin verify", command=[HFPIN, "verify"]),
                Contender(name=name, command=in_parallel(hasher, project.blobs)),
                cwd=project.root,
                env=project.env,
            )
            ours, theirs = (sorted(times)[len(times) // 2] for times in (result.ours, result.theirs))
            what = f"512 MiB {title} : two {name}"
            yield f"{ours:>7.3f} s  {theirs:>7.3f} s  {result.ratio:>6.2f}  {what}"
        shutil.rmtree(project.root)


def growth(folder: Path) -> Iterator[str]:
    """Run with more and more files, then with more and more bytes."""
    for count, size in ((10, 4096), (100, 4096), (1000, 4096), (10_000, 4096)):
        yield _once(pinned(folder / f"files{count}", [size] * count), f"{count:>6} files of 4 KiB")
    for mib in (1, 64, 256, 1024):
        yield _once(pinned(folder / f"bytes{mib}", [mib * MIB // 4] * 4), f"{mib:>6} MiB in 4 files")


def _once(project: Pinned, what: str) -> str:
    times = []
    for _ in range(3):
        start = time.perf_counter()
        subprocess.run([HFPIN, "verify"], cwd=project.root, env=project.env, check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    shutil.rmtree(project.root)
    return f"{sorted(times)[1]:>7.3f} s  {what}"


def main() -> int:
    """Print a line for each comparison and each step of growth, then the most memory of any run."""
    with tempfile.TemporaryDirectory(prefix="hfpin-bench-") as folder:
        print(f"{'ours':>9}  {'theirs':>9}  {'ratio':>6}  medians of five, ratio pair by pair")
        for line in ratios(Path(folder)):
            print(line, flush=True)
        for line in growth(Path(folder)):
            print(line, flush=True)
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024  # KiB, as Linux counts
    print(f"{most:>5} MiB  the most memory of any process")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
