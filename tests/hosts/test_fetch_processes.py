"""Fetching by real processes: killed, interrupted, many at once, without permission, by Xet."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hfpin.errors import NetworkError
from hfpin.hub import HuggingFaceHub, xet
from hfpin.operations.partial import SUFFIX
from hfpin.repo import Repo
from hfpin.testing import Fault
from tests.support import MIB, SCRIPTS, Published, ResearchRepo, safetensors, since

if TYPE_CHECKING:
    from hfpin.testing import LocalHub

SIZE = 20 * MIB


@pytest.fixture
def pinned(online: ResearchRepo, hf_local_hub: LocalHub) -> ResearchRepo:
    """A research repo that pins a model of one large file."""
    hf_local_hub.create_repo("acme/large")
    commit = hf_local_hub.commit("acme/large", {"model.safetensors": safetensors(SIZE)})
    online.write(
        "config.yaml",
        f"large: {{repo_id: acme/large, revision: {commit}, allow_patterns: [model.safetensors]}}\n",
    )
    online.lock()
    hf_local_hub.clear_requests()
    return online


def start(repo: ResearchRepo, host: str = "hfpin", **env: str) -> subprocess.Popen[str]:
    """Start a fetch and do not wait for it.

    A shell lets what it runs in its background ignore Ctrl-C, and each process passes that on to those that
    it starts: these heed it all the same.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.Popen(
            [SCRIPTS / host, "fetch"],
            cwd=repo.root,
            env={**repo.env, **env},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
    finally:
        signal.signal(signal.SIGINT, before)


def partial_size(repo: ResearchRepo) -> int:
    """The bytes of all partial files."""
    return sum(path.stat().st_size for path in repo.places.cache_dir.rglob(f"*{SUFFIX}"))


def wait_for_bytes(repo: ResearchRepo, least: int) -> None:
    """Wait until so many bytes have come."""
    for _ in range(600):
        if partial_size(repo) >= least:
            return
        time.sleep(0.05)
    pytest.fail(f"{partial_size(repo)} bytes have come, not {least}")


def sent(hub: LocalHub) -> int:
    """The bytes of weights that the Hub has sent."""
    return sum(record.bytes_sent for record in hub.requests if "/lfs/" in record.path)


@pytest.fixture
def running() -> Iterator[list[subprocess.Popen[str]]]:
    """Processes that are ended with the test."""
    processes: list[subprocess.Popen[str]] = []
    yield processes
    for process in processes:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("percent", [10, 50, 90])
def test_killed(
    pinned: ResearchRepo,
    hf_local_hub: LocalHub,
    running: list[subprocess.Popen[str]],
    percent: int,
) -> None:
    """After kill -9 the next process goes on from the last byte that was written."""
    after = SIZE * percent // 100
    hf_local_hub.inject(Fault(kind="stall", match="/lfs/", method="GET", after=after))
    process = start(pinned)
    running.append(process)
    least = after // MIB * MIB  # bytes come in chunks of a MiB
    wait_for_bytes(pinned, least)
    process.kill()
    process.wait()
    kept = partial_size(pinned)
    done = pinned.hfpin("fetch")
    assert done.returncode == 0, done.stdout
    assert kept >= least
    assert sent(hf_local_hub) - SIZE == after - kept < MIB
    assert pinned.hfpin("verify").returncode == 0
    assert partial_size(pinned) == 0


@pytest.mark.parametrize(("host", "speaker"), [("hfpin", "hfpin:"), ("doit", "  ")])
def test_interrupted(
    pinned: ResearchRepo,
    hf_local_hub: LocalHub,
    running: list[subprocess.Popen[str]],
    host: str,
    speaker: str,
) -> None:
    """Ctrl-C ends a fetch although the Hub is silent, without a traceback, and what came is kept."""
    pinned.write("dodo.py", "from hfpin.doit import *\n")
    hf_local_hub.inject(Fault(kind="stall", match="/lfs/", method="GET", after=2 * MIB, count=None))
    process = start(pinned, host)
    running.append(process)
    wait_for_bytes(pinned, 2 * MIB)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    assert f"{speaker} stopped; what was done is kept, the same command goes on from there\n" in out
    assert "Traceback" not in out
    assert partial_size(pinned) >= 2 * MIB


def test_eight_at_once(
    pinned: ResearchRepo, hf_local_hub: LocalHub, running: list[subprocess.Popen[str]]
) -> None:
    """Eight processes on one cold cache bring each byte once, and all end right."""
    hf_local_hub.inject(Fault(kind="delay", match="/lfs/", method="GET", seconds=2))
    running += [start(pinned) for _ in range(8)]
    outs = [process.communicate(timeout=120)[0] for process in running]
    assert [process.returncode for process in running] == [0] * 8, outs
    assert sent(hf_local_hub) == SIZE
    assert any("   waiting for process " in out for out in outs)
    assert pinned.hfpin("verify").returncode == 0


def test_holder_is_named(
    pinned: ResearchRepo, hf_local_hub: LocalHub, running: list[subprocess.Popen[str]]
) -> None:
    """Who waits says for whom."""
    hf_local_hub.inject(Fault(kind="stall", match="/lfs/", method="GET", after=MIB, count=None))
    holder, waiter = start(pinned), None
    running.append(holder)
    wait_for_bytes(pinned, MIB)
    waiter = start(pinned, PYTHONUNBUFFERED="1")
    running.append(waiter)
    assert waiter.stdout is not None
    line = next(line for line in waiter.stdout if "waiting" in line)
    assert line.startswith(f"   waiting for process {holder.pid} on ")


def test_locks_that_lie(
    pinned: ResearchRepo, hf_local_hub: LocalHub, running: list[subprocess.Popen[str]]
) -> None:
    """Where locks are granted to everybody, all fetch, no bytes are mixed, and all end right."""
    pinned.write(
        "sitecustomize.py",
        "import fcntl\nfcntl.flock = lambda *arguments: None\n",
    )
    hf_local_hub.inject(Fault(kind="delay", match="/lfs/", method="GET", seconds=1, count=4))
    running += [start(pinned, PYTHONPATH=str(pinned.root)) for _ in range(4)]
    outs = [process.communicate(timeout=120)[0] for process in running]
    assert [process.returncode for process in running] == [0] * 4, outs
    assert sent(hf_local_hub) > SIZE
    assert pinned.hfpin("verify").returncode == 0


# Root without its right to override permissions: what belongs to another user is then as it is to anyone.
WITHOUT_OVERRIDE = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search,-fowner,-chown")


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0 or shutil.which("setpriv") is None,
    reason="only root can make somebody else own a cache, and setpriv use it without root's rights",
)
def test_read_only_cache(pinned: ResearchRepo, hf_local_hub: LocalHub) -> None:
    """A shared cache of another user is used as it is when complete, and refused when not.

    Where it may be written to, what another user's fetch left there is in nobody's way.
    """
    assert pinned.hfpin("fetch").returncode == 0
    cache = pinned.places.cache_dir
    for path in (cache, *cache.rglob("*")):
        os.chown(path, 65534, 65534, follow_symlinks=False)
    hf_local_hub.clear_requests()
    done = pinned.run(*WITHOUT_OVERRIDE, "hfpin", "fetch")
    assert (done.returncode, done.stdout) == (0, "large  the 1 file is there\n")
    assert hf_local_hub.requests == ()
    assert pinned.run(*WITHOUT_OVERRIDE, "hfpin", "verify").returncode == 0
    next(cache.rglob("model.safetensors")).unlink()
    refused = pinned.run(*WITHOUT_OVERRIDE, "hfpin", "fetch")
    assert refused.returncode == 2
    assert "cannot be written" in refused.stdout
    assert "Traceback" not in refused.stdout
    blob = next(cache.rglob("blobs/????*"))
    left = blob.rename(f"{blob}.nobody.0{SUFFIX}")
    for path in (blob.with_name(".hfpin.lock"), left):
        path.touch()
        path.chmod(0o444)
    for path in (cache, *cache.rglob("*")):
        os.chown(path, 65534, 65534, follow_symlinks=False)
        if path.is_dir():
            path.chmod(0o1777)
    done = pinned.run(*WITHOUT_OVERRIDE, "hfpin", "fetch")
    assert done.returncode == 0, done.stdout
    assert left.exists()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 2 MiB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("needs the right to mount a file system")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_full_disk(pinned: ResearchRepo, small_disk: Path) -> None:
    """A disk that is too small is named, and nothing half is left under a real name."""
    cache = small_disk / "hub"
    done = pinned.hfpin("fetch", HF_HUB_CACHE=str(cache))
    assert done.returncode == 2
    assert "Traceback" not in done.stdout
    assert str(small_disk) in done.stdout
    assert not list(cache.rglob("model.safetensors"))


