"""Jobs on a real Slurm: three nodes, each with a disk of its own, and a cache that they share."""

from __future__ import annotations

import ctypes
import os
import shutil
import struct
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from chores import slurm_cluster
from chores.slurm_cluster import Cluster
from hfpin.hub import HuggingFaceHub
from hfpin.operations.lock import lock
from hfpin.operations.project import read_lock
from hfpin.operations.slurm_jobs import write_jobs
from hfpin.testing import LocalHub
from tests.support import MIB, ResearchRepo, fetch_all, safetensors, user_environment

pytestmark = pytest.mark.slurm

LARGE = 17 * MIB  # enough for a broadcast
FOLDER = "hub/models--acme--large"
STAGED = "every digest as in hfpin.lock"


@pytest.fixture(scope="module")
def slurm() -> Iterator[Cluster]:
    """A real Slurm with three nodes."""
    if (reason := slurm_cluster.why_not()) is not None:
        pytest.skip(reason)
    folder = Path(tempfile.mkdtemp(prefix="slurm-"))  # short: sockets are made in it
    try:
        with slurm_cluster.start(folder, disk="size=200m") as started:
            yield started
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> ResearchRepo:
    """A project whose pin is in the shared cache, on a machine where no Hub answers."""
    root = tmp_path_factory.mktemp("shared")
    (root / "home").mkdir()
    repo = ResearchRepo(root=root, env=user_environment(root / "home"))
    (root / "pyproject.toml").touch()
    with LocalHub() as hub:
        hub.create_repo("acme/large")
        # enough small ones that what a node lacks is more than srun passes on at once
        small = {f"sub/{number}.json": str(number).encode() for number in range(40)}
        files = {"model.safetensors": safetensors(LARGE), "config.json": b"{}\n", **small}
        commit = hub.commit("acme/large", dict(files))
        repo.write("config.yaml", f"large: {{repo_id: acme/large, revision: {commit}}}\n")
        client = HuggingFaceHub(endpoint=hub.endpoint, token=False)
        lock(repo.project, client)
        fetch_all(repo.places, read_lock(repo.project).find("large"), client)
    return repo


@pytest.fixture(autouse=True)
def empty_disks(slurm: Cluster, project: ResearchRepo) -> None:
    """Let every node begin with an empty disk."""
    slurm.run(project.root, project.env, 'srun -N3 sh -c "rm -rf $DISK/*"', "-N3")


def weights(project: ResearchRepo) -> Path:
    """The large file in the shared cache."""
    return next(project.places.cache_dir.rglob("model.safetensors")).resolve()


