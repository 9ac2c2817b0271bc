"""What a lock that knows dependencies is asked for: the base of an adapter, the code of a model, the tree."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from hfpin.cli import main
from hfpin.digest import Digest
from hfpin.errors import HfpinError, LockError
from hfpin.lock import Dependency, Lock, LockedFile, LockedPin, dumps
from hfpin.operations.base import base_of
from hfpin.operations.remote_code import code_pins, one_commit
from hfpin.pin import Pin, Target
from hfpin.repo import Repo
from tests.support import ResearchRepo


def pin(name: str, *needs: tuple[str, str], file: str = "config.json", kind: str | None = None) -> LockedPin:
    """A pin with one file, which names what it needs: roles, and models of acme whose pins are called so."""
    target = Target(repo=Repo(f"acme/{name}"), commit=f"{ord(name[0]):02x}" * 20)
    return LockedPin(
        pin=Pin(name=name, target=target, revision="main"),
        files=(LockedFile(path=file, size=1000, digest=Digest("git-sha1", "0" * 40)),),
        kind=kind,
        dependencies=tuple(
            Dependency(role=role, repo=Repo(f"acme/{other}"), name=other, source=file)
            for role, other in needs
        ),
        is_dependency=name != "lora",
    )


CODE, WORDS, BASE = pin("code", file="m.py"), pin("words"), pin("base", ("code", "code"))
LORA = pin("lora", ("base_model", "base"), ("tokenizer", "words"), file="adapter_config.json", kind="adapter")
LOCK = Lock((BASE, CODE, LORA, WORDS))


def refused(lock: Lock, locked: LockedPin) -> tuple[str, str | None]:
    """Ask for the base of a pin, and give what is said instead."""
    with pytest.raises(LockError) as caught:
        base_of(lock, locked)
    return caught.value.message, caught.value.hint


def test_the_base_of_an_adapter_is_the_pin_in_that_role() -> None:
    """Whoever has none is told why."""
    assert base_of(LOCK, LORA) == BASE
    assert refused(LOCK, WORDS) == (
        "words (acme/words at 77777777) is no adapter: it has no base",
        "An adapter has an adapter_config.json at its top.",
    )
    assert refused(LOCK, replace(LORA, dependencies=(), without_dependencies=True)) == (
        "lora (acme/lora at 6c6c6c6c) is locked without its base",
        "Take it out of [tool.hfpin] without-dependencies in pyproject.toml, then: hfpin lock",
    )
    assert refused(LOCK, replace(LORA, dependencies=())) == (
        (
            "lora (acme/lora at 6c6c6c6c) has no base that could be locked: "
            "its adapter_config.json names no repo of the Hub"
        ),
        (
            "Declare the base "
            "in a file that [tool.hfpin] names (by default config.yaml), and take its own fixture."
        ),
    )
    assert refused(LOCK, pin("both", ("base_model", "words"), ("base_model", "base"))) == (
        "both (acme/both at 62626262) holds adapters of several bases: base, words",
        "Take the fixture of the one that is meant: hf_base or hf_words.",
    )
    assert refused(Lock((LORA,), knows_dependencies=False), LORA) == (
        (
            "hfpin.lock is from before dependencies were locked, "
            "and knows no base of lora (acme/lora at 6c6c6c6c)"
        ),
        "Run `hfpin lock`, which adds it.",
    )


def written(folder: Path, reference: str) -> Path:
    """Write a config that takes this code."""
    (folder / "config.json").write_text(json.dumps({"auto_map": {"AutoModel": reference}}))
    return folder


FOREIGN = "acme/code--m.M"


def test_code_is_of_the_commit_that_the_lock_says(tmp_path: Path) -> None:
    """Of the model itself, and of an adapter that brings its base where that is asked."""
    folder = written(tmp_path, FOREIGN)
    assert (code_pins(folder, BASE, LOCK), one_commit(BASE, (CODE,))) == ((CODE,), CODE.pin.commit)
    assert code_pins(folder, LORA, LOCK) == ()
    assert code_pins(folder, LORA, LOCK, with_base=True) == (CODE,)
    assert one_commit(LORA, ()) is None


@pytest.mark.parametrize("is_old", [True, False])
def test_code_that_the_lock_does_not_say_is_read(tmp_path: Path, *, is_old: bool) -> None:
    """By a lock of 1.0, or one without what the pin needs, it is the pin of that repo, or nobody's."""
    folder = written(tmp_path, FOREIGN)
    base = replace(BASE, dependencies=(), without_dependencies=not is_old)
    assert code_pins(folder, base, Lock((base, CODE), knows_dependencies=not is_old)) == (CODE,)
    twice = replace(CODE, pin=replace(CODE.pin, name="again"))
    for pins, reason in (((base,), "is not pinned"), ((base, CODE, twice), "is pinned more than once")):
        with pytest.raises(HfpinError) as caught:
            code_pins(folder, base, Lock(pins, knows_dependencies=not is_old))
        assert caught.value.message == (
            f"base (acme/base at 62626262) takes code from acme/code, which {reason}"
        )


