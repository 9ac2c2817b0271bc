"""A check: which files, which rules, what is ignored, and what is known at the end."""

from __future__ import annotations

from pathlib import Path

import pytest

from hfpin import lock
from hfpin.config import Config
from hfpin.errors import ConfigError
from hfpin.lock import Lock, LockedPin
from hfpin.operations.check import check, scans
from hfpin.operations.project import Project, declaring_files
from hfpin.pin import Pin, Target
from hfpin.repo import Repo
from hfpin.rules.selection import selection
from tests.support import ResearchRepo

FIRST = "26bca36bde8333b5d7f72e9ed20ccda6a618af24"
SECOND = "7dbbc90392e2f80f3d3c277d6e90027e55de9125"
LOOSE = "model: org/a\n"


def found(repo: ResearchRepo, *paths: str, config: Config | None = None, below: str = "") -> list[str]:
    """Give place and code of each finding of a check, in its order."""
    settings = config or Config()
    project = Project(config=settings, places=repo.places)
    here = repo.root / below
    checked = check(project, [Path(path) for path in paths], selection(settings), here=here)
    return [f"{finding.where} {finding.code}" for one in checked for finding in one.findings]


@pytest.fixture
def standing(repo: ResearchRepo, monkeypatch: pytest.MonkeyPatch) -> ResearchRepo:
    """A research repo that one stands in."""
    monkeypatch.chdir(repo.root)
    return repo


def lay_lock(repo: ResearchRepo, *pins: tuple[str, str]) -> None:
    """Write a lock of pins, each a repo id at a commit."""
    locked = []
    for number, (repo_id, commit) in enumerate(pins):
        target = Target(repo=Repo(repo_id), commit=commit)
        locked.append(LockedPin(pin=Pin(name=f"pin_{number}", target=target, revision=commit), files=()))
    repo.write(lock.FILE_NAME, lock.dumps(Lock(pins=tuple(locked))))


def test_files_come_once_and_in_the_order_of_their_paths(standing: ResearchRepo) -> None:
    """However they are given: what is compared with what is the same in every run."""
    for name in ("b.yaml", "a.yaml", "c/d.yaml"):
        standing.write(name, LOOSE)
    assert found(standing, "c", "b.yaml", "a.yaml", "b.yaml") == [
        "a.yaml:1:8 HFP001",
        "b.yaml:1:8 HFP001",
        "c/d.yaml:1:8 HFP001",
    ]


def test_a_file_is_one_whatever_it_is_called(standing: ResearchRepo, tmp_path: Path) -> None:
    """By its whole path, or by way of a link above the project, it is the file that the settings know."""
    whole = standing.write("conf/a.yaml", LOOSE)
    assert found(standing, "conf/a.yaml", str(whole)) == [f"{whole.as_posix()}:1:8 HFP001"]
    link = tmp_path / "link"
    link.symlink_to(standing.root, target_is_directory=True)
    for config in (Config(exclude=("conf",)), Config(per_file_ignores=(("conf/*", ("HFP001",)),))):
        assert found(standing, str(link / "conf/a.yaml"), config=config) == []


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (Config(files=()), "[tool.hfpin] files is empty"),
        (Config(files=("a.yaml",)), "there is no a.yaml"),
        (
            Config(files=("conf/*.yaml",), exclude=("conf",)),
            "there is no conf/*.yaml but for what [tool.hfpin] exclude leaves out",
        ),
    ],
)
def test_why_no_file_declares(standing: ResearchRepo, config: Config, message: str) -> None:
    """Where nothing declares, it is said which setting makes it so."""
    standing.write("conf/a.yaml", LOOSE)
    with pytest.raises(ConfigError) as caught:
        found(standing, config=config)
    assert caught.value.message == f"no file in {standing.root} declares a pin: {message}"


def test_a_glob_of_no_file(standing: ResearchRepo) -> None:
    """A glob that Python cannot use is named, with the setting that it stands in."""
    with pytest.raises(ConfigError) as caught:
        found(standing, config=Config(files=(".",)))
    assert caught.value.message == "pyproject.toml: [tool.hfpin] files has '.': it names no file"


def test_excluded_files_are_never_read(standing: ResearchRepo) -> None:
    """Given by name, in a folder, or as declaring files: they are left out."""
    for name in ("conf/a.yaml", "conf/old/b.yaml", "conf/c.yaml"):
        standing.write(name, LOOSE)
    config = Config(exclude=("conf/old", "**/c.yaml"))
    for paths in ((), ("conf",), ("conf/a.yaml", "conf/old/b.yaml", "conf/c.yaml")):
        assert found(standing, *paths, config=config) == ["conf/a.yaml:1:8 HFP001"]
    assert found(standing, "conf/c.yaml", config=config) == []
    project = Project(config=config, places=standing.places)
    assert declaring_files(project) == (standing.root / "conf/a.yaml",)
    assert [one.path for one in scans(project, [], here=standing.root)] == ["conf/a.yaml"]


