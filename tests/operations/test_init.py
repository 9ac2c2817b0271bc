"""`hfpin init` adds to files that are there, and leaves every byte of them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from hfpin.cli import main
from hfpin.operations.init import Change, Refused
from hfpin.operations.init.dodo import add_tasks
from hfpin.operations.init.settings import add_settings
from hfpin.operations.init.stanza import add_hook
from tests.support import ResearchRepo

HOOK = {
    "repo": "local",
    "hooks": [
        {
            "id": "hfpin-check",
            "name": "Hub references are pinned",
            "entry": "hfpin check",
            "language": "system",
            "types": ["text"],
            "files": r"\.(ya?ml|jsonc?|toml)$",
        }
    ],
}
OTHERS = """\
# hooks
exclude: ^old/   # keep
repos:
{0}-{1}repo: https://example.org/hooks   # ours
{0} {1}rev: v1
{0} {1}hooks:
{0} {1}{2}-   id: one
{0} {1}{2}    args: ['--x',  "y"]   # why

# the end
ci: {{skip: [one]}}
"""
IMPORT = "from hfpin.doit import *  # noqa: F403  # fetch, verify, lock: a task for each pin\n"


@pytest.mark.parametrize("indent", ["", "  ", "    "])
@pytest.mark.parametrize("gap", [" ", "   "])
@pytest.mark.parametrize("inner", ["", "  ", "    "])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_hook_is_added_in_the_files_own_style(indent: str, gap: str, inner: str, end: str) -> None:
    """It stands behind the last repo, indented as the others are; the rest stays byte by byte."""
    before = OTHERS.format(indent, gap, inner).replace("\n", end).encode()
    change = add_hook(before)
    assert isinstance(change, Change)
    head, _, tail = before.partition(f"# why{end}".encode())
    assert change.after.startswith(head + f"# why{end}{indent}-{gap}repo: local".encode())
    assert change.after.endswith(
        f"{indent} {gap}{inner}-".encode() + change.after[change.after.rindex(b" id: hfpin") :]
    )
    assert change.after.endswith(tail)
    old, new = yaml.safe_load(before), yaml.safe_load(change.after)
    assert new == {**old, "repos": [*old["repos"], HOOK]}
    assert add_hook(change.after) is None


@pytest.mark.parametrize("before", [None, b"", b"\n", b"# hooks\r\n", b"# hooks"])
def test_a_file_that_is_not_there_is_written(before: bytes | None) -> None:
    """Without a config of pre-commit there is one with this hook."""
    change = add_hook(before)
    assert isinstance(change, Change)
    assert yaml.safe_load(change.after) == {"repos": [HOOK]}
    assert add_hook(change.after) is None


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        ("repos: []\n", "its repos are no list with a line for each"),
        ("repos: [{repo: local, hooks: []}]\n", "its repos are no list with a line for each"),
        ("exclude: x\n", "its repos are no list with a line for each"),
        ("repos: [\n", "it cannot be read"),
        ("a: 1\n---\nb: 1\n", "it holds more than one YAML document"),
        (
            "repos:\n- &a\n  repo: x\n- *a\n",
            "a repo cannot be added behind the last one without changing something else",
        ),
    ],
)
def test_a_config_that_cannot_be_added_to_is_refused(before: str, reason: str) -> None:
    """What cannot be added to safely is left, with a reason and what to write."""
    refused = add_hook(before.encode())
    assert isinstance(refused, Refused)
    assert refused.reason == reason
    assert yaml.safe_load(refused.text) == [HOOK]


def test_a_hook_that_is_there_is_enough() -> None:
    """Whatever repo it comes from."""
    assert (
        add_hook(b"repos:\n- repo: https://example.org/x\n  rev: v1\n  hooks: [{id: hfpin-check}]\n") is None
    )


def test_settings_are_added_at_the_end() -> None:
    """The globs that mean something here, and the files that mention a repo elsewhere; the rest stays."""
    before = b"[project]\r\nname = 'x'  # mine"
    files = ("config.yaml", "conf/a.yaml", "recipes/x/full.yaml", "train.yaml", "tests/data.yaml", "a.json")
    change = add_settings(before, files, files[1:])
    assert isinstance(change, Change)
    globs = '["config.y*ml", "conf/**/*.y*ml", "train.yaml", "recipes/**/*.y*ml"]'
    added = f"\r\n\r\n[tool.hfpin]\r\nfiles = {globs}  # which files declare pins\r\n"
    assert change.after == before + added.encode()
    assert add_settings(change.after, files, files) is None


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        (b"x = [\n", "it is not TOML"),
        (b"x = " + b"[" * 9_000 + b"]" * 9_000, "it is not TOML"),
        (b"tool = {x = 1}\n", "a table cannot be added at its end"),
    ],
)
def test_settings_that_cannot_be_added_are_refused(before: bytes, reason: str) -> None:
    """A file that is broken, or closed, is left."""
    refused = add_settings(before, (), ())
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.text.splitlines()[0]) == (reason, "[tool.hfpin]")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import os\n\nX = 1\n", f"import os\n{IMPORT}\nX = 1\n"),
        ('"""Tasks."""\nX = 1\n', f'"""Tasks."""\n\n{IMPORT}X = 1\n'),
        ("X = 1\n", f"{IMPORT}X = 1\n"),
        (
            "#!/bin/env python\n# coding: latin-1\nX = 1\n",
            f"#!/bin/env python\n# coding: latin-1\n{IMPORT}X = 1\n",
        ),
        ("# vim: set fileencoding=utf-8\n", f"# vim: set fileencoding=utf-8\n{IMPORT}"),
        ('"""Tasks."""', f'"""Tasks."""\n\n{IMPORT}'),
        ("from __future__ import annotations\n# x\n", f"from __future__ import annotations\n{IMPORT}# x\n"),
    ],
)
def test_tasks_are_added_behind_the_imports(before: str, after: str) -> None:
    """One import more, and the program is the same."""
    change = add_tasks(before.encode())
    assert isinstance(change, Change)
    assert change.after.decode() == after
    assert add_tasks(change.after) is None


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        ("def (:\n", "it is not Python"),
        ("def task_fetch():\n    pass\n", "it has a task_fetch of its own"),
        ("import os; X = 1\n", "a line cannot be added behind its imports"),
    ],
)
def test_tasks_that_cannot_be_added_are_refused(before: str, reason: str) -> None:
    """A dodo.py that is broken, or has a task of that name, is left."""
    refused = add_tasks(before.encode())
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.text) == (reason, IMPORT)


@given(st.binary(max_size=40) | st.text("repos:- \n#hk[]{}'\"=x\r", max_size=60).map(str.encode))
def test_whatever_is_there_stays(before: bytes) -> None:
    """No file makes it fail, and what is added is added to what was there."""
    for change in (add_hook(before), add_settings(before, (), ()), add_tasks(before)):
        if isinstance(change, Change):
            rest = iter(change.after)
            assert all(byte in rest for byte in before)


def test_first_contact(
    repo: ResearchRepo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It shows what it found, says what it would do, does it once, and then finds all in place."""
    repo.write("config.yaml", "model:\n  model_name_or_path: mistralai/Mistral-7B-v0.1\n")
    repo.write("data/train.json", '{"model_name_or_path": "acme/tiny"}')
    repo.write("venv/pyvenv.cfg", "")
    repo.write("venv/x.yaml", "model_name_or_path: acme/other\n")
    then = "Next: hfpin pin, then hfpin pin data/train.json\n"
    monkeypatch.chdir(repo.root)
    before = {path.name for path in repo.root.iterdir()}

    assert main(["init", "--dry-run"]) == 0
    files = "the hook to .pre-commit-config.yaml, [tool.hfpin] to pyproject.toml, two lines to dodo.py"
    seen = (
        "Read 3 config files. 2 Hub references in 2 of them:\n"
        "\n"
        "  config.yaml:2      model  mistralai/Mistral-7B-v0.1  no revision\n"
        "  data/train.json:1  model  acme/tiny                  no revision\n"
        "\n"
    )
    assert capsys.readouterr().out == f"{seen}Would add {files}. Nothing else would be touched.\n{then}"

    assert main(["init", "--diff"]) == 1
    patch = capsys.readouterr().out
    assert {path.name for path in repo.root.iterdir()} == before

    assert main(["init"]) == 0
    assert capsys.readouterr().out == f"{seen}Added {files}. Nothing else was touched.\n{then}"
    written = {name: repo.read(name) for name in (".pre-commit-config.yaml", "pyproject.toml", "dodo.py")}

    assert main(["init"]) == 0
    assert capsys.readouterr().out == f"{seen}All is in place: nothing was touched.\n{then}"
    assert {name: repo.read(name) for name in written} == written

    (repo.root / ".pre-commit-config.yaml").unlink()
    (repo.root / "dodo.py").unlink()
    repo.write("pyproject.toml", "")
    git = shutil.which("git")
    assert git is not None
    subprocess.run([git, "apply"], input=patch, text=True, check=True, cwd=repo.root, env=dict(repo.env))
    assert {name: repo.read(name) for name in written} == written