@pytest.mark.parametrize("reference", ["modeling.M", "acme/base--modeling.M"])
def test_code_of_its_own_is_of_its_own_commit(tmp_path: Path, reference: str) -> None:
    """Beside code of another repo no one commit is right for both."""
    folder = written(tmp_path, reference)
    alone = replace(BASE, dependencies=())
    assert code_pins(folder, alone, LOCK) == (alone,)
    assert code_pins(folder, BASE, LOCK) == (BASE, CODE)
    with pytest.raises(HfpinError) as caught:
        one_commit(BASE, (BASE, CODE))
    assert caught.value.message == (
        "base (acme/base at 62626262) takes code from acme/base, acme/code, "
        "and one code_revision cannot pin them all"
    )


TREE = """\
lora (acme/lora at 6c6c6c6c), adapter, 1.0 kB
├─ base_model: base (acme/base at 62626262), 1.0 kB; adapter_config.json names no revision; a dependency only
│  └─ code: code (acme/code at 63636363), 1.0 kB; config.json names no revision; a dependency only
└─ tokenizer: words (acme/words at 77777777), 1.0 kB; adapter_config.json names no revision; a dependency only
"""


def test_deps_prints_the_tree(
    repo: ResearchRepo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who needs whom, in which role, by which file; what is shown is not shown again."""

    def run(*args: str) -> str:
        assert main(["deps", *args]) == 0
        said = capsys.readouterr()
        return said.out + said.err

    monkeypatch.chdir(repo.root)
    repo.write("hfpin.lock", dumps(LOCK))
    assert (run(), run("lora")) == (TREE, TREE)
    assert run("lora", "acme/base") == f"{TREE}base (acme/base at 62626262), 1.0 kB; as above\n"
    needed = {"role": "code", "repo_type": "model", "repo_id": "acme/code", "revision": None, "name": "code"}
    assert json.loads(run("--json", "base")) == {
        "version": 1,
        "pins": [
            {
                "name": name,
                "repo_type": "model",
                "repo_id": f"acme/{name}",
                "commit": commit * 20,
                "kind": None,
                "is_dependency": True,
                "size": 1000,
                "dependencies": dependencies,
            }
            for name, commit, dependencies in (
                ("code", "63", []),
                ("base", "62", [{**needed, "source": "config.json"}]),
            )
        ],
    }
    alone = replace(LORA, dependencies=(), without_dependencies=True)
    repo.write("hfpin.lock", dumps(Lock((alone,))))
    assert run() == "lora (acme/lora at 6c6c6c6c), adapter, 1.0 kB, locked without what it needs\n"
    repo.write("hfpin.lock", '{"lock_version": "1.0", "pins": []}')
    assert run() == "hfpin.lock is from before dependencies were locked: hfpin lock   adds them\n"
