"""Does to `hfpin fetch` and `hf download` what networks and disks do: `python -m benchmarks.faults`.

Each fault meets a project, or an empty cache, of its own, over HTTP on loopback: one file of 128 MiB at a
commit. A process that was killed is started once more. The table has the exit code of the last process, the
MiB of the file that the Hub sent, some of them twice, and whether what stands in the cache is right.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from hfpin.testing import Fault, LocalHub

MIB = 1 << 20
SIZE = 128 * MIB
EARLY = 4 * MIB
"""Where it goes wrong: within the first answer, which need not be the whole file."""
SCRIPTS = Path(sys.executable).parent
REPO, NAME = "acme/large", "model.safetensors"
FAULTS = {
    "nothing": (),
    "connection dropped at 4 MiB": (Fault(kind="drop", match="/lfs/", after=EARLY),),
    "a bit flipped, once": (Fault(kind="flip", match="/lfs/", offset=EARLY),),
    "a bit flipped, always": (Fault(kind="flip", match="/lfs/", offset=EARLY, count=None),),
    "429, Retry-After: 1": (Fault(kind="status", match=NAME, status=429, headers={"Retry-After": "1"}),),
    "503, three times": (Fault(kind="status", match=NAME, status=503, count=3),),
    "stalled at 4 MiB": (Fault(kind="stall", match="/lfs/", after=EARLY),),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """One of the two, with an empty cache.

    Args:
        name: What it is called in the table.
        command: What brings the file.
        root: Where it runs, and has its cache.
        env: Its environment.
    """

    name: str
    command: tuple[str, ...]
    root: Path
    env: dict[str, str]

    @property
    def cache(self) -> Path:
        """Its cache of the Hub."""
        return self.root / "hub"

    def start(self) -> subprocess.Popen[bytes]:
        """Start it."""
        null = subprocess.DEVNULL
        return subprocess.Popen(self.command, cwd=self.root, env=self.env, stdout=null, stderr=null)

    def run(self) -> int:
        """Run it, and give its exit code."""
        return self.start().wait()

    def arrived(self) -> int:
        """The bytes of regular files that its cache has; what goes meanwhile is passed over."""
        total = 0
        for folder, _, names in os.walk(self.cache):
            for name in names:
                with suppress(OSError):
                    status = os.lstat(f"{folder}/{name}")
                    total += status.st_size if stat.S_ISREG(status.st_mode) else 0
        return total


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """The file on the Hub."""

    hub: LocalHub
    commit: str
    sha256: str

    def contenders(self, folder: Path) -> Iterator[Contender]:
        """Give both, in folders of their own."""
        for name in ("hfpin fetch", "hf download"):
            root = folder / name.replace(" ", "-")
            root.mkdir(parents=True)
            (root / "pyproject.toml").touch()
            (root / "config.yaml").write_text(f"it: {{repo_id: {REPO}, revision: {self.commit}}}\n")
            env = {**os.environ, **self.hub.env, "HF_HUB_CACHE": str(root / "hub"), "HF_HUB_DISABLE_XET": "1"}
            hfpin = str(SCRIPTS / "hfpin")
            if name == "hfpin fetch":
                subprocess.run([hfpin, "lock"], cwd=root, env=env, check=True, capture_output=True)
            theirs = (str(SCRIPTS / "hf"), "download", REPO, "--revision", self.commit)
            command = (hfpin, "fetch") if name == "hfpin fetch" else theirs
            yield Contender(name=name, command=command, root=root, env=env)

    def sent(self) -> int:
        """The bytes of the file that the Hub has sent, some of them more than once."""
        return sum(record.bytes_sent for record in self.hub.requests if "/lfs/" in record.path)

    def state(self, contender: Contender) -> str:
        """Whether the file that a loader would find is right."""
        path = contender.cache / "models--acme--large" / "snapshots" / self.commit / NAME
        if not path.exists():
            return "none"
        with path.open("rb") as file:
            digest = hashlib.sha256()
            while piece := file.read(MIB):
                digest.update(piece)
        return "right" if digest.hexdigest() == self.sha256 else "WRONG"


def killed_at(percent: int) -> Callable[[Contender], int]:
    """Make what kills a process when so much has come, and starts it again."""

    def run(contender: Contender) -> int:
        process = contender.start()
        while contender.arrived() < SIZE * percent // 100 and process.poll() is None:
            time.sleep(0.001)
        process.kill()
        process.wait()
        return contender.run()

    return run


def at_once(contender: Contender) -> int:
    """Start eight of them, and give the worst exit code."""
    return max(process.wait() for process in [contender.start() for _ in range(8)])


def purged(contender: Contender) -> int:
    """Run it, remove a small file's blob, as a purge does, and run it again."""
    contender.run()
    (next((contender.cache / "models--acme--large" / "snapshots").rglob("config.json"))).resolve().unlink()
    return contender.run()


def full(contender: Contender) -> int:
    """Run it on a file system that is too small."""
    contender.cache.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(contender.cache)], check=True)
    try:
        return contender.run()
    finally:
        subprocess.run(["umount", str(contender.cache)], check=True)


def hostile(contender: Contender) -> int:
    """Let a lock name a file outside; of no meaning to who has no lock."""
    lock = contender.root / "hfpin.lock"
    if not lock.exists():
        return contender.run()
    lock.write_text(lock.read_text().replace(f'"{NAME}"', '"../../../../../outside"'))
    return contender.run()


def cases() -> Iterator[tuple[str, tuple[Fault, ...], Callable[[Contender], int]]]:
    """Give each case: what it is called, what the Hub does wrong, how it is run."""
    for name, faults in FAULTS.items():
        yield name, faults, Contender.run
    for percent in (10, 50, 90):
        yield f"kill -9 at {percent} %, started again", (), killed_at(percent)
    yield "eight processes, one cold cache", (), at_once
    yield "one small file purged", (), purged
    yield "a lock that leads outside", (), hostile
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        yield "a disk of 64 MiB", (), full


def main() -> int:
    """Print a line for each case."""
    data = SIZE - 128
    header = (b'{"w":{"dtype":"U8","shape":[%d],"data_offsets":[0,%d]}}' % (data, data)).ljust(120)
    content = len(header).to_bytes(8, "little") + header + os.urandom(data)
    with tempfile.TemporaryDirectory(prefix="hfpin-faults-") as folder, LocalHub(xet=False) as hub:
        Path(folder).chmod(0o755)
        hub.create_repo(REPO)
        commit = hub.commit(REPO, {NAME: content, "config.json": json.dumps({"a": 1}).encode()})
        published = Published(hub=hub, commit=commit, sha256=hashlib.sha256(content).hexdigest())
        print(f"{'':40}  {'hfpin fetch':^28}  {'hf download':^28}")
        print(f"{'':40}  {'exit':>6} {'MiB sent':>12} {'file':>8}  {'exit':>6} {'MiB sent':>12} {'file':>8}")
        for number, (name, faults, run) in enumerate(cases()):
            cells = []
            for contender in published.contenders(Path(folder) / str(number)):
                hub.clear_faults()
                hub.clear_requests()
                for fault in faults:
                    hub.inject(fault)
                code = run(contender)
                sent = published.sent() / MIB
                cells.append(f"{code:>6} {sent:>12.1f} {published.state(contender):>8}")
                shutil.rmtree(contender.root)
            print(f"{name:40}  {'  '.join(cells)}", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
