"""`hfpin stage` and `hfpin run`, by the real executable."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from hfpin.hub import HuggingFaceHub
from hfpin.operations.lock import lock
from hfpin.operations.project import read_lock
from tests.support import SCRIPTS, Published, ResearchRepo, fetch_all


@pytest.fixture
def fetched(repo: ResearchRepo, tiny: Published, client: HuggingFaceHub) -> ResearchRepo:
    """A research repo whose pin is in the shared cache, on a machine where no Hub answers."""
    repo.write("config.yaml", f"tiny:\n  repo_id: acme/tiny\n  revision: {tiny.first}\n")
    lock(repo.project, client)
    fetch_all(repo.places, read_lock(repo.project).find("tiny"), client)
    return repo


def test_sixteen_tasks(fetched: ResearchRepo, tmp_path: Path) -> None:
    """Of sixteen tasks on a node one stages, the others find it done, and each runs its command there."""
    node = tmp_path / "node"
    arguments = ["run", "--stage", str(node), "--", "sh", "-c", 'ls "$HF_HUB_CACHE"/*/blobs | wc -l']
    tasks = [
        subprocess.Popen(
            [SCRIPTS / "hfpin", *arguments],
            cwd=fetched.root,
            env=dict(fetched.env),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(16)
    ]
    done = [task.communicate(timeout=120) for task in tasks]
    assert [task.returncode for task in tasks] == [0] * 16
    assert [out.strip() for out, _ in done] == ["4"] * 16
    assert sum("every digest as in hfpin.lock" in err for _, err in done) == 1


def test_export(fetched: ResearchRepo, tmp_path: Path) -> None:
    """`eval "$(hfpin stage --export)"` leads huggingface_hub to the node's disk, and only that is printed."""
    find = "from huggingface_hub import snapshot_download as s; print(s('acme/tiny', revision='{}'))"
    commit = next((fetched.places.cache_dir / "models--acme--tiny" / "snapshots").iterdir()).name
    job = f'eval "$(hfpin stage --export 2>/dev/null)" && python -c "{find.format(commit)}"'
    done = fetched.run("sh", "-c", job, SLURM_TMPDIR=str(tmp_path / "node"))
    assert done.stdout.splitlines()[-1] == str(
        tmp_path / "node" / "hub" / "models--acme--tiny" / "snapshots" / commit
    )


def test_loads_little(fetched: ResearchRepo, tmp_path: Path) -> None:
    """Staging loads neither the Hub's client nor what of the standard library takes as long as 10 MB do."""
    code = "import sys; from hfpin.cli import main; assert main(['stage']) == 0; print('|', *sys.modules)"
    done = fetched.run(sys.executable, "-c", code, SLURM_TMPDIR=str(tmp_path / "node"))
    printed, _, modules = done.stdout.rpartition("|")
    assert printed.endswith("every digest as in hfpin.lock\n")
    slow = {"argparse", "http", "shutil", "socket", "subprocess", "tempfile", "tqdm"}
    assert {"hfpin.hub.huggingface", "huggingface_hub", *slow}.isdisjoint(modules.split())


class TestRun:
    """A command runs in place of hfpin, with the pins it needs."""

    def test_exit_code(self, fetched: ResearchRepo) -> None:
        """Its exit code is passed through, and it is offline in the project's cache."""
        done = fetched.hfpin("run", "--", "sh", "-c", 'echo "$HF_HUB_OFFLINE $HF_HUB_CACHE"; exit 7')
        assert (done.returncode, done.stdout) == (7, f"1 {fetched.places.cache_dir}\n")

    def test_broken_pipes(self, fetched: ResearchRepo) -> None:
        """A program in it whose reader has seen enough ends as in any shell, without an error."""
        done = fetched.hfpin("run", "--", "sh", "-c", "yes | head -n 1")
        assert (done.returncode, done.stdout) == (0, "y\n")

    def test_signals(self, fetched: ResearchRepo) -> None:
        """A signal reaches it: there is no process in between."""
        command = [str(SCRIPTS / "hfpin"), "run", "--", "sh", "-c", "echo $$; exec sleep 60"]
        with subprocess.Popen(
            command, cwd=fetched.root, env=dict(fetched.env), stdout=subprocess.PIPE, text=True
        ) as running:
            assert running.stdout is not None
            assert int(running.stdout.readline()) == running.pid
            running.terminate()
        assert running.returncode == -signal.SIGTERM

    def test_audit(self, fetched: ResearchRepo) -> None:
        """With --audit it is watched as by `hfpin audit`, offline and in the same cache."""
        refs = fetched.places.cache_dir / "models--acme--tiny" / "refs"
        refs.mkdir()
        (refs / "main").write_text("0" * 40)
        reads = (
            "import os; open(os.environ['HF_HUB_CACHE'] + '/models--acme--tiny/refs/main').read(); exit(0)"
        )
        done = fetched.hfpin("run", "--audit", "--", "python", "-c", reads)
        assert done.returncode == 1
        assert "acme/tiny" in done.stdout
        assert "UNPINNED" in done.stdout

    def test_not_without_its_pins(self, fetched: ResearchRepo) -> None:
        """A pin that is not complete stops it before the command starts."""
        next(fetched.places.cache_dir.rglob("model.safetensors")).unlink()
        done = fetched.hfpin("run", "--", "touch", "started")
        assert done.returncode == 2
        assert "tiny (acme/tiny" in done.stdout
        assert not (fetched.root / "started").exists()

    def test_mistakes(self, fetched: ResearchRepo) -> None:
        """No command, and one that is not there: a line each, and what to do."""
        assert fetched.hfpin("run").stdout == (
            "hfpin: there is nothing to run\n  = Write it behind: hfpin run -- python train.py\n"
        )
        assert fetched.hfpin("run", "--", "no-such-program").stdout == (
            "hfpin: no-such-program cannot be run: No such file or directory\n"
            "  = Check its name; it must be installed here.\n"
        )
        assert fetched.hfpin("run", "--", "").stdout == fetched.hfpin("run").stdout
        fetched.write("a script", "true\n").chmod(0o755)
        assert fetched.hfpin("run", "--", "./a script").stdout == (
            "hfpin: ./a script cannot be run: Exec format error\n"
            "  = Its first line has to say what runs it: #!/bin/sh, say. Or name that before it.\n"
        )

    def test_a_folder_without_a_name(self, fetched: ResearchRepo) -> None:
        """A folder that is an unset variable is refused, and nothing is staged to where one stands."""
        done = fetched.hfpin("stage", "--to", "")
        assert done.returncode == 2
        assert "argument --to: it is empty; is the variable set that it is taken from?" in done.stdout
        assert fetched.hfpin("run", "--stage=", "--", "true").returncode == 2
        assert not (fetched.root / "hub").exists()
