"""The adapters of a working tree: where they are, and who has their files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hfpin.cli import main
from hfpin.digest import Digest
from hfpin.errors import ConfigError
from hfpin.lock import Lock, LockedFile, LockedPin, dumps
from hfpin.operations.adapters import Adapter, find_adapters, look_at_adapters
from hfpin.pin import Pin, Target
from hfpin.repo import Repo
from hfpin.rules.selection import Selection
from tests.support import ResearchRepo, safetensors

CONFIG = {"peft_type": "LORA", "r": 8, "base_model_name_or_path": "acme/base", "revision": "1" * 40}
WEIGHTS = "adapter_model.safetensors"
POINTER = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 300000000\n"


@pytest.fixture
def git(repo: ResearchRepo) -> ResearchRepo:
    """A research repo in git."""
    assert repo.run("git", "init", "--quiet").returncode == 0
    return repo


def adapter(repo: ResearchRepo, name: str, data: bytes | None = None) -> Path:
    """Write an adapter."""
    repo.write(f"{name}/adapter_config.json", json.dumps(CONFIG | {"peft_type": "IA3"}))
    (repo.root / name / WEIGHTS).write_bytes(safetensors(2000) if data is None else data)
    return repo.root / name


def look(repo: ResearchRepo) -> dict[str, Adapter]:
    """What is found below the repo, by folder, with a limit of a thousand bytes."""
    folders = find_adapters((), repo.root)
    found = look_at_adapters(repo.project, folders, Selection(), here=repo.root, limit=1000)
    return {one.folder.path: one for one in found}


def test_tracking(git: ResearchRepo) -> None:
    """Git LFS by attribute or pointer, DVC by its file, what git ignores; the rest is git's."""
    for name in ("bare", "sent", "fetched", "dvc", "ignored", "raw"):
        adapter(git, name, POINTER.encode() if name == "fetched" else None)
    git.write(".gitignore", "/ignored/\n/dvc/*.safetensors\n")
    git.write(f"dvc/{WEIGHTS}.dvc", f"outs:\n- path: {WEIGHTS}\n")
    git.run("git", "add", "raw")
    git.write(".gitattributes", "/sent/*.safetensors filter=lfs\n/raw/*.safetensors filter=lfs\n")
    git.run("git", "add", ".gitattributes")
    found = look(git)
    tracking = {
        path: next(file.tracking for file in one.folder.files if file.name == WEIGHTS)
        for path, one in found.items()
    }
    assert tracking == {
        "bare": "git",
        "dvc": "dvc",
        "fetched": "git-lfs",
        "ignored": "ignored",
        "raw": "git",
        "sent": "git-lfs",
    }
    assert {path: [one.code for one in got.findings] for path, got in found.items() if got.findings} == {
        "bare": ["HFP024"],
        "raw": ["HFP024"],
    }
    assert found["fetched"].size > 300_000_000


def test_without_git(repo: ResearchRepo) -> None:
    """Where there is no git nobody would commit anything; hidden folders are not entered."""
    adapter(repo, "a")
    adapter(repo, ".cache/b")
    assert {path: one.findings for path, one in look(repo).items()} == {"a": ()}


def test_files_that_a_hook_passes(repo: ResearchRepo) -> None:
    """A file leads to the adapter that it is of; one that is of none leads nowhere."""
    folder = adapter(repo, "a")
    assert find_adapters(
        [Path("a", WEIGHTS), Path("a/adapter_config.json"), Path("pyproject.toml")], repo.root
    ) == [folder]
    with pytest.raises(ConfigError, match="there is no nope"):
        find_adapters([Path("nope")], repo.root)


