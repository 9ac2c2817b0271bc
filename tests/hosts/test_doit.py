"""The doit host, by the real executable in a repo whose dodo.py is one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hfpin.operations.project import read_lock
from hfpin.testing import Fault
from tests.support import Published, ResearchRepo

if TYPE_CHECKING:
    from hfpin.testing import LocalHub


@pytest.fixture
def pinned(online: ResearchRepo, tiny: Published) -> ResearchRepo:
    """A research repo with two pins, one of them with patterns and a local_dir."""
    online.write("dodo.py", "from hfpin.doit import *\n")
    online.write(
        "config.yaml",
        f"new: {{repo_id: acme/tiny, revision: {tiny.second}}}\n"
        f"old: {{repo_id: acme/tiny, revision: v1, ignore_patterns: ['*.json'], local_dir: data/old}}\n",
    )
    online.lock()
    return online


def test_list(pinned: ResearchRepo, tiny: Published) -> None:
    """`doit list --all` shows a task for each pin, with repo, commit and size."""
    assert pinned.run("doit", "list", "--all").stdout == (
        "fetch        bring the files of every pin in hfpin.lock (6.3 MB)\n"
        f"fetch:new    bring acme/tiny at {tiny.second[:8]} (3.1 MB)\n"
        f"fetch:old    bring acme/tiny at {tiny.first[:8]} (3.1 MB)\n"
        "lock         write hfpin.lock from what is declared\n"
        "verify       verify the files of every pin in hfpin.lock (6.3 MB)\n"
        f"verify:new   verify acme/tiny at {tiny.second[:8]} (3.1 MB)\n"
        f"verify:old   verify acme/tiny at {tiny.first[:8]} (3.1 MB)\n"
    )


def test_fetch_then_nothing(pinned: ResearchRepo, hf_local_hub: LocalHub) -> None:
    """The first run brings everything, with patterns and local_dir honoured; the second makes no request.

    What the first pin has brought the second one shares.
    """
    first = pinned.run("doit", "fetch")
    assert first.returncode == 0
    assert first.stdout == (
        ".  fetch:new\n"
        "   new  3.1 MB fetched, 0 B kept, every digest as in hfpin.lock\n"
        ".  fetch:old\n"
        "   old  0 B fetched, 3.1 MB kept, every digest as in hfpin.lock\n"
    )
    folder = pinned.root / "data" / "old"
    assert {path.name for path in folder.iterdir()} == {".cache", ".gitattributes", "model.safetensors"}
    hf_local_hub.clear_requests()
    assert pinned.run("doit", "fetch").stdout == "-- fetch:new\n-- fetch:old\n"
    assert hf_local_hub.requests == ()


def test_one_pin(pinned: ResearchRepo) -> None:
    """`doit fetch:NAME` brings that pin and no other."""
    assert pinned.run("doit", "fetch:old").returncode == 0
    assert (pinned.root / "data" / "old").is_dir()
    assert not pinned.places.cache_dir.exists()


def test_what_a_pin_needs_comes_first(online: ResearchRepo, hf_local_hub: LocalHub) -> None:
    """`doit fetch:NAME` brings the base of an adapter too, and before it."""
    for name, config in (("base", ""), ("another", "acme/base")):
        hf_local_hub.create_repo(f"acme/{name}")
        text = f'{{"base_model_name_or_path": "{config}"}}'
        commit = hf_local_hub.commit(f"acme/{name}", {"adapter_config.json": text.encode()})
    online.write("dodo.py", "from hfpin.doit import *\n")
    online.write("config.yaml", f"a: {{repo_id: acme/another, revision: {commit}}}\n")
    online.lock()
    done = online.run("doit", "fetch:a")
    assert [line for line in done.stdout.splitlines() if not line.startswith(" ")] == [
        ".  fetch:base",
        ".  fetch:a",
    ]


def test_purge_is_seen(pinned: ResearchRepo) -> None:
    """One file deleted makes just its pin stale, whatever doit remembers."""
    pinned.run("doit", "fetch")
    (pinned.root / "data" / "old" / "model.safetensors").unlink()
    assert pinned.run("doit", "fetch").stdout == (
        "-- fetch:new\n.  fetch:old\n   old  0 B fetched, 3.1 MB kept, every digest as in hfpin.lock\n"
    )


def test_failure_is_a_task_failure(pinned: ResearchRepo, hf_local_hub: LocalHub) -> None:
    """A pin that cannot be fetched fails its task with a message and no traceback; the other goes on."""
    hf_local_hub.inject(Fault(kind="flip", match="config.json", method="GET", count=None))
    done = pinned.run("doit", "--continue", "fetch")
    assert done.returncode == 2  # doit's own: the group has a task that failed
    assert "config.json: the Hub sent " in done.stdout
    assert "Traceback" not in done.stdout
    assert (pinned.root / "data" / "old" / "model.safetensors").is_file()


def test_verify(pinned: ResearchRepo) -> None:
    """`doit verify` passes on what was fetched and fails on what was changed or added since."""
    pinned.run("doit", "fetch")
    assert pinned.run("doit", "verify").returncode == 0
    weights = pinned.root / "data" / "old" / "model.safetensors"
    weights.unlink()
    weights.write_bytes(b"0" * (3 << 20))
    (pinned.places.snapshot(read_lock(pinned.project).find("new").pin.target) / "extra.py").touch()
    done = pinned.run("doit", "--continue", "verify:new", "verify:old")
    assert done.returncode == 1
    assert (
        "TaskFailed - taskid:verify:new\nnew has files that hfpin.lock does not name\n"
        "Move them elsewhere: whoever loads that commit finds them beside its own.\n\n"
    ) in done.stdout, done.stdout
    assert done.stdout.endswith(
        "1 of 2 files are not what hfpin.lock says.\n"
        "In a local_dir nothing that was changed by hand is replaced: move such a file away first.\n"
        "TaskFailed - taskid:verify:old\nold is not what hfpin.lock says\n"
        "`hfpin verify --repair old` fetches just those files.\n\n"
    ), done.stdout
    assert "old  model.safetensors  differs" in done.stdout


def test_no_lock(repo: ResearchRepo) -> None:
    """Without a lock the task fails, and says which command writes one."""
    repo.write("dodo.py", "from hfpin.doit import *\n")
    done = repo.run("doit", "fetch")
    assert done.returncode == 1
    assert f"there is no hfpin.lock in {repo.root}" in done.stdout
    assert "Run `hfpin pin`" in done.stdout
    assert "Traceback" not in done.stdout


def test_stale_lock(pinned: ResearchRepo, tiny: Published) -> None:
    """A config that says something else than the lock is not fetched over."""
    pinned.write("config.yaml", f"new: {{repo_id: acme/tiny, revision: {tiny.first}}}\n")
    done = pinned.run("doit", "fetch")
    assert done.returncode == 1
    assert f"config.yaml:1:16: new: commit is {tiny.first} here, {tiny.second} in hfpin.lock" in done.stdout


def test_parallel(pinned: ResearchRepo, tiny: Published) -> None:
    """`doit -n 4` works."""
    assert pinned.run("doit", "-n", "4", "fetch").returncode == 0
    assert pinned.hfpin("verify").returncode == 0
    assert tiny.second in pinned.read("hfpin.lock")


def test_lock(pinned: ResearchRepo, tiny: Published) -> None:
    """`doit lock` writes the lock; where that cannot be done the task fails with a message."""
    pinned.write("config.yaml", f"new: {{repo_id: acme/tiny, revision: {tiny.second}}}\n")
    assert pinned.run("doit", "lock").stdout == (".  lock\n   hfpin.lock: 1 removed (old). 1 pin in all.\n")
    pinned.write("config.yaml", "model: acme/tiny\n")
    done = pinned.run("doit", "lock")
    assert done.returncode == 1
    assert "config.yaml:1:8: acme/tiny has no revision" in done.stdout
    assert "Traceback" not in done.stdout


def test_clean(pinned: ResearchRepo, tiny: Published) -> None:
    """`doit clean fetch:NAME` shows each file that goes, and removes that pin's and no other's."""
    pinned.run("doit", "fetch")
    folder = pinned.places.cache_dir / "models--acme--tiny" / "snapshots" / tiny.second
    dry = pinned.run("doit", "clean", "-n", "fetch:new")
    assert f"   would remove  {folder}/config.json\n" in dry.stdout
    assert dry.stdout.endswith("   new  would free 3.1 MB, 8 names\n")
    assert (folder / "config.json").is_file()
    done = pinned.run("doit", "clean", "fetch:new")
    assert done.stdout.endswith("   new  frees 3.1 MB, 8 names\n")
    assert not folder.exists()
    assert pinned.run("doit", "fetch:old").stdout == "-- fetch:old\n"
    assert pinned.run("doit", "fetch:new").stdout.startswith(".  fetch:new\n")


def test_clean_keeps_what_was_edited(pinned: ResearchRepo) -> None:
    """In a local_dir an edited file stays, and is said to."""
    pinned.run("doit", "fetch")
    weights = pinned.root / "data" / "old" / "model.safetensors"
    weights.write_bytes(b"mine")
    done = pinned.run("doit", "clean", "fetch:old")
    assert f"   keep  {weights}: it was edited\n" in done.stdout
    assert [path.name for path in weights.parent.iterdir() if path.is_file()] == ["model.safetensors"]


def test_clean_refused(pinned: ResearchRepo, tiny: Published) -> None:
    """A commit that a branch of the cache points at stays, with the reason."""
    pinned.run("doit", "fetch:new")
    refs = pinned.places.cache_dir / "models--acme--tiny" / "refs"
    refs.mkdir()
    (refs / "main").write_text(tiny.second)
    done = pinned.run("doit", "clean", "fetch:new")
    assert f"new (acme/tiny at {tiny.second[:8]}) stays: {refs.parent} has it as 'main'" in done.stdout
    assert "Traceback" not in done.stdout
    assert pinned.run("doit", "fetch:new").stdout == "-- fetch:new\n"


def test_own_names(pinned: ResearchRepo) -> None:
    """A dodo.py can call the tasks what it likes."""
    pinned.write(
        "dodo.py",
        "from hfpin.doit import fetch_tasks, verify_tasks\n"
        "def task_models():\n    yield from fetch_tasks('models')\n"
        "def task_intact():\n    yield from verify_tasks('intact')\n",
    )
    assert pinned.run("doit", "models:old").stdout.startswith(".  models:old\n   old  3.1 MB fetched")
    assert pinned.run("doit", "intact:old").stdout == (
        ".  intact:old\n2 files, 3.1 MB: every byte as in hfpin.lock.\n"
    )


def test_project_elsewhere(pinned: ResearchRepo) -> None:
    """A dodo.py brings and locks the pins of a project elsewhere, wherever an action before has gone."""
    pinned.write(
        "jobs/dodo.py",
        "import os\nfrom hfpin.doit import fetch_tasks, task_lock\n"
        "DOIT_CONFIG = {'backend': 'sqlite3'}\n"  # the default one looks for its files where it is at the end
        "def task_elsewhere():\n    return {'actions': [lambda: os.chdir('/')]}\n"
        "def task_models():\n    yield from fetch_tasks('models', root='..')\n",
    )
    done = pinned.run("doit", "-f", "jobs/dodo.py", "elsewhere", "models:old", "lock")
    assert done.stdout == (
        ".  elsewhere\n.  models:old\n   old  3.1 MB fetched, 0 B kept, every digest as in hfpin.lock\n"
        ".  lock\n   hfpin.lock: 2 pins, unchanged.\n"
    )
    assert done.returncode == 0
    assert (pinned.root / "data" / "old" / "model.safetensors").is_file()


def test_no_dodo(pinned: ResearchRepo) -> None:
    """With `loader = "hfpin"` a repo needs no dodo.py at all."""
    (pinned.root / "dodo.py").unlink()
    pinned.write("pyproject.toml", '[tool.doit]\nloader = "hfpin"\n')
    assert pinned.run("doit", "fetch:old").returncode == 0
    assert pinned.run("doit", "fetch:old").stdout == "-- fetch:old\n"
    listed = pinned.run("doit", "list", "--all").stdout.splitlines()
    assert [line.split()[0] for line in listed] == [
        "fetch",
        "fetch:new",
        "fetch:old",
        "lock",
        "verify",
        "verify:new",
        "verify:old",
    ]
