"""What is remembered of a lock that agrees with the configs, and for how long."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hfpin.cli import main
from hfpin.config import Config
from hfpin.digest import Digest
from hfpin.errors import LockError
from hfpin.lock import Lock, LockedFile, LockedPin, dumps
from hfpin.operations import drift, memo
from hfpin.operations.project import Project, read_lock
from hfpin.pin import Pin, Target
from hfpin.places import Places
from hfpin.repo import Repo
from hfpin.testing import LocalHub
from tests.support import Published, ResearchRepo

COMMIT = "1" * 40
FILE = LockedFile(path="config.json", size=2, digest=Digest("sha256", "0" * 64))
TARGET = Target(repo=Repo("acme/tiny"), commit=COMMIT)
LOCK = Lock((LockedPin(pin=Pin(name="tiny", target=TARGET, revision=COMMIT), files=(FILE,)),))
CONFIG = f"tiny: {{repo_id: acme/tiny, revision: '{COMMIT}'}}\n"
MEMO = ".cache/huggingface/hfpin/memo"

Compared = list[Path]
"""The projects whose configs were compared with their lock."""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project whose lock is about its one config."""
    root = tmp_path / "project"
    root.mkdir()
    (root / "config.yaml").write_text(CONFIG)
    (root / "hfpin.lock").write_text(dumps(LOCK))
    return Project(config=Config(), places=Places(root=root, cache=tmp_path / "hub"))


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> Compared:
    """Tells whose configs were compared."""
    return watch(monkeypatch, drift.refuse_drift)


def watch(monkeypatch: pytest.MonkeyPatch, compare: Callable[[Project, Lock], None]) -> Compared:
    """Compare by another function, and note each time."""
    found: Compared = []

    def noted(project: Project, lock: Lock) -> None:
        found.append(project.root)
        compare(project, lock)

    monkeypatch.setattr(drift, "refuse_drift", noted)
    return found


def ask(project: Project) -> memo.Memo:
    """Ask whether the lock is about the configs."""
    return memo.refuse_drift(project, read_lock(project))


def test_once(project: Project, compared: Compared) -> None:
    """What agrees is compared once, also by another process; git is told to pass over the memo."""
    assert [ask(project).whole for _ in range(3)] == [frozenset()] * 3
    assert compared == [project.root]
    assert (project.root / ".cache/huggingface/hfpin/.gitignore").read_text() == "*\n"
    shutil.rmtree(project.root / ".cache")
    ask(project)
    assert compared == [project.root] * 2


def test_only_good_news(project: Project, compared: Compared) -> None:
    """What does not agree is compared each time, and nothing is written."""
    (project.root / "config.yaml").write_text(CONFIG.replace("11", "22"))
    for _ in range(2):
        with pytest.raises(LockError):
            ask(project)
    assert compared == [project.root] * 2
    assert not (project.root / ".cache").exists()


