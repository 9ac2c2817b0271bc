"""The pre-commit host: the hooks' contracts, and the real pre-commit that installs them."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

import pytest

from chores.hooks import joined_stanzas
from tests.support import ResearchRepo

ROOT = Path(__file__).parent.parent.parent
HOOKS = ROOT / "hooks"
CASES = sorted(path for path in HOOKS.glob("*/examples/*") if path.is_dir())
COMMIT = "26bca36bde8333b5d7f72e9ed20ccda6a618af24"


def stanza(hook: Path) -> dict[str, str]:
    """The fields of a stanza; all of them are on one line."""
    lines = (hook / "hook.yaml").read_text(encoding="utf-8").splitlines()
    return dict(line.split(": ", 1) for line in lines)


def files_below(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.parent.name}-{case.name}")
def test_example(case: Path, repo: ResearchRepo) -> None:
    """The stanza's own entry, run on what is given, leaves what is wanted and prints what is promised."""
    shutil.copytree(case / "given", repo.root, dirs_exist_ok=True)
    given = files_below(case / "given")
    entry = shlex.split(stanza(case.parent.parent)["entry"])
    done = repo.run(*entry, *given)
    assert f"{done.stdout}exit code: {done.returncode}\n" == (case / "output.txt").read_text(encoding="utf-8")
    wanted = case / "want"
    after = {name: content for name, content in files_below(repo.root).items() if name != "pyproject.toml"}
    assert after == (given if not wanted.exists() else files_below(wanted))


def test_every_hook_has_a_contract() -> None:
    """Each folder has stanza, page and examples, of which one passes and one fails; its name is the id."""
    for hook in (path for path in HOOKS.iterdir() if path.is_dir()):
        assert stanza(hook)["id"] == hook.name
        assert (hook / "README.md").read_text(encoding="utf-8").startswith(f"# {hook.name}\n")
        ends = {
            (case / "output.txt").read_text(encoding="utf-8").rpartition("exit code: ")[2].strip()
            for case in (hook / "examples").iterdir()
        }
        assert ends >= {"0", "1"}


def test_stanzas_are_joined() -> None:
    """`.pre-commit-hooks.yaml` is what `doit hooks` makes of the folders."""
    assert (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8") == joined_stanzas(HOOKS)


@pytest.fixture(scope="session")
def pre_commit_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pre-commit keeps the environments that it installs, once for all tests."""
    return tmp_path_factory.mktemp("pre-commit")


@pytest.fixture
def committed(repo: ResearchRepo, pre_commit_home: Path) -> ResearchRepo:
    """A real git repository with a config that names a model without a revision."""
    env = {**repo.env, "PRE_COMMIT_HOME": str(pre_commit_home)}
    repo = ResearchRepo(root=repo.root, env=env)
    repo.write("config.yaml", "model:\n  model_name_or_path: mistralai/Mistral-7B-v0.1\n")
    repo.run("git", "init", "--quiet")
    repo.run("git", "add", ".")
    return repo


def source_commit(repo: ResearchRepo, into: Path) -> str:
    """Copy this project, as it stands in the working tree, into a git repository and give its commit.

    pre-commit installs hooks from a commit; this way what is not committed yet is tested too.
    """
    listed = repo.run("git", "-C", ROOT, "ls-files", "--cached", "--others", "--exclude-standard", "-z")
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file() and name.startswith(
            ("src/", "pyproject", "README", "LICENSE", ".pre-commit-h")
        ):
            (into / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, into / name)
    for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message", "as it stands"]):
        assert repo.run("git", "-C", into, *command).returncode == 0
    return repo.run("git", "-C", into, "rev-parse", "HEAD").stdout.strip()


def test_installed_by_pre_commit(committed: ResearchRepo, tmp_path: Path) -> None:
    """pre-commit installs the hook from a git repository, it stops a commit, and lets the pinned one pass."""
    source = tmp_path / "hfpin"
    source.mkdir()
    commit = source_commit(committed, source)
    committed.write(
        ".pre-commit-config.yaml",
        f"repos:\n- repo: {source.as_uri()}\n  rev: {commit}\n  hooks:\n  - id: hfpin-check\n",
    )
    committed.run("git", "add", ".")
    assert committed.run("pre-commit", "install").returncode == 0
    refused = committed.run("git", "commit", "--message", "train on mistral")
    assert refused.returncode == 1
    assert "- hook id: hfpin-check\n- exit code: 1\n" in refused.stdout
    assert "config.yaml:2:23: HFP001 mistralai/Mistral-7B-v0.1 has no revision\n" in refused.stdout
    committed.write(
        "config.yaml",
        f"model:\n  model_name_or_path: mistralai/Mistral-7B-v0.1\n  model_revision: {COMMIT}\n",
    )
    committed.run("git", "add", ".")
    passed = committed.run("git", "commit", "--message", "train on mistral, pinned")
    assert passed.returncode == 0, passed.stdout
    assert (
        "Hub references are pinned................................................Passed\n" in passed.stdout
    )


def test_needs_no_network(committed: ResearchRepo) -> None:
    """The check gives its verdict where there are no sockets at all."""
    committed.write(
        "sitecustomize.py",
        "import sys\n"
        "def refuse(event, arguments):\n"
        "    if event.startswith('socket.'):\n"
        "        raise OSError('no network here')\n"
        "sys.addaudithook(refuse)\n",
    )
    done = committed.run("python", "-m", "hfpin", "check", PYTHONPATH=str(committed.root))
    assert done.returncode == 1, done.stdout
    assert "HFP001" in done.stdout
    proof = committed.run("python", "-c", "import socket; socket.socket()", PYTHONPATH=str(committed.root))
    assert "no network here" in proof.stdout