@contextmanager
def opened_by(path: Path) -> Iterator[list[int]]:
    """List the processes that open a file meanwhile, by fanotify(7), which sees through mount namespaces.

    inotify would not do: it puts several openings into one event.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    watch = libc.fanotify_init(0x2, os.O_RDONLY)  # FAN_NONBLOCK
    if watch < 0:
        pytest.skip(f"fanotify: {os.strerror(ctypes.get_errno())}")
    libc.fanotify_mark(watch, 1, ctypes.c_uint64(0x20), -100, os.fsencode(path))  # FAN_MARK_ADD, FAN_OPEN
    processes: list[int] = []
    try:
        yield processes
    finally:
        event = struct.Struct("=IBBHQii")  # struct fanotify_event_metadata
        with suppress(BlockingIOError):
            while True:
                for *_, opened, process in event.iter_unpack(os.read(watch, event.size * 100)):
                    os.close(opened)
                    processes.append(process)
        os.close(watch)


def lines(out: str) -> list[str]:
    """What was printed, in the order of the nodes, without what srun says of its own."""
    return sorted(line for line in out.splitlines() if not line.startswith("srun:"))


def test_broadcast(slurm: Cluster, project: ResearchRepo) -> None:
    """By sbcast the shared file is read once for three nodes, and hashed by each; again, all is there."""
    with opened_by(weights(project)) as readers:
        code, out = slurm.run(project.root, project.env, 'hfpin stage --to "$DISK" --via sbcast', "-N3")
    assert code == 0, out
    assert len(readers) == 1
    assert [line.partition(":")[0] for line in lines(out)] == ["n1", "n2", "n3"]
    assert all(line.endswith(f"17.8 MB shared or there, {STAGED}") for line in lines(out))
    check = f'srun -N3 --ntasks-per-node=1 sh -c "ls $DISK/{FOLDER}/blobs | wc -l"'
    again, out = slurm.run(project.root, project.env, f'{check}; hfpin stage --to "$DISK"', "-N3")
    assert again == 0
    assert lines(out) == [f"3 nodes: all there, in {slurm.disk}", "43", "43", "43"]


def test_each_node_for_itself(slurm: Cluster, project: ResearchRepo) -> None:
    """By srun every node reads the shared file, once."""
    with opened_by(weights(project)) as readers:
        code, out = slurm.run(project.root, project.env, 'hfpin stage --to "$DISK" --via srun', "-N3")
    assert code == 0, out
    assert (len(readers), len(set(readers))) == (3, 3)
    assert all(line.endswith(f"17.8 MB copied, 0 B shared or there, {STAGED}") for line in lines(out))


def test_broken_off_broadcast(slurm: Cluster, project: ResearchRepo) -> None:
    """What a broken-off broadcast left on a node is hashed and gone on from; wrong bytes are not trusted."""
    digest = weights(project).name
    partial = f"{slurm.disk}/{FOLDER}/blobs/{digest}.nobody.0.hfpin.incomplete"
    script = (
        f'srun -N3 --ntasks-per-node=1 mkdir -p "$DISK/{FOLDER}/blobs"\n'
        f'srun -w n1 -N1 -n1 sh -c "head -c 1000000 {weights(project)} > {partial}"\n'
        f'srun -w n2 -N1 -n1 sh -c "head -c 1000000 /dev/zero > {partial}"\n'
        'hfpin stage --to "$DISK" --via srun && '
        'srun -N3 --ntasks-per-node=1 sh -c "HF_HUB_CACHE=$DISK/hub hfpin verify"'
    )
    code, out = slurm.run(project.root, project.env, script, "-N3")
    assert code == 0, out
    assert out.count(STAGED) == 3
    assert out.count("every byte as in hfpin.lock") == 3
    assert "n1: large  16.8 MB copied, 1.0 MB shared or there" in out


def test_one_disk_is_full(slurm: Cluster, project: ResearchRepo) -> None:
    """The node whose disk is full is named, the others go on; the same command then mends only that one."""
    fill = 'srun -w n2 -N1 -n1 sh -c "head -c 195000000 /dev/zero > $DISK/junk"'
    code, out = slurm.run(project.root, project.env, f'{fill}; hfpin stage --to "$DISK" --via srun', "-N3")
    assert code == 2, out
    assert f"hfpin: n2: {slurm.disk}/hub has no room for" in out
    assert "or name a folder on a larger disk." in out
    assert sorted(line[:2] for line in out.splitlines() if STAGED in line) == ["n1", "n3"]
    again = 'srun -w n2 -N1 -n1 rm "$DISK/junk"; hfpin stage --to "$DISK"'
    code, out = slurm.run(project.root, project.env, again, "-N3")
    assert code == 0, out
    assert lines(out)[0].startswith(f"n1: 1 pin (17.8 MB) in {slurm.disk}/hub: all there")
    assert sorted(line[:2] for line in out.splitlines() if STAGED in line) == ["n2"]


def test_wrong_bytes(slurm: Cluster, project: ResearchRepo) -> None:
    """A flipped byte in the shared cache is refused by name on each node, for each task that waits too."""
    blob = weights(project)
    content = blob.read_bytes()
    try:
        blob.write_bytes(content[:MIB] + bytes([content[MIB] ^ 1]) + content[MIB + 1 :])
        script = (
            'hfpin stage --to "$DISK" --via srun; echo "first: $?"; '
            'srun -N1 -n4 --overcommit hfpin stage --to "$DISK/other"; echo "then: $?"'
        )
        code, out = slurm.run(project.root, project.env, script, "-N3")
    finally:
        blob.write_bytes(content)
    assert "first: 3" in out, out
    assert "then: 3" in out
    for node in ("n1", "n2", "n3"):
        assert f"hfpin: {node}: {project.places.cache_dir}" in out
    assert out.count("is not what hfpin.lock says") == 3 + 4
    assert code == 0
    assert STAGED not in out


def test_many_tasks_without_a_network(slurm: Cluster, project: ResearchRepo) -> None:
    """Sixteen tasks of two jobs on one node, none with a network: one of them stages for all."""
    count = f'ls "$HF_HUB_CACHE/{FOLDER.removeprefix("hub/")}/blobs" | wc -l'
    project.write("task.sh", f"exec unshare --net hfpin run --stage \"$DISK\" -- sh -c '{count}'\n")
    both = 'until [ "$(squeue -h -t R | wc -l)" = 2 ]; do sleep 0.1; done'
    script = f"{both}; srun -n8 --overcommit sh task.sh"
    with ThreadPoolExecutor() as pool:
        jobs = [
            pool.submit(slurm.run, project.root, project.env, script, "-N1", "-w", "n1", "--oversubscribe")
            for _ in range(2)
        ]
        done = [job.result() for job in jobs]
    out = "".join(out for _, out in done)
    assert [code for code, _ in done] == [0, 0], out
    assert sum(line.strip() == "43" for line in out.splitlines()) == 16
    assert out.count(STAGED) == 1


def test_killed_half_way(slurm: Cluster, project: ResearchRepo) -> None:
    """A node whose staging is killed goes on from what it had, and its bytes are right."""
    project.write(
        "task.sh",
        f"""hfpin stage --to "$DISK" & staging=$!