def test_a_page_is_no_broken_config(standing: ResearchRepo) -> None:
    """That words are no YAML is no mistake of theirs; what is no text at all is one, on a page too."""
    standing.write("README.md", "---\nbase_model: org/a\n---\n# A title: - {\n\n```yaml\nlr: 1\n```\n")
    (standing.root / "other.md").write_bytes(b"\xff\xfe")
    assert found(standing, "README.md", "other.md") == ["README.md:2:13 HFP001", "other.md:1:1 HFP000"]


def test_per_file_ignores_go_by_the_projects_paths(
    standing: ResearchRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From wherever one stands, a glob means the path from the root."""
    standing.write("tests/a.yaml", LOOSE)
    config = Config(per_file_ignores=(("tests", ("HFP001",)),))
    assert found(standing, "tests/a.yaml", config=config) == []
    monkeypatch.chdir(standing.root / "tests")
    assert found(standing, "a.yaml", config=config, below="tests") == []
    assert found(standing, "a.yaml", below="tests") == ["a.yaml:1:8 HFP001"]


def test_what_a_comment_ignores_is_not_said(standing: ResearchRepo) -> None:
    """On its own line or the one before, for the rules that it names and no other."""
    standing.write(
        "config.yaml",
        "a: {model: org/a}  # hfpin: ignore[HFP001] why\n"
        "# hfpin: ignore[HFP001] why\n"
        "b: {model: org/b}\n"
        "c: {model: org/c}  # hfpin: ignore[HFP002] why\n",
    )
    assert found(standing) == ["config.yaml:4:12 HFP001", "config.yaml:4:22 HFP012"]


def test_a_comment_can_ignore_that_it_is_unused(standing: ResearchRepo) -> None:
    """HFP012 is a rule like any other."""
    standing.write("config.yaml", "a: 1  # hfpin: ignore[HFP001, HFP012] a stub\n")
    assert found(standing) == []


def test_a_comment_for_a_rule_that_is_off_is_not_unused(standing: ResearchRepo) -> None:
    """Whoever selects few rules need not take away what the others' findings are ignored by."""
    standing.write("config.yaml", "model: org/a  # hfpin: ignore[HFP001] why\n")
    assert found(standing, config=Config(ignore=("HFP001",))) == []
    assert found(standing, config=Config(per_file_ignores=(("config.yaml", ("HFP001",)),))) == []


def test_taught_keys_are_read(standing: ResearchRepo) -> None:
    """What the settings teach, a check knows."""
    standing.write("config.yaml", "other_file: org/a\n")
    assert found(standing) == []
    assert found(standing, config=Config(model_keys=(("other_file", None),))) == ["config.yaml:1:13 HFP001"]


def test_a_batch_says_nothing_of_files_that_it_has_not(standing: ResearchRepo) -> None:
    """A hook is shown some files: what others declare is neither missed nor compared with."""
    standing.write("conf/a.yaml", f"model: org/a\nrevision: {FIRST}\n")
    standing.write("conf/b.yaml", f"model: org/b\nrevision: {FIRST}\n")
    standing.write("conf/c.yaml", f"model: org/a\nrevision: {SECOND}\n")
    lay_lock(standing, ("org/a", FIRST), ("org/a", SECOND), ("org/gone", FIRST))
    assert found(standing, "conf/a.yaml") == []
    assert found(standing, "conf/b.yaml") == ["conf/b.yaml:2:11 HFP010"]
    assert found(standing, "conf/c.yaml") == []
    for paths in ((), ("conf",), (".",)):
        assert found(standing, *paths) == [
            "conf/b.yaml:2:11 HFP010",
            "conf/c.yaml:2:11 HFP006",
            "hfpin.lock:1:1 HFP010",
        ]


def test_the_lock_is_called_as_seen_from_here(
    standing: ResearchRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A finding in the lock has a path that can be opened."""
    standing.write("config.yaml", f"model: org/a\nrevision: {FIRST}\n")
    standing.write("src/x.py", "")
    standing.write(lock.FILE_NAME, "{")
    monkeypatch.chdir(standing.root / "src")
    assert found(standing, below="src") == ["../hfpin.lock:1:1 HFP010"]
    assert found(standing, "../config.yaml", below="src") == ["../hfpin.lock:1:1 HFP010"]


def test_a_file_that_declares_nothing_is_not_held_against_the_lock(standing: ResearchRepo) -> None:
    """Test data and other programs' configs are checked by the other rules alone."""
    standing.write("tests/a.yaml", f"model: org/a\nrevision: {FIRST}\n")
    lay_lock(standing)
    assert found(standing, "tests/a.yaml") == []
    config = Config(files=("tests/*.yaml",))
    assert found(standing, "tests/a.yaml", config=config) == ["tests/a.yaml:2:11 HFP010"]
