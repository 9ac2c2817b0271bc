"""What a run really opened: `hfpin audit -- COMMAND` and `pytest --hf-audit`, by the real executables."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from huggingface_hub import snapshot_download

from hfpin import lock
from hfpin.cli.auditing import run_audited
from hfpin.hub import HuggingFaceHub
from hfpin.lock import Lock, LockedPin
from hfpin.pin import Pin, Target
from hfpin.repo import Repo
from tests.support import SCRIPTS, Published, ResearchRepo

if TYPE_CHECKING:
    from hfpin.testing import LocalHub

TRAIN = """\
import multiprocessing
import os
import sys
import urllib.request

from huggingface_hub import hf_hub_download


def load(**kwargs):
    with open(hf_hub_download("acme/tiny", "config.json", **kwargs)) as file:
        return file.read()


def by_hand():
    urllib.request.urlopen(os.environ["HF_ENDPOINT"] + "/acme/tiny/resolve/main/sub/tokenizer.json").close()


if __name__ == "__main__":
    print(load(revision=sys.argv[1]))
    print(load())
    child = multiprocessing.get_context("spawn").Process(target=by_hand)
    child.start()
    child.join()
    raise SystemExit(int(sys.argv[2]))
"""


@pytest.fixture
def research(
    online: ResearchRepo, hf_local_hub: LocalHub, tiny: Published, client: HuggingFaceHub
) -> ResearchRepo:
    """A research repo with two pins of a repo in a cache that knows its `main` too."""
    pins = []
    for name, commit, revision in (("tiny", tiny.first, "v1"), ("newer", tiny.second, "main")):
        target = Target(repo=Repo(tiny.repo_id), commit=commit)
        pin = Pin(name=name, target=target, revision=revision)
        pins.append(LockedPin(pin=pin, files=client.files(target.repo, commit)))
    online.write("hfpin.lock", lock.dumps(Lock(pins=tuple(sorted(pins, key=lambda one: one.pin.name)))))
    for asked in (tiny.first, "main"):
        cache = online.places.cache_dir
        snapshot_download(
            tiny.repo_id, revision=asked, cache_dir=cache, endpoint=hf_local_hub.endpoint, token=False
        )
    return online


def test_a_command(research: ResearchRepo, tiny: Published) -> None:
    """A program and its children: what they asked for without a commit, online and offline, with the line."""
    research.write("train.py", TRAIN)
    done = research.hfpin("audit", "--report", "audit.json", "--", "python", "train.py", tiny.first, "0")
    assert done.stdout == (
        '{"a": 1}\n\n{"a": 2}\n\n'
        f"  acme/tiny  {tiny.first[:8]}  1 file              pinned (tiny)\n"
        "  acme/tiny  main      config.json         UNPINNED\n"
        '      train.py:10  with open(hf_hub_download("acme/tiny", "config.json", **kwargs)) as file:\n'
        "      called from train.py:20\n"
        f"      = pinned as newer, tiny: pass revision='{tiny.second}' or revision='{tiny.first}'\n"
        "  acme/tiny  main      sub/tokenizer.json  UNPINNED\n"
        '      train.py:15  urllib.request.urlopen(os.environ["HF_ENDPOINT"] + '
        '"/acme/tiny/resolve/main/sub/tokenizer.json").close()\n'
        f"      = pinned as newer, tiny: pass revision='{tiny.second}' or revision='{tiny.first}'\n"
        "hfpin: 2 pins used, 2 accesses not pinned.\n"
    )
    assert done.returncode == 1
    report = json.loads(research.read("audit.json"))
    assert [one["lines"] for one in report["unpinned"]] == [
        [["train.py", 10], ["train.py", 20]],
        [["train.py", 15]],
    ]
    failed = research.hfpin("audit", "--", "python", "train.py", tiny.first, "7", HF_HUB_OFFLINE="1")
    assert failed.returncode == 7
    assert "UNPINNED" in failed.stdout


def test_exit_codes(repo: ResearchRepo) -> None:
    """A command that opens nothing passes its exit code through, and its signal; none at all is an error."""
    assert repo.hfpin("audit", "--", "sh", "-c", "exit 5").returncode == 5
    assert repo.hfpin("audit", "--", "sh", "-c", "kill -9 $$").returncode == 137
    missing = repo.hfpin("audit", "--", "no-such-command")
    assert missing.returncode == 2
    assert missing.stdout == (
        "hfpin: no-such-command cannot be run: No such file or directory\n"
        "  = Check its name; it must be installed here.\n"
    )


def test_a_report_that_cannot_be_written(repo: ResearchRepo) -> None:
    """It is refused before anything runs: what is watched may take days."""
    message = (
        "the report {} cannot be written: No such file or directory\n"
        "{}Name a file in a folder that is there, and that you may write to.\n"
    )
    done = repo.hfpin("audit", "--report", "no/r.json", "--", "touch", "started")
    assert (done.returncode, done.stdout) == (2, "hfpin: " + message.format("no/r.json", "  = "))
    repo.write("test_a.py", "open('started', 'w')\n")
    run = repo.run("pytest", "-q", "--hf-audit-report=no/r.json")
    assert (run.returncode, "Traceback" in run.stdout) == (4, False)
    assert message.format(repo.root / "no" / "r.json", "") in run.stdout
    assert not (repo.root / "started").exists()


def test_signals(repo: ResearchRepo) -> None:
    """What a scheduler sends before it kills reaches the command, and what it opened is told all the same."""
    command = "trap 'echo saved; exit 3' TERM; echo begun; for _ in $(seq 100); do sleep 0.05; done"
    with subprocess.Popen(
        [SCRIPTS / "hfpin", "audit", "--", "sh", "-c", command],
        cwd=repo.root,
        env=dict(repo.env),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stdout.readline() == "begun\n"
        running.terminate()
        assert running.stdout.read() == "saved\n"
        assert "hfpin: 0 pins used" in running.stderr.read()
    assert running.returncode == 3


def test_a_signal_before_there_is_a_command(repo: ResearchRepo, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is sent while the command is being started reaches it, too."""

    class Slow(subprocess.Popen[bytes]):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            os.kill(os.getpid(), signal.SIGTERM)
            super().__init__(*args, **kwargs)

    monkeypatch.chdir(repo.root)
    monkeypatch.setattr(subprocess, "Popen", Slow)
    assert run_audited(["sleep", "60"], dict(repo.env)) == 128 + signal.SIGTERM


