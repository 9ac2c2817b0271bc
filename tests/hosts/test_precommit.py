"""The pre-commit host: the hooks' contracts, and the real pre-commit that installs them."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from filelock import FileLock

from chores.hooks import joined_stanzas
from hfpin.cli import main
from hfpin.scan import READERS
from tests.support import ResearchRepo, user_environment

ROOT = Path(__file__).parent.parent.parent
HOOKS = ROOT / "hooks"
CASES = sorted(path for path in HOOKS.glob("*/examples/*") if path.is_dir())
COMMIT = "26bca36bde8333b5d7f72e9ed20ccda6a618af24"


def stanza(hook: Path) -> dict[str, Any]:
    """The fields of a stanza; all of them are on one line."""
    text = (hook / "hook.yaml").read_text(encoding="utf-8")
    fields = yaml.safe_load(text)
    assert len(fields) == len(text.splitlines())
    return dict(fields)


def files_below(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def passed(fields: dict[str, Any], names: Iterable[str]) -> list[str]:
    """The files that pre-commit passes to a hook, of these."""
    meant = (name for name in names if re.search(fields.get("files", ""), name))
    kept = [name for name in meant if not re.search(fields.get("exclude", "^$"), name)]
    return kept if fields.get("pass_filenames", True) else []


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.parent.name}-{case.name}")
def test_example(
    case: Path, repo: ResearchRepo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The stanza's own entry, run on what is given, leaves what is wanted and prints what is promised."""
    shutil.copytree(case / "given", repo.root, dirs_exist_ok=True)
    given, fields = files_below(case / "given"), stanza(case.parent.parent)
    program, *arguments = shlex.split(fields["entry"])
    if (case / "setup.sh").exists():
        assert repo.run("sh", "-e", case / "setup.sh").returncode == 0
        arguments += passed(fields, repo.run("git", "ls-files", "-z").stdout.rstrip("\0").split("\0"))
    else:
        arguments += passed(fields, given)
    if "--offline" in arguments or program != "hfpin" or arguments[0] != "pin":
        monkeypatch.chdir(repo.root)
        code = main(arguments)
        printed = "".join(capsys.readouterr())
    else:  # where the Hub is asked for is read when huggingface_hub is imported
        done = repo.hfpin(*arguments)
        code, printed = done.returncode, done.stdout
    assert f"{printed}exit code: {code}\n" == (case / "output.txt").read_text(encoding="utf-8")
    wanted = case / "want"
    there = files_below(repo.root).items()
    after = {name: data for name, data in there if name != "pyproject.toml" and not name.startswith(".git/")}
    assert after == (given if not wanted.exists() else files_below(wanted))


def test_every_hook_has_a_contract() -> None:
    """Each folder has stanza, page and examples, of which one passes and one does not; its name is the id."""
    hooks = [path for path in HOOKS.iterdir() if path.is_dir()]
    assert {hook.name for hook in hooks} == {
        "hfpin-check",
        "hfpin-pin",
        "hfpin-pin-online",
        "hfpin-lock-check",
        "hfpin-large-files",
        "hfpin-adapters",
    }
    for hook in hooks:
        assert stanza(hook)["id"] == hook.name
        assert (hook / "README.md").read_text(encoding="utf-8").startswith(f"# {hook.name}\n")
        ends = {
            (case / "output.txt").read_text(encoding="utf-8").rpartition("exit code: ")[2].strip()
            for case in (hook / "examples").iterdir()
        }
        assert "0" in ends
        assert len(ends) > 1


@pytest.mark.parametrize(
    ("name", "is_read"),
    [
        ("config.yaml", True),
        ("conf/a.yml", True),
        ("train.json", True),
        ("a/b.jsonc", True),
        ("pyproject.toml", True),
        ("package-lock.json", False),
        ("web/pnpm-lock.yaml", False),
        ("model/tokenizer.json", False),
        ("model.safetensors.index.json", False),
        ("notebook.ipynb", False),
        ("uv.lock", False),
        ("yaml", False),
    ],
)
def test_what_is_read(name: str, is_read: bool) -> None:  # noqa: FBT001  # a case
    """The hooks read what the scan reads, but for files that are big, made by tools, and hold no config."""
    assert (Path(name).suffix in READERS) >= is_read
    for hook in ("hfpin-check", "hfpin-pin", "hfpin-pin-online"):
        assert (passed(stanza(HOOKS / hook), [name]) == [name]) is is_read