UPLOAD = """
import sys
from huggingface_hub import HfApi
api = HfApi(token=sys.argv[1])
api.create_repo("acme/xet")
api.upload_file(path_or_fileobj=sys.argv[2], path_in_repo="model.safetensors", repo_id="acme/xet")
"""

FETCH = """
import pathlib
from hfpin.cli import main
assert main(["fetch"]) == 0
status = pathlib.Path("/proc/self/status")  # what wait4 tells of a process counts the one that forked it, too
print(*[line for line in status.read_text().splitlines() if "VmHWM" in line] if status.exists() else "")
"""


class TestXet:
    """A large file that the Hub has in Xet."""

    @pytest.fixture
    def in_xet(self, online: ResearchRepo, hf_local_hub: LocalHub, minilm: Path) -> ResearchRepo:
        """A research repo that pins the real MiniLM, uploaded by an unmodified client through Xet."""
        env = {**online.env, **hf_local_hub.env}
        weights = str(minilm / "model.safetensors")
        command = [sys.executable, "-c", UPLOAD, hf_local_hub.writer_token, weights]
        subprocess.run(command, env=env, check=True, capture_output=True)
        online.write("config.yaml", "xet: {repo_id: acme/xet, allow_patterns: ['*.safetensors']}\n")
        assert online.hfpin("pin").returncode == 0
        hf_local_hub.clear_requests()
        return online

    def test_comes_by_xet(self, in_xet: ResearchRepo, hf_local_hub: LocalHub) -> None:
        """It comes from Xet in small pieces, and has the digest of the lock."""
        done = in_xet.run("python", "-c", FETCH)
        assert done.returncode == 0, done.stdout
        paths = {record.path.partition("?")[0] for record in hf_local_hub.requests}
        assert any(path.startswith("/v2/reconstructions/") for path in paths)
        assert not any("/lfs/" in path for path in paths)
        sizes = [record.bytes_sent for record in hf_local_hub.requests if "/xorbs/" in record.path]
        assert max(sizes) < 9 * MIB  # a piece, at the end almost two, and what is in the same chunk
        if sys.platform == "linux":
            assert int(done.stdout.split()[-2]) <= 150 << 10
        assert in_xet.hfpin("verify").returncode == 0

    @pytest.mark.parametrize(
        "fault",
        [
            Fault(kind="flip", match="/xorbs/", method="GET", offset=5_000_000),
            Fault(kind="status", match="/reconstructions/", status=404, count=None),
            Fault(kind="status", match="xet-read-token", status=500, count=None),
        ],
        ids=lambda fault: f"{fault.kind}-{fault.match.strip('/')}",
    )
    def test_falls_back(self, in_xet: ResearchRepo, hf_local_hub: LocalHub, fault: Fault) -> None:
        """Whatever is wrong with Xet, wrong bytes are noticed and plain HTTP brings the file."""
        hf_local_hub.inject(fault)
        done = in_xet.hfpin("fetch")
        assert done.returncode == 0, done.stdout
        assert in_xet.hfpin("verify").returncode == 0

    def test_stalls(
        self, in_xet: ResearchRepo, hf_local_hub: LocalHub, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A transfer that sends nothing more is given up by the real client, which then lets go."""
        monkeypatch.setattr(xet, "STALL", 0.3)
        monkeypatch.setenv("HF_HOME", in_xet.env["HF_HOME"])  # where hf_xet writes its log
        hf_local_hub.inject(Fault(kind="stall", match="/xorbs/", method="GET", after=100_000, count=None))
        hub = HuggingFaceHub(endpoint=in_xet.env["HF_ENDPOINT"], token=False)
        commit = hub.resolve(Repo("acme/xet"), None).commit
        with (
            hub.open(Repo("acme/xet"), commit, "model.safetensors") as stream,
            pytest.raises(NetworkError, match="Xet sent nothing for 0 s"),
        ):
            next(stream.chunks)  # hf_xet alone waits for five minutes, five times

    def test_switched_off(self, in_xet: ResearchRepo, hf_local_hub: LocalHub) -> None:
        """HF_HUB_DISABLE_XET holds."""
        assert in_xet.hfpin("fetch", HF_HUB_DISABLE_XET="1").returncode == 0
        assert not any("/reconstructions/" in record.path for record in hf_local_hub.requests)
        assert any("/lfs/" in record.path for record in hf_local_hub.requests)


@since("1.26", "snapshot_download finds the files of a commit without asking for their names")
def test_snapshot_download_asks_nothing(
    online: ResearchRepo, tiny: Published, hf_local_hub: LocalHub
) -> None:
    """huggingface_hub's own snapshot_download at the commit makes no request, online."""
    online.write("config.yaml", f"tiny: {{repo_id: acme/tiny, revision: {tiny.first}}}\n")
    online.lock()
    assert online.hfpin("fetch").returncode == 0
    hf_local_hub.clear_requests()
    code = (
        f"from huggingface_hub import snapshot_download as s; print(s('acme/tiny', revision='{tiny.first}'))"
    )
    done = online.run("python", "-c", code)
    assert done.stdout.strip().endswith(tiny.first)
    assert [record.path for record in hf_local_hub.requests] == []