TESTS = """\
import subprocess
import sys
import pytest
from train import load

def test_main():
    load()

def test_pinned():
    load(revision="COMMIT")

def test_child():
    subprocess.run([sys.executable, "-c", "import train; train.load()"], check=True)

def test_given(hf_newer):
    assert hf_newer.revision
"""


def test_a_session(research: ResearchRepo, tiny: Published) -> None:
    """Tests, their children and workers: each access with its test and line; the run fails for it.

    Without a worker it is docs/hosts/pytest.md that is run.
    """
    research.write("train.py", TRAIN)
    research.write("test_it.py", TESTS.replace("COMMIT", tiny.first))
    flags = ("-q", "-W", "error", "-p", "no:cacheprovider", "-n", "1", "--hf-offline", "--hf-audit=fail")
    done = research.run("pytest", *flags, "--hf-audit-report=audit.json")
    source = '  with open(hf_hub_download("acme/tiny", "config.json", **kwargs)) as file:'
    advice = f"      = pinned as newer, tiny: pass revision='{tiny.second}' or revision='{tiny.first}'"
    summary = done.stdout.partition(" hfpin audit ")[2].splitlines()[1:]
    assert (
        sorted(summary[:2])
        == sorted(  # by their commits, which are others each time
            (
                f"  acme/tiny  {tiny.first[:8]}  1 file       pinned (tiny)",
                f"  acme/tiny  {tiny.second[:8]}  -            pinned (newer)",
            )
        )
    )
    assert summary[2:-1] == [
        "  acme/tiny  main      config.json  UNPINNED",
        f"      train.py:10{source}",
        "      in test_it.py::test_child",
        advice,
        "  acme/tiny  main      config.json  UNPINNED",
        f"      train.py:10{source}",
        "      called from test_it.py:7",
        "      in test_it.py::test_main",
        advice,
        "hfpin: 2 pins used, 2 accesses not pinned.",
    ]
    assert "4 passed" in summary[-1]
    assert done.returncode == 1
    report = json.loads(research.read("audit.json"))
    assert [one["tests"] for one in report["unpinned"]] == [
        ["test_it.py::test_child"],
        ["test_it.py::test_main"],
    ]