def test_what_writes_runs_alone() -> None:
    """A hook that changes files gets them all in one process; the one that asks the Hub has to be called."""
    fields = {hook.name: stanza(hook) for hook in HOOKS.iterdir()}
    assert {name for name, one in fields.items() if one.get("require_serial")} == {
        "hfpin-pin",
        "hfpin-pin-online",
    }
    assert {name for name, one in fields.items() if "stages" in one} == {"hfpin-pin-online"}


def test_stanzas_are_joined() -> None:
    """`.pre-commit-hooks.yaml` is what `doit hooks` makes of the folders."""
    assert (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8") == joined_stanzas(HOOKS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """This project as a repository of hooks, and where pre-commit has installed it.

    Args:
        home: Where pre-commit keeps the environments that it installs.
        source: A git repository that holds this project as it stands in the working tree.
        commit: Its commit.
    """

    home: Path
    source: Path
    commit: str


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """One environment for all tests of a session, whichever of its processes comes first."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "hooks"
    shared.mkdir(exist_ok=True)
    home, source, done = shared / "home", shared / "hfpin", shared / "commit"
    with FileLock(shared / "lock"):
        if not done.exists():
            source.mkdir()
            repo = ResearchRepo(root=shared, env={**user_environment(shared), "PRE_COMMIT_HOME": str(home)})
            commit = source_commit(repo, source)
            asking = shared / "asking"
            asking.mkdir()
            user = ResearchRepo(root=asking, env=repo.env)
            user.write(".pre-commit-config.yaml", config(source.as_uri(), commit, "hfpin-check"))
            assert user.run("git", "init", "--quiet").returncode == 0
            prepared = user.run("pre-commit", "install-hooks")
            assert prepared.returncode == 0, prepared.stdout
            done.write_text(commit, encoding="utf-8")
    return Installed(home=home, source=source, commit=done.read_text(encoding="utf-8"))


def config(source: str, commit: str, *hooks: str) -> str:
    """A `.pre-commit-config.yaml`."""
    return f"repos:\n- repo: {source}\n  rev: {commit}\n  hooks:\n" + "".join(
        f"  - id: {id_}\n" for id_ in hooks
    )


def source_commit(repo: ResearchRepo, into: Path) -> str:
    """Copy this project, as it stands in the working tree, into a git repository and give its commit.

    pre-commit installs hooks from a commit; this way what is not committed yet is tested too.
    """
    listed = repo.run("git", "-C", ROOT, "ls-files", "--cached", "--others", "--exclude-standard", "-z")
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file() and name.startswith(
            ("src/", "docs/rules/", "pyproject", "README", "LICENSE", ".pre-commit-h")
        ):
            (into / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, into / name)
    for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message", "as it stands"]):
        assert repo.run("git", "-C", into, *command).returncode == 0
    return repo.run("git", "-C", into, "rev-parse", "HEAD").stdout.strip()


LOOSE = "model:\n  model_name_or_path: mistralai/Mistral-7B-v0.1\n"
PINNED = f"{LOOSE}  model_revision: {COMMIT}  # v0.1\n"
LOCK = (HOOKS / "hfpin-pin" / "examples" / "pinned" / "given" / "hfpin.lock").read_text(encoding="utf-8")


@pytest.fixture
def committed(repo: ResearchRepo) -> ResearchRepo:
    """A real git repository with a config that names a model without a revision, and a lock that has it."""
    repo.write("config.yaml", LOOSE)
    repo.write("hfpin.lock", LOCK)
    repo.run("git", "init", "--quiet")
    repo.run("git", "add", ".")
    return repo


def without_network() -> list[str]:
    """What runs a command where there is no network; skips the test where the machine has no such thing."""
    prefix = ["unshare", "--map-root-user", "--net"]
    if (
        shutil.which("unshare") is None
        or subprocess.run([*prefix, "true"], check=False, capture_output=True).returncode
    ):
        pytest.skip("this machine gives no network namespace (unshare -rn)")
    return prefix


def test_installed_by_pre_commit(committed: ResearchRepo, installed: Installed) -> None:
    """pre-commit runs the hooks without any network: they stop a commit, mend it, and let it pass."""
    offline = without_network()
    user = ResearchRepo(root=committed.root, env={**committed.env, "PRE_COMMIT_HOME": str(installed.home)})
    user.write(
        ".pre-commit-config.yaml",
        config(installed.source.as_uri(), installed.commit, "hfpin-check", "hfpin-pin", "hfpin-lock-check"),
    )
    user.run("git", "add", ".")
    assert user.run("pre-commit", "install").returncode == 0
    refused = user.run(*offline, "git", "commit", "--message", "train on mistral")
    assert refused.returncode == 1
    assert "- hook id: hfpin-check\n- exit code: 1\n" in refused.stdout
    assert "config.yaml:2:23: HFP001 mistralai/Mistral-7B-v0.1 has no revision\n" in refused.stdout
    assert "- hook id: hfpin-pin\n- files were modified by this hook\n" in refused.stdout
    assert user.read("config.yaml") == PINNED
    user.run("git", "add", ".")
    done = user.run(*offline, "git", "commit", "--message", "train on mistral, pinned")
    assert done.returncode == 0, done.stdout
    assert [line.rpartition(".")[2] for line in done.stdout.splitlines()[:3]] == ["Passed"] * 3
    user.run("git", "rm", "--quiet", "config.yaml")  # no hook is shown a file that is removed
    left = user.run(*offline, "git", "commit", "--message", "without mistral")
    assert left.returncode == 1
    assert "- hook id: hfpin-lock-check\n- exit code: 2\n\nhfpin: no file in " in left.stdout


@pytest.fixture
def beside(installed: Installed, tmp_path: Path) -> Path:
    """The same hooks as executables that are there already: nothing is installed to run them."""
    source = tmp_path / "beside"
    shutil.copytree(installed.source, source)
    path = source / ".pre-commit-hooks.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("language: python", "language: system"))
    repo = ResearchRepo(root=source, env=user_environment(tmp_path))
    assert repo.run("git", "commit", "--quiet", "--all", "--message", "beside").returncode == 0
    return source


def test_try_repo(committed: ResearchRepo, beside: Path) -> None:
    """`pre-commit try-repo` runs every hook but the one that asks the Hub, by its own stanza."""
    offline = without_network()
    done = committed.run(
        *offline, "pre-commit", "try-repo", beside, "--all-files", PRE_COMMIT_HOME=str(beside / "home")
    )
    assert done.returncode == 1
    failed = re.findall(r"^- hook id: (.*)$", done.stdout, re.MULTILINE)
    assert failed == ["hfpin-check", "hfpin-lock-check", "hfpin-pin"], done.stdout
    assert "- hook id: hfpin-pin\n- files were modified by this hook\n" in done.stdout
    assert committed.read("config.yaml") == PINNED


def test_prek(committed: ResearchRepo, beside: Path) -> None:
    """Prek reads the same stanzas, and says what pre-commit says; the manual hook runs when it is called."""
    offline = without_network()
    commit = committed.run("git", "-C", beside, "rev-parse", "HEAD").stdout.strip()
    hooks = ("hfpin-pin", "hfpin-check", "hfpin-lock-check", "hfpin-pin-online")
    committed.write(".pre-commit-config.yaml", config(beside.as_uri(), commit, *hooks))
    committed.run("git", "add", ".")
    home = {"PREK_HOME": str(beside / "prek")}
    done = committed.run(*offline, "prek", "run", "--all-files", **home)
    assert done.returncode == 1
    assert committed.read("config.yaml") == PINNED
    assert [line.rpartition(".")[2] for line in done.stdout.splitlines() if "...." in line] == [
        *("Failed", "Passed", "Passed")
    ], done.stdout
    called = committed.run(
        *offline, "prek", "run", "--all-files", "--hook-stage", "manual", "hfpin-pin-online", **home
    )
    assert (called.returncode, called.stdout.rpartition(".")[2]) == (0, "Passed\n"), called.stdout
