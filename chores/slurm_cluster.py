"""A real Slurm with three nodes on one machine: slurmctld and three slurmd, by Debian's slurm-wlm and munge.

Each node's daemon runs in a mount namespace of its own with a small disk at one path, as node-local scratch
is: what a task writes there, and what sbcast brings there, no other node sees.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

NODES = ("n1", "n2", "n3")

CONF = """\
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={port}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
SlurmUser=root
SlurmdUser=root
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool.%n
SlurmctldPidFile={folder}/ctld.pid
SlurmdPidFile={folder}/slurmd.%n.pid
SlurmctldLogFile={folder}/ctld.log
SlurmdLogFile={folder}/slurmd.%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
ReturnToService=2
SelectType=select/linear
SlurmdParameters=config_overrides
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
SchedulerParameters=sched_interval=1,batch_sched_delay=0
NodeName=n[1-3] NodeHostname={host} NodeAddr=127.0.0.1 Port=[{ports}] CPUs=1 RealMemory=500
PartitionName=debug Nodes=ALL Default=YES MaxTime=INFINITE OverSubscribe=YES State=UP
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A cluster that is up.

    Args:
        folder: Its own folder, which all nodes see.
        disk: Where each node has a disk of its own.
        env: What Slurm's commands need in their environment.
    """

    folder: Path
    disk: Path
    env: Mapping[str, str]

    def run(self, cwd: Path, env: Mapping[str, str], script: str, *options: str) -> tuple[int, str]:
        """Run a shell script in an allocation of its own; give its exit code and what it printed."""
        done = subprocess.run(
            ["salloc", "--quiet", *options, "sh", "-c", script],
            cwd=cwd,
            env={**env, **self.env, "DISK": str(self.disk)},
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
        )
        return done.returncode, done.stdout


def why_not() -> str | None:
    """Why no cluster can be started here; None where one can."""
    lacking = [
        one for one in ("slurmctld", "slurmd", "sbcast", "munged", "unshare") if shutil.which(one) is None
    ]
    if lacking:
        return f"{', '.join(lacking)} not installed (Debian: slurm-wlm munge)"
    return "only root can start a cluster of three nodes on one machine" if os.geteuid() else None


@contextmanager
def start(folder: Path, *, disk: str = "size=1g") -> Iterator[Cluster]:
    """Start a cluster, and end it.

    Args:
        folder: A short path: sockets are made in it.
        disk: Mount options of each node's own disk.
    """
    mine = folder / "disk"
    for path in (mine, folder / "state", *(folder / f"spool.{node}" for node in NODES)):
        path.mkdir(parents=True)
    first = _free_ports(4)
    host = socket.gethostname().partition(".")[0]
    conf = folder / "slurm.conf"
    conf.write_text(CONF.format(host=host, folder=folder, port=first, ports=f"{first + 1}-{first + 3}"))
    env = {"SLURM_CONF": str(conf)}
    munge = _start_munge(folder)
    try:
        _run(["slurmctld", "-f", str(conf)], env)
        for node in NODES:
            script = f'mount -t tmpfs -o {disk} tmpfs "$1" && exec slurmd -f "$2" -N "$3"'
            _run(["unshare", "--mount", "sh", "-c", script, "sh", str(mine), str(conf), node], env)
        for _ in range(150):
            idle = subprocess.run(
                ["sinfo", "-h", "-t", "idle", "-o", "%D"],
                env={**os.environ, **env},
                check=False,
                capture_output=True,
                text=True,
            )
            if idle.stdout.strip() == str(len(NODES)):
                break
            time.sleep(0.2)
        else:
            raise RuntimeError(f"the nodes did not come up: {(folder / 'ctld.log').read_text()[-2000:]}")
        yield Cluster(folder=folder, disk=mine, env=env)
    finally:
        for path in (*folder.glob("slurmd.*.pid"), folder / "ctld.pid"):
            with suppress(OSError, ValueError):
                os.kill(int(path.read_text()), signal.SIGTERM)
        munge.terminate()
        munge.wait()


def _start_munge(folder: Path) -> subprocess.Popen[bytes]:
    """Start a munged of our own, with a key of its own: nothing of the machine's is touched."""
    key = folder / "munge.key"
    key.write_bytes(os.urandom(1024))
    key.chmod(0o400)
    private = folder / "munge"
    private.mkdir(mode=0o700)
    sock = folder / "munge.socket"
    munge = subprocess.Popen(
        [
            "munged",
            "--foreground",
            "--force",
            f"--key-file={key}",
            f"--socket={sock}",
            f"--pid-file={private}/pid",
            f"--log-file={private}/log",
            f"--seed-file={private}/seed",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for _ in range(100):
        if sock.exists():
            return munge
        time.sleep(0.05)
    munge.kill()
    raise RuntimeError("munged did not start")


def _free_ports(count: int) -> int:
    """Find so many ports in a row that nobody uses, and give the first."""
    for first in range(20000, 60000, 50):
        with suppress(OSError):
            taken = []
            try:
                for port in range(first, first + count):
                    one = socket.socket()
                    taken.append(one)
                    one.bind(("127.0.0.1", port))
            finally:
                for one in taken:
                    one.close()
            return first
    raise RuntimeError("no ports are free")


def _run(command: list[str], env: Mapping[str, str]) -> None:
    subprocess.run(
        command,
        env={**os.environ, **env},
        check=True,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=30,
    )