until ls "$DISK/{FOLDER}"/blobs/*.incomplete >/dev/null 2>&1; do sleep 0.001; done
kill -9 $staging
ls "$DISK/{FOLDER}/blobs"
hfpin stage --to "$DISK" && HF_HUB_CACHE=$DISK/hub hfpin verify
""",
    )
    code, out = slurm.run(project.root, project.env, "srun -w n1 -N1 -n1 sh task.sh", "-N1", "-w", "n1")
    assert code == 0, out
    assert ".incomplete\n" in out
    assert out.count(STAGED) == 1
    assert "every byte as in hfpin.lock" in out


def test_verify_in_parts(slurm: Cluster, project: ResearchRepo) -> None:
    """Three tasks read the lock together; the first reports what any of them found, and has the exit code."""
    command = "srun -N3 --ntasks-per-node=1 hfpin verify --shard auto"
    assert slurm.run(project.root, project.env, command, "-N3") == (
        0,
        "43 files, 17.8 MB: every byte as in hfpin.lock.\n",
    )
    config = next(project.places.cache_dir.rglob("config.json")).resolve()
    config.write_bytes(b"[]\n")
    try:
        code, out = slurm.run(project.root, project.env, command, "-N3")
    finally:
        config.write_bytes(b"{}\n")
    assert code == 3
    assert out.count("  large  config.json  differs") == 1
    assert "1 of 43 files are not what hfpin.lock says." in out


def test_job_scripts(slurm: Cluster, project: ResearchRepo) -> None:
    """`hfpin slurm init`, then doit: a job trains on two nodes; once it has ended well it is up to date."""
    assert project.hfpin("slurm", "init").stdout == (
        "jobs/fetch.sbatch: written\n"
        "jobs/train.sbatch: written\n"
        "Next: read them, set times and partitions, then doit slurm:train, or sbatch as they say.\n"
    )
    project.write("dodo.py", "from hfpin.doit import *\n")
    project.write("train.py", "import os\nprint('trained in', os.environ['HF_HUB_CACHE'])\n")
    env = {**slurm.env, "SLURM_TMPDIR": str(slurm.disk)}
    first = project.run("doit", "slurm:train", **env)
    assert first.returncode == 0, first.stdout
    assert [line for line in first.stdout.splitlines() if not line.startswith("   ")] == [
        "-- slurm:fetch",
        ".  slurm:train",
    ]
    (out,) = project.root.glob("slurm-*.out")
    assert out.read_text().count(f"trained in {slurm.disk}/hub\n") == 2
    assert project.run("doit", "slurm:train", **env).stdout == "-- slurm:fetch\n-- slurm:train\n"
    project.write("train.py", "raise SystemExit(5)\n")
    project.write("jobs/train.sbatch", project.read("jobs/train.sbatch") + "# another try\n")
    failed = project.run("doit", "slurm:train", **env)
    assert failed.returncode == 1
    assert "train.sbatch: job " in failed.stdout
    (last,) = set(project.root.glob("slurm-*.out")) - {out}
    assert f" ended with exit code 5\nIts output says why: {last}.\n" in failed.stdout
    assert project.hfpin("slurm", "init").stdout.startswith(
        "jobs/fetch.sbatch: there already, and left as it is\n"
    )


def test_job_scripts_are_clean(project: ResearchRepo) -> None:
    """Shellcheck has nothing to say about them."""
    checker = shutil.which("shellcheck")
    if checker is None:
        pytest.skip("shellcheck is not installed")
    write_jobs(project.root)
    done = project.run(checker, *sorted((project.root / "jobs").glob("*.sbatch")))
    assert (done.returncode, done.stdout) == (0, "")