def test_what_is_refused_is_told(
    repo: ResearchRepo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The other files get what they lack, and the refused one is named with what to write by hand."""
    repo.write(".pre-commit-config.yaml", "repos: []\n")
    repo.write("dodo.py", "from hfpin.doit import *\n")
    repo.write("pyproject.toml", '[tool.hfpin]\nfiles = ["train.yaml"]\n')
    monkeypatch.chdir(repo.root)
    reason = ".pre-commit-config.yaml is as it was: its repos are no list with a line for each."
    assert main(["init", "--diff"]) == 1
    out, err = capsys.readouterr()
    assert (out, err.splitlines()[0]) == ("", f"{reason} Write this into it by hand:")
    assert main(["init"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == [
        "Read 1 config file. None of them names a Hub repo yet.",
        f"{reason} Write this into it by hand:",
    ]
    assert yaml.safe_load("\n".join(line[4:] for line in lines[2:-1])) == [HOOK]
    assert lines[-1] == "Next: declare a model in config.yaml, then hfpin pin"
    assert repo.read(".pre-commit-config.yaml") == "repos: []\n"


def test_a_project_within_a_repository(
    repo: ResearchRepo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """pre-commit reads the file at the top of the git repository; one beside the project runs nothing."""
    (repo.root / ".git").mkdir(exist_ok=True)
    repo.write("packages/a/pyproject.toml", "")
    monkeypatch.chdir(repo.root / "packages" / "a")
    assert main(["init"]) == 1
    assert capsys.readouterr().out.splitlines()[1] == (
        "../../.pre-commit-config.yaml is as it was: pre-commit reads that one, and it is not in this "
        "project. Write this into it by hand:"
    )
    assert not (repo.root / "packages" / "a" / ".pre-commit-config.yaml").exists()
    repo.write(".pre-commit-config.yaml", yaml.safe_dump({"repos": [HOOK]}))
    assert main(["init"]) == 0


def test_nothing_is_made_through_a_link(repo: ResearchRepo, monkeypatch: pytest.MonkeyPatch) -> None:
    """A link to nowhere, which came with the repository, makes no file of its user's: it is replaced."""
    names = (".pre-commit-config.yaml", "pyproject.toml", "dodo.py")
    for name in names:
        (repo.root / name).unlink(missing_ok=True)
        (repo.root / name).symlink_to(repo.root / "elsewhere" / name)
    (repo.root / "elsewhere").mkdir()
    monkeypatch.chdir(repo.root)
    assert main(["init"]) == 0
    assert not any((repo.root / "elsewhere").iterdir())
    assert not any((repo.root / name).is_symlink() for name in names)


def test_a_link_that_leads_out_is_left(
    repo: ResearchRepo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """What several projects share by a link is not one's to add to; what to write by hand is told."""
    (repo.root / "pyproject.toml").unlink(missing_ok=True)
    shared = tmp_path / "shared.toml"
    shared.write_text("[tool.ruff]\n", encoding="utf-8")
    (repo.root / "pyproject.toml").symlink_to(shared)
    monkeypatch.chdir(repo.root)
    assert main(["init"]) == 1
    told = "\n".join(capsys.readouterr().out.splitlines()[1:4])
    assert told == (
        "pyproject.toml is as it was: it is a link that leads out of the project. "
        "Write this into it by hand:\n    [tool.hfpin]\n"
        '    files = ["config.y*ml", "conf/**/*.y*ml", "config/**/*.y*ml", "configs/**/*.y*ml"]'
        "  # which files declare pins"
    )
    assert shared.read_text(encoding="utf-8") == "[tool.ruff]\n"