def test_command(
    repo: ResearchRepo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The table names base and commit; a finding says where to read more; settings can silence it."""
    monkeypatch.chdir(repo.root)
    assert main(["adapters"]) == 0
    assert capsys.readouterr().out == "No adapter here: no folder has an adapter_config.json.\n"
    adapter(repo, "a", b"\x80\x04N.")
    assert main(["adapters"]) == 1
    assert capsys.readouterr().out == (
        "  adapter  kind     base       at        size   tracked\n"
        "  a        IA3 r=8  acme/base  11111111  128 B  none\n"
        "a/adapter_model.safetensors: HFP022 the weights of this adapter are a pickle\n"
        "  = A pickle can run anything when it is loaded.\n"
        "  = save it as safetensors: model.save_pretrained(folder), which is PEFT's default\n"
        "  = hfpin explain HFP022   (docs/rules/HFP022.md)\n"
        "a/adapter_model.safetensors: HFP025 it cannot be read: it has 4 bytes, too few for a header\n"
        "  = It loads with some layers missing, or not at all.\n"
        "  = save both again, together: peft_model.save_pretrained(folder)\n"
        "  = hfpin explain HFP025   (docs/rules/HFP025.md)\n"
        "1 adapter, 2 findings.\n"
    )
    repo.write(
        "pyproject.toml", '[tool.hfpin]\nignore = ["HFP025"]\nper-file-ignores = {"a/*" = ["HFP022"]}\n'
    )
    assert main(["adapters"]) == 0


def test_a_base_that_is_a_folder_here(repo: ResearchRepo) -> None:
    """Programs take a folder before they ask the Hub: what looks like a repo and is a folder is none."""
    repo.write("one/adapter_config.json", json.dumps(CONFIG | {"revision": None}))
    assert "HFP021" in [one.code for one in look(repo)["one"].findings]
    (repo.root / "acme" / "base").mkdir(parents=True)
    assert "HFP021" not in [one.code for one in look(repo)["one"].findings]


def test_what_a_pin_put_there(
    repo: ResearchRepo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An adapter of somebody else is not asked to name its base's commit: an edit would spoil the pin."""
    target = Target(repo=Repo("acme/sst2"), commit="1" * 40, local_dir="one")
    file = LockedFile(path="adapter_config.json", size=1, digest=Digest("sha256", "0" * 64))
    base = Target(repo=Repo("acme/base"), commit="2" * 40)
    pins = (
        LockedPin(pin=Pin(name="base", target=base, revision="2" * 40), files=()),
        LockedPin(pin=Pin(name="one", target=target, revision="1" * 40), files=(file,)),
    )
    repo.write("hfpin.lock", dumps(Lock(pins)))
    (repo.root / "three" / ".git").mkdir(parents=True)
    config = json.dumps(CONFIG | {"revision": None})
    for name in ("one", "two", "three"):
        repo.write(f"{name}/adapter_config.json", config)
    monkeypatch.chdir(repo.root)
    does = f'writes "revision": "{"2" * 40}", as hfpin.lock has it'
    assert {path: [(one.code, one.hint) for one in got.findings] for path, got in look(repo).items()} == {
        "one": [],
        "two": [("HFP021", f"hfpin pin --offline two/adapter_config.json   {does}")],
        "three": [("HFP021", f"Pin it in that one: {(repo.root / 'three').as_posix()}")],
    }
    assert [main(["check", f"{name}/adapter_config.json"]) for name in ("one", "two")] == [0, 1]
    capsys.readouterr()
    assert main(["pin", "--offline", "one/adapter_config.json"]) == 1
    assert capsys.readouterr().out.startswith(
        f"one/adapter_config.json:1:{config.index('acme/base') + 1}: acme/base could not be pinned: "
        "a pin puts its file there, and hfpin.lock says what is in it\n"
        "  = Leave it as it is: what it needs is locked with that pin.\n"
        "pinned 0, already pinned 0, could not pin 1.\n"
    )
    assert repo.read("one/adapter_config.json") == config


def test_what_is_meant(
    repo: ResearchRepo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """JSON has no comments: settings say for which files a rule is silent, in both commands alike."""
    given = {"base_model_name_or_path": "acme/base", "revision": None}
    repo.write("old/adapter_config.json", json.dumps(given, indent=1))
    monkeypatch.chdir(repo.root)
    for command in (["adapters"], ["check", "old"]):
        repo.write("pyproject.toml", "")
        assert main(command) == 1
        assert "old/adapter_config.json:2:30: HFP021 this adapter" in capsys.readouterr().out
        repo.write("pyproject.toml", '[tool.hfpin.per-file-ignores]\n"old/**" = ["HFP021"]\n')
        assert main(command) == 0
        repo.write("pyproject.toml", '[tool.hfpin]\nselect = ["HFP022"]\n')
        assert main(command) == 0
        capsys.readouterr()


def test_pinning_in_the_tree(repo: ResearchRepo, monkeypatch: pytest.MonkeyPatch) -> None:
    """`hfpin pin --offline` writes the commit of the lock over null, or adds it, and changes nothing else."""
    commit = "7dbbc90392e2f80f3d3c277d6e90027e55de9125"
    target = Target(repo=Repo("acme/base"), commit=commit)
    pin = LockedPin(pin=Pin(name="base", target=target, revision=commit), files=())
    repo.write("hfpin.lock", dumps(Lock((pin,))))
    repo.write("config.yaml", f"base: {{repo_id: acme/base, revision: {commit}}}\n")
    monkeypatch.chdir(repo.root)
    said: dict[str, object] = {"base_model_name_or_path": "acme/base", "r": 8}
    for given in (said | {"revision": None}, said):
        path = repo.write("one/adapter_config.json", json.dumps(given, indent=2))
        assert [one.code for one in look(repo)["one"].findings] == ["HFP021"]
        main(["pin", "--offline", "one/adapter_config.json"])
        assert json.loads(path.read_text()) == said | {"revision": commit}
        assert look(repo)["one"].findings == ()