CHANGES: Mapping[str, Callable[[Path], object]] = {
    "a config": lambda root: (root / "config.yaml").write_text(f"{CONFIG}# more\n"),
    "a new config": lambda root: (root / "config.yml").write_text("a: 1\n"),
    "a config's name": lambda root: (root / "config.yaml").rename(root / "config.yml"),
    "the lock": lambda root: (root / "hfpin.lock").write_text(f"{dumps(LOCK)} "),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_changes(project: Project, compared: Compared, change: Callable[[Path], object]) -> None:
    """A change of anything that was compared lets it be compared again, and then no more."""
    ask(project)
    change(project.root)
    for _ in range(2):
        ask(project)
    assert compared == [project.root] * 2


@pytest.mark.parametrize("field", Config.__annotations__)
def test_settings(project: Project, compared: Compared, field: str) -> None:
    """So does a change of any setting, whatever it is about."""
    ask(project)
    changed: dict[str, Any] = {
        "files": ("config.yaml",),
        "link": "copy",
        "formats": "safetensors",
        "require": "commit",
        "jobs": 3,
        "purge_after": 60,
        "cache_dir": "hub",
        "write_refs": True,
        "require_lock": True,
        "model_keys": (("m", None),),
        "dataset_keys": (("d", None),),
        "per_file_ignores": (("*.md", ("HFP001",)),),
    }
    asked = replace(project, config=replace(project.config, **{field: changed.get(field, ("x",))}))
    memo_of = ask if field != "formats" else refused  # the lock says another format
    memo_of(asked)
    assert compared == [project.root] * 2


def refused(project: Project) -> None:
    """Ask, and be told that the lock is not about the configs."""
    with pytest.raises(LockError):
        ask(project)


@pytest.mark.parametrize(
    ("where", "name", "value"), [(memo, "__version__", "0"), (sys.implementation, "cache_tag", "cpython-0")]
)
def test_other_programs(
    project: Project,
    compared: Compared,
    monkeypatch: pytest.MonkeyPatch,
    where: object,
    name: str,
    value: str,
) -> None:
    """Another version of hfpin, or of Python, believes nothing that this one found."""
    ask(project)
    monkeypatch.setattr(where, name, value)
    ask(project)
    assert compared == [project.root] * 2


def test_clones(project: Project, compared: Compared) -> None:
    """A memo that was committed is about no clone."""
    ask(project)
    root = project.root.with_name("clone")
    shutil.copytree(project.root, root)
    ask(replace(project, places=replace(project.places, root=root)))
    assert compared == [project.root, root]


@pytest.mark.parametrize("spoil", [b"", b"\xff\xfe", b"\n", b"0" * 64, b"None\ntiny"])
def test_spoiled(project: Project, compared: Compared, spoil: bytes) -> None:
    """A memo that is broken is none, and is written anew."""
    ask(project)
    good = (project.root / MEMO).read_bytes()
    (project.root / MEMO).write_bytes(spoil)
    assert ask(project).whole == frozenset()
    assert compared == [project.root] * 2
    assert (project.root / MEMO).read_bytes() == good


@pytest.mark.parametrize(
    "blocked", [".cache", ".cache/huggingface/hfpin", ".cache/huggingface/hfpin/.gitignore"]
)
def test_nowhere_to_write(project: Project, compared: Compared, blocked: str) -> None:
    """Where it cannot be written everything works without it, each time from the start."""
    path = project.root / blocked
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("")
    for _ in range(2):
        ask(project)
    assert compared == [project.root] * (1 if blocked.endswith(".gitignore") else 2)
    assert path.read_text() == ""


@pytest.mark.parametrize(
    "name", [".cache", ".cache/huggingface/hfpin", MEMO, ".cache/huggingface/hfpin/.gitignore"]
)
def test_links(project: Project, name: str) -> None:
    """A link that came with the repository leads to nothing that is written."""
    outside, link = project.root.with_name("outside"), project.root / name
    link.parent.mkdir(parents=True, exist_ok=True)
    is_folder = name in (".cache", ".cache/huggingface/hfpin")
    outside.mkdir() if is_folder else outside.write_text("theirs")
    link.symlink_to(outside)
    ask(project)
    assert list(outside.iterdir()) == [] if is_folder else outside.read_text() == "theirs"


@pytest.mark.parametrize("name", [".cache", ".cache/huggingface/hfpin", MEMO])
@pytest.mark.parametrize("kind", ["loop", "device"])
def test_what_is_no_file(project: Project, name: str, kind: str) -> None:
    """A loop of links, or a device, where the memo would be is as if there were none."""
    link = project.root / name
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(link.name if kind == "loop" else os.devnull)
    ask(project)
    assert link.is_symlink()


def test_a_long_lock(project: Project, compared: Compared, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a lock that would be long to read again nothing is remembered."""
    monkeypatch.setattr(memo, "_LONGEST", len(dumps(LOCK)) - 1)
    for _ in range(2):
        ask(project)
    assert compared == [project.root] * 2
    assert not (project.root / ".cache").exists()


def test_a_lock_that_is_replaced(project: Project, compared: Compared) -> None:
    """What was compared with one lock is not remembered of the next, which somebody writes meanwhile."""
    lock = read_lock(project)
    (project.root / "hfpin.lock").write_text(dumps(Lock()))
    memo.refuse_drift(project, lock)
    refused(project)
    assert compared == [project.root] * 2


NAMES = ("config.yaml", "conf/a.yaml", "conf/b/a.yaml", "conf/aa.yaml")
STATES = st.dictionaries(st.sampled_from(NAMES), st.text("a\n5", max_size=3), min_size=1)


@settings(max_examples=40, deadline=None)
@given(states=st.lists(STATES, min_size=1, max_size=4))
def test_states(states: list[dict[str, str]]) -> None:
    """It is believed of the very files that it is about, and of no others."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        root = Path(folder)
        compared = watch(patch, lambda *_: None)
        (root / "hfpin.lock").write_text(dumps(LOCK))
        project = Project(config=Config(), places=Places(root=root, cache=root / "hub"))
        last, expected = None, 0
        for state in states:
            for name in NAMES:
                (root / name).unlink(missing_ok=True)
            for name, text in state.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text)
            ask(project)
            expected += state != last
            last = state
        assert len(compared) == expected


@pytest.fixture
def fetched(
    online: ResearchRepo, hf_local_hub: LocalHub, tiny: Published, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ResearchRepo]:
    """A project whose one model was fetched, with its commands run in this process."""
    online.write("config.yaml", f"tiny: {{repo_id: acme/tiny, revision: {tiny.first}}}\n")
    online.lock()
    monkeypatch.chdir(online.root)
    monkeypatch.setenv("HF_HUB_CACHE", str(online.places.cache_dir))
    assert online.hfpin("fetch").returncode == 0
    hf_local_hub.clear_requests()
    yield online
    assert hf_local_hub.requests == ()


def test_whole(
    fetched: ResearchRepo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Headers that were looked at once are not opened again by a fetch that finds everything there."""
    looked: list[str] = []

    def look(_: Project, locked: LockedPin) -> tuple[()]:
        looked.append(locked.pin.name)
        return ()

    monkeypatch.setattr("hfpin.operations.wholeness.unwhole", look)
    assert (main(["fetch"]), looked) == (0, [])
    (fetched.root / MEMO).unlink()
    assert [main(["fetch"]) for _ in range(2)] == [0, 0]
    assert looked == ["tiny"]
    assert capsys.readouterr().out == "tiny  all 4 files are there\n" * 3


def test_what_is_gone(fetched: ResearchRepo, capsys: pytest.CaptureFixture[str]) -> None:
    """Whether files are there is not remembered."""
    (weights,) = fetched.places.cache_dir.rglob("model.safetensors")
    weights.resolve().unlink()
    assert main(["plan"]) == 0
    assert capsys.readouterr().out.splitlines()[1].split()[:4] == ["tiny", read_commit(fetched), "3.1", "MB"]


def read_commit(repo: ResearchRepo) -> str:
    """The first digits of the one pin's commit."""
    return read_lock(repo.project).pins[0].pin.commit[:8]
