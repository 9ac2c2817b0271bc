"""A repository of several projects, from its top, where pre-commit runs: each file is of the nearest one."""

from __future__ import annotations

from pathlib import Path

import pytest

from hfpin.cli import main
from tests.support import ResearchRepo

COMMIT = "26bca36bde8333b5d7f72e9ed20ccda6a618af24"
LOCK = Path(__file__).parents[2] / "hooks" / "hfpin-pin" / "examples" / "pinned" / "given" / "hfpin.lock"
LOOSE = "model_name_or_path: mistralai/Mistral-7B-v0.1\n"
PINNED = f"{LOOSE}model_revision: {COMMIT}  # v0.1\n"


@pytest.fixture
def top(repo: ResearchRepo, monkeypatch: pytest.MonkeyPatch) -> ResearchRepo:
    """The top of a repository, with a project that has a lock and one that has settings below it."""
    repo.write("conf/top.yaml", "lr: 1\n")
    repo.write("packages/locked/hfpin.lock", LOCK.read_text(encoding="utf-8"))
    repo.write("packages/locked/conf/deep/train.yaml", LOOSE)
    repo.write("packages/taught/pyproject.toml", "[tool.hfpin]\nmodel-keys = { bone = 'bone_commit' }\n")
    repo.write("packages/taught/config.yaml", "bone: acme/m\n")
    repo.write("packages/plain/pyproject.toml", "[project]\nname = 'plain'\n")
    repo.write("packages/plain/config.yaml", "bone: acme/m\n")
    monkeypatch.chdir(repo.root)
    return repo


def test_check(top: ResearchRepo, capsys: pytest.CaptureFixture[str]) -> None:
    """A file is held against the settings and the lock that are nearest, those of its own project."""
    top.write("packages/locked/conf/deep/train.yaml", PINNED.replace("26bca", "36bca"))
    assert main(["check", "--ignore", "HFP011", "packages"]) == 1
    lines = capsys.readouterr().out.splitlines()
    stale = "mistralai/Mistral-7B-v0.1 is at 36bca36b… here, and 26bca36b… (v0.1) there"
    assert [line for line in lines if ": HFP" in line] == [
        f"packages/locked/conf/deep/train.yaml:2:17: HFP010 hfpin.lock is stale: {stale}",
        "packages/taught/config.yaml:1:7: HFP001 acme/m has no revision",
    ]
    assert "  = hfpin lock --project packages/locked   brings it up to date" in lines
    assert lines[-1] == "Checked 5 files: 2 Hub references, 2 findings."


def test_what_the_top_declares_is_its_own(top: ResearchRepo, capsys: pytest.CaptureFixture[str]) -> None:
    """What `files` of the project that one stands in names stays with it."""
    top.write("pyproject.toml", "[tool.hfpin]\nfiles = ['packages/*/config.yaml']\n")
    assert main(["check", "packages/taught"]) == 0
    assert capsys.readouterr().out == "Checked 2 files: 0 Hub references.\n"


def test_pin(top: ResearchRepo, capsys: pytest.CaptureFixture[str]) -> None:
    """The commit is that of the project's own lock, and that lock is the one that is brought up to date."""
    assert main(["pin", "--offline", "conf/top.yaml", "packages/locked/conf/deep/train.yaml"]) == 0
    assert top.read("packages/locked/conf/deep/train.yaml") == PINNED
    assert capsys.readouterr().out == (
        "pinned 0, already pinned 0, could not pin 0.\n"
        "hfpin.lock is as it was: there is none, and nothing to lock\n"
        "In packages/locked:\n"
        "packages/locked/conf/deep/train.yaml\n"
        "   ⋮\n"
        "   model_name_or_path: mistralai/Mistral-7B-v0.1\n"
        f" + model_revision: {COMMIT}  # v0.1\n"
        "pinned 1, already pinned 0, could not pin 0.\n"
        "hfpin.lock: 1 pin, unchanged.\n"
    )
    assert not (top.root / "hfpin.lock").exists()


def test_lock_check(top: ResearchRepo, capsys: pytest.CaptureFixture[str]) -> None:
    """`lock --project` is about the project of a folder, for the hook that is given no files."""
    top.write("packages/locked/conf/deep/train.yaml", PINNED)
    assert main(["lock", "--check", "--project", "packages/locked/conf"]) == 0
    assert main(["lock", "--check", "--project", "packages/none"]) == 2
    assert main(["lock", "--check"]) == 0
    printed = capsys.readouterr()
    assert printed.out == (
        "hfpin.lock: 1 pin, as declared.\nNothing is declared here, and there is no hfpin.lock.\n"
    )
    assert printed.err == (
        "hfpin: packages/none is no folder\n  = Name the folder of a project: hfpin lock --project ml.\n"
    )


def test_explain_and_refs(top: ResearchRepo, capsys: pytest.CaptureFixture[str]) -> None:
    """They know the keys that the file's own project teaches, and others none."""
    assert main(["explain", "packages/taught/config.yaml:1"]) == 0
    assert "+12  taught-key" in capsys.readouterr().out
    assert main(["refs", "packages/taught", "packages/plain"]) == 0
    assert capsys.readouterr().out == "packages/taught/config.yaml:1  model  acme/m  no revision\n"
    assert not top.read("packages/taught/config.yaml").count("revision")


def test_wrong_settings_say_where(top: ResearchRepo, capsys: pytest.CaptureFixture[str]) -> None:
    """Of several pyproject.toml, a message names the one that it is about."""
    top.write("packages/taught/pyproject.toml", "[tool.hfpin]\nfile = []\n")
    assert main(["check", "packages/taught/config.yaml"]) == 2
    assert capsys.readouterr().err.startswith("hfpin: packages/taught: pyproject.toml: [tool.hfpin] ")


def test_by_way_of_a_link(top: ResearchRepo, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A project that is reached by a link is the one that one stands in, and not another."""
    top.write("hfpin.lock", LOCK.read_text(encoding="utf-8"))
    top.write("config.yaml", LOOSE)
    link = tmp_path / "link"
    link.symlink_to(top.root, target_is_directory=True)
    assert main(["pin", "--offline", str(link / "config.yaml")]) == 0
    assert "In " not in capsys.readouterr().out


def test_a_lock_is_no_config(top: ResearchRepo, capsys: pytest.CaptureFixture[str]) -> None:
    """A hook that is shown all files is shown the lock too: nothing is found in it, and nothing written."""
    before = top.read("packages/locked/hfpin.lock").replace('"v0.1"', '"main"')
    top.write("packages/locked/hfpin.lock", before)
    top.write("packages/locked/conf/deep/train.yaml", PINNED.replace("v0.1\n", "main\n", 1))
    assert main(["check", "packages/locked/hfpin.lock"]) == 0
    assert capsys.readouterr().out == "Checked 0 files: 0 Hub references.\n"
    assert main(["pin", "--offline", "--no-lock", "packages/locked/hfpin.lock"]) == 0
    assert top.read("packages/locked/hfpin.lock") == before
