"""What a pin needs of other repos: found, locked, kept, refused; and what the other commands make of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from hfpin.cli import main
from hfpin.config import Config
from hfpin.errors import (
    AccessError,
    ConfigError,
    HfpinError,
    LockError,
    RepoNotFoundError,
    RevisionMovedError,
)
from hfpin.hub import HuggingFaceHub
from hfpin.lock import Dependency, LockedPin, loads
from hfpin.operations.drift import differences
from hfpin.operations.lock import lock
from hfpin.operations.project import Project, read_lock
from hfpin.patterns import Patterns
from hfpin.repo import Repo
from hfpin.report.pinning import render_lock
from tests.support import ResearchRepo, fetch_all, safetensors

if TYPE_CHECKING:
    from hfpin.testing import LocalHub

Publish = Callable[..., str]
WEIGHTS = safetensors(1000)


@pytest.fixture
def publish(hf_local_hub: LocalHub) -> Publish:
    """Put files on the Hub, what is no bytes as JSON; gives the commit."""

    def make(repo_id: str, files: dict[str, Any]) -> str:
        if repo_id not in made:
            hf_local_hub.create_repo(repo_id)
            made.add(repo_id)
        return hf_local_hub.commit(
            repo_id,
            {
                path: value if isinstance(value, bytes) else json.dumps(value).encode()
                for path, value in files.items()
            },
        )

    made = set[str]()
    return make


def adapter(base: object, revision: object = None, **more: object) -> dict[str, object]:
    """An adapter_config.json."""
    return {"peft_type": "LORA", "base_model_name_or_path": base, "revision": revision, **more}


def code_of(reference: str) -> dict[str, object]:
    """A config.json whose classes are code."""
    return {"auto_map": {"AutoModel": reference}}


@pytest.fixture
def family(publish: Publish) -> dict[str, str]:
    """An adapter, its base, the code of its base in a third repo, and a fourth with a tokenizer."""
    return {
        "code": publish(
            "acme/code",
            {"modeling.py": b"from .parts import A", "parts.py": b"A = 1", "config.json": {}, "w.bin": b"1"},
        ),
        "words": publish("acme/words", {"tokenizer.json": {}, "model.safetensors": WEIGHTS}),
        "base": publish(
            "acme/base", {"config.json": code_of("acme/code--modeling.M"), "model.safetensors": WEIGHTS}
        ),
        "lora": publish(
            "acme/lora",
            {
                "adapter_config.json": adapter("acme/base", tokenizer_name_or_path="acme/words"),
                "adapter_model.safetensors": WEIGHTS,
            },
        ),
    }


def declare(repo: ResearchRepo, **pins: str) -> None:
    """Write a config.yaml that declares models of acme by name, each at a commit or with more fields."""
    lines = (f"  {name}: {{repo_id: acme/{name}, revision: {fields}}}\n" for name, fields in pins.items())
    repo.write("config.yaml", f"models:\n{''.join(lines)}")


def asked(hub: LocalHub) -> list[str]:
    """Give the paths that the Hub was asked for since its log was cleared, and clear it."""
    paths = [record.path.partition("?")[0] for record in hub.requests]
    hub.clear_requests()
    return paths


def needs(role: str, name: str, source: str, revision: str | None = None) -> Dependency:
    """A dependency on a model of acme whose pin is called like it."""
    return Dependency(role=role, repo=Repo(f"acme/{name}"), revision=revision, name=name, source=source)


def shape(pins: tuple[LockedPin, ...]) -> dict[str, tuple[object, ...]]:
    """Say of each pin at which commit it is, as what, whether only for others, and what it needs."""
    return {
        one.pin.name: (one.pin.commit, one.pin.revision, one.kind, one.is_dependency, one.dependencies)
        for one in pins
    }


@pytest.fixture
def locked(repo: ResearchRepo, client: HuggingFaceHub, family: dict[str, str]) -> dict[str, str]:
    """A project that declares the adapter alone, locked."""
    declare(repo, lora=family["lora"])
    lock(repo.project, client)
    return family


def test_what_a_pin_needs_is_locked_with_all_that_it_needs(
    repo: ResearchRepo, client: HuggingFaceHub, family: dict[str, str], hf_local_hub: LocalHub
) -> None:
    """The base of an adapter, its tokenizer, and the code of its base, each at today's commit, once."""
    declare(repo, lora=family["lora"])
    hf_local_hub.clear_requests()
    result = lock(repo.project, client)
    assert shape(result.lock.pins) == {
        "base": (family["base"], "main", None, True, (needs("code", "code", "config.json"),)),
        "code": (family["code"], "main", None, True, ()),
        "lora": (
            family["lora"],
            family["lora"],
            "adapter",
            False,
            (
                needs("base_model", "base", "adapter_config.json"),
                needs("tokenizer", "words", "adapter_config.json"),
            ),
        ),
        "words": (family["words"], "main", None, True, ()),
    }
    assert asked(hf_local_hub) == [
        f"/api/models/acme/lora/tree/{family['lora']}",
        f"/acme/lora/resolve/{family['lora']}/adapter_config.json",
        "/api/models/acme/base/revision/main",
        "/api/models/acme/words/revision/main",
        f"/api/models/acme/base/tree/{family['base']}",
        f"/acme/base/resolve/{family['base']}/config.json",
        f"/api/models/acme/words/tree/{family['words']}",
        "/api/models/acme/code/revision/main",
        f"/api/models/acme/code/tree/{family['code']}",
    ]
    assert loads(repo.read("hfpin.lock")) == result.lock
    kept = {one.pin.name: [file.path for file in one.files] for one in result.lock.pins}
    assert {name: [path for path in kept[name] if path != ".gitattributes"] for name in kept} == {
        "base": ["config.json", "model.safetensors"],
        "code": ["modeling.py", "parts.py"],
        "lora": ["adapter_config.json", "adapter_model.safetensors"],
        "words": ["tokenizer.json"],
    }
    assert [one.incomplete for one in result.lock.pins] == [None] * 4


def test_again_asks_nothing_and_nothing_moves(
    repo: ResearchRepo,
    client: HuggingFaceHub,
    locked: dict[str, str],
    publish: Publish,
    hf_local_hub: LocalHub,
) -> None:
    """What is locked stays, though branches moved; `--update` follows those that are named."""
    before = repo.read("hfpin.lock")
    code, base = publish("acme/code", {"parts.py": b"A = 2"}), publish("acme/base", {"README.md": b"new"})
    hf_local_hub.clear_requests()
    assert lock(repo.project, client).changed is False
    assert (repo.read("hfpin.lock"), asked(hf_local_hub)) == (before, [])
    assert lock(repo.project, client, update=("code",)).added == ("code",)
    commits = {one.pin.name: one.pin.commit for one in read_lock(repo.project).pins}
    assert commits == {**locked, "code": code}
    assert lock(repo.project, client, update=None).added == ("base",)
    assert {one.pin.name: one.pin.commit for one in read_lock(repo.project).pins} == {
        **locked,
        "code": code,
        "base": base,
    }


def test_a_lock_of_before_is_completed_once(
    repo: ResearchRepo, client: HuggingFaceHub, locked: dict[str, str], hf_local_hub: LocalHub
) -> None:
    """A lock of 1.0 says nothing of dependencies: its commits are looked at, its files not listed again."""
    after = repo.read("hfpin.lock")
    old = json.loads(after)
    old["lock_version"] = "1.0"
    old["pins"] = [
        {key: value for key, value in pin.items() if key not in ("kind", "dependencies")}
        for pin in old["pins"]
        if pin["name"] == "lora"
    ]
    repo.write("hfpin.lock", json.dumps(old))
    assert differences(repo.project, read_lock(repo.project)) == ()
    hf_local_hub.clear_requests()
    lock(repo.project, client)
    assert repo.read("hfpin.lock") == after
    assert asked(hf_local_hub)[:1] == [f"/acme/lora/resolve/{locked['lora']}/adapter_config.json"]


def test_a_config_that_is_on_disk_is_not_asked_for(
    repo: ResearchRepo, client: HuggingFaceHub, locked: dict[str, str], hf_local_hub: LocalHub
) -> None:
    """The cache has the bytes, and their digest proves it."""
    for one in read_lock(repo.project).pins:
        fetch_all(repo.places, one, client)
    repo.project.lock_path.unlink()
    hf_local_hub.clear_requests()
    lock(repo.project, client)
    assert [path for path in asked(hf_local_hub) if "resolve" in path] == []
    assert locked["lora"] in repo.read("hfpin.lock")


def test_a_project_without_any_is_locked_as_before(
    repo: ResearchRepo, client: HuggingFaceHub, publish: Publish
) -> None:
    """A local base, code of its own and names that nobody loads bring nothing; the text has no new field."""
    own = {"auto_map": {"AutoModel": "modeling.M", "AutoConfig": "acme/own--c.C"}, "_name_or_path": "acme/x"}
    declare(
        repo,
        own=publish("acme/own", {"config.json": own, "tokenizer_config.json": {"name_or_path": "acme/x"}}),
        local=publish("acme/local", {"adapter_config.json": adapter("/home/u/llama")}),
        broken=publish("acme/broken", {"config.json": b"{", "adapter_config.json": b"[]"}),
    )
    lock(repo.project, client)
    text = repo.read("hfpin.lock")
    assert (text.count("dependenc"), text.count('"kind": "adapter"')) == (0, 1)
    repo.write("config.yaml", repo.read("config.yaml").replace("acme/local", "acme/own"))


class TestWhichPinServes:
    """The project's own pin of a repo goes before what a file says or the Hub has today."""

    def test_the_only_one_where_no_revision_is_said(
        self, repo: ResearchRepo, client: HuggingFaceHub, family: dict[str, str], publish: Publish
    ) -> None:
        """It is what the project means by that repo."""
        publish("acme/base", {"README.md": b"later"})
        declare(repo, lora=family["lora"], base=family["base"], code=family["code"], words=family["words"])
        pins = lock(repo.project, client).lock.pins
        assert {one.pin.name: (one.pin.commit, one.is_dependency) for one in pins} == {
            name: (commit, False) for name, commit in family.items()
        }

    @pytest.mark.parametrize("said", ["commit", "tag"])
    def test_the_one_at_the_revision_that_is_said(
        self,
        repo: ResearchRepo,
        client: HuggingFaceHub,
        publish: Publish,
        hf_local_hub: LocalHub,
        said: str,
    ) -> None:
        """Of several pins of a repo the one at that commit, however the file calls it."""
        first, second = (publish("acme/base", {"config.json": {"n": number}}) for number in range(2))
        hf_local_hub.tag("acme/base", "v1", first)
        revision = first if said == "commit" else "v1"
        lora = publish("acme/lora", {"adapter_config.json": adapter("acme/base", revision)})
        repo.write(
            "config.yaml",
            f"a: {{repo_id: acme/lora, revision: {lora}}}\nb: {{repo_id: acme/base, revision: {second}}}\n"
            f"c: {{repo_id: acme/base, revision: {first}}}\n",
        )
        pins = lock(repo.project, client).lock.pins
        assert [(one.pin.name, one.is_dependency) for one in pins] == [
            ("a", False),
            ("b", False),
            ("c", False),
        ]
        assert pins[0].dependencies == (
            replace(needs("base_model", "base", "adapter_config.json", revision), name="c"),
        )

    def test_none_at_that_revision_brings_another(
        self, repo: ResearchRepo, client: HuggingFaceHub, publish: Publish
    ) -> None:
        """What the file says is locked beside the project's own, and called after its owner too."""
        first, second = (publish("acme/base", {"config.json": {"n": number}}) for number in range(2))
        lora = publish("acme/lora", {"adapter_config.json": adapter("acme/base", first)})
        declare(repo, lora=lora, base=second)
        pins = lock(repo.project, client).lock.pins
        assert [(one.pin.name, one.pin.commit, one.is_dependency) for one in pins] == [
            ("acme_base", first, True),
            ("base", second, False),
            ("lora", lora, False),
        ]
        assert (pins[0].pin.revision, pins[2].dependencies[0].name) == (first, "acme_base")

    def test_several_are_refused(self, repo: ResearchRepo, client: HuggingFaceHub, publish: Publish) -> None:
        """Which of them is meant nobody can tell."""
        first, second = (publish("acme/base", {"config.json": {"n": number}}) for number in range(2))
        lora = publish("acme/lora", {"adapter_config.json": adapter("acme/base")})
        repo.write(
            "config.yaml",
            f"a: {{repo_id: acme/lora, revision: {lora}}}\nb: {{repo_id: acme/base, revision: {second}}}\n"
            f"c: {{repo_id: acme/base, revision: {first}}}\n",
        )
        with pytest.raises(LockError) as caught:
            lock(repo.project, client)
        assert caught.value.message == (
            "config.yaml:1:14: acme/lora needs acme/base (base_model in adapter_config.json): "
            f"it is pinned here as b (at {second[:8]}), c (at {first[:8]}); which of them is open"
        )
        assert caught.value.hint == (
            "Pin it once; or lock what needs it alone: "
            '[tool.hfpin] without-dependencies = ["a"] in pyproject.toml.'
        )
        assert not repo.project.lock_path.exists()

    def test_of_one_commit_the_one_with_all_files(
        self, repo: ResearchRepo, client: HuggingFaceHub, publish: Publish
    ) -> None:
        """A pin of the tokenizer alone is no base, beside a whole one or by itself."""
        base = publish("acme/base", {"config.json": {}, "model.safetensors": WEIGHTS})
        lora = publish("acme/lora", {"adapter_config.json": adapter("acme/base")})
        project = Project(config=Config(allow_incomplete=("words",)), places=repo.places)
        words = f"words: {{repo_id: acme/base, revision: {base}, allow_patterns: ['*.json']}}\n"
        adapted = f"lora: {{repo_id: acme/lora, revision: {lora}}}\n"
        repo.write("config.yaml", f"{adapted}{words}whole: {{repo_id: acme/base, revision: {base}}}\n")
        assert lock(project, client).lock.find("lora").dependencies[0].name == "whole"
        repo.write("config.yaml", f"{adapted}{words}")
        found = lock(project, client).lock
        assert (found.find("lora").dependencies[0].name, found.find("base").is_dependency) == ("base", True)
        assert found.find("base").pin.commit == base


class TestRefused:
    """What cannot be locked is said with who needs it, and how to do without."""

    def refusal(
        self, repo: ResearchRepo, client: HuggingFaceHub, kind: type[HfpinError] = LockError
    ) -> tuple[str, str | None]:
        """Lock, and give the message and the hint."""
        with pytest.raises(kind) as caught:
            lock(repo.project, client)
        assert not repo.project.lock_path.exists()
        return caught.value.message, caught.value.hint

    def test_a_repo_that_is_gone(self, repo: ResearchRepo, client: HuggingFaceHub, publish: Publish) -> None:
        """The message leads from the config to the file that names it."""
        declare(repo, lora=publish("acme/lora", {"adapter_config.json": adapter("acme/gone")}))
        message, hint = self.refusal(repo, client, RepoNotFoundError)
        assert message.startswith(
            "config.yaml:2:19: acme/lora needs acme/gone (base_model in adapter_config.json): "
            "the Hub has no model acme/gone"
        )
        assert hint is not None
        assert hint.endswith(
            'Or lock it alone: [tool.hfpin] without-dependencies = ["lora"] in pyproject.toml.'
        )

    def test_a_repo_that_is_gated(
        self, repo: ResearchRepo, client: HuggingFaceHub, publish: Publish, hf_local_hub: LocalHub
    ) -> None:
        """Who may not read the base is told who needs it, and where to ask."""
        hf_local_hub.create_repo("acme/gated", gated=True)
        hf_local_hub.commit("acme/gated", {"config.json": b"{}"})
        declare(repo, lora=publish("acme/lora", {"adapter_config.json": adapter("acme/gated")}))
        message, hint = self.refusal(repo, client, AccessError)
        assert message.startswith(
            "config.yaml:2:19: acme/lora needs acme/gated (base_model in adapter_config.json): "
            "acme/gated is gated, and someone without a token may not read it"
        )
        alone = 'Or lock it alone: [tool.hfpin] without-dependencies = ["{}"] in pyproject.toml.'
        assert hint is not None
        assert hint.count("Or lock") == 1
        assert hint.endswith(alone.format("lora"))
        declare(repo, gated=hf_local_hub.commit_hash("acme/gated"))
        message, hint = self.refusal(repo, client, AccessError)
        assert message == (
            "config.yaml:2:20: acme/gated is gated, and someone without a token may not read it"
        )
        assert hint is not None
        assert hint.endswith(alone.format("gated"))
        project = Project(config=Config(without_dependencies=("gated",)), places=repo.places)
        assert lock(project, client).added == ("gated",)

    def test_the_way_to_it_is_shown(
        self, repo: ResearchRepo, client: HuggingFaceHub, publish: Publish
    ) -> None:
        """What a dependency needs is blamed on the dependency, and that on who brought it."""
        publish("acme/base", {"config.json": code_of("acme/gone--m.M")})
        declare(repo, lora=publish("acme/lora", {"adapter_config.json": adapter("acme/base")}))
        message, hint = self.refusal(repo, client, RepoNotFoundError)
        assert message.startswith(
            "config.yaml:2:19: acme/lora needs acme/base (base_model in adapter_config.json): "
            "acme/base needs acme/gone (code in config.json): the Hub has no model acme/gone"
        )
        assert hint is not None
        assert 'without-dependencies = ["acme/base"]' in hint

    def test_a_ring(self, repo: ResearchRepo, client: HuggingFaceHub, publish: Publish) -> None:
        """Repos that need each other are shown in a ring."""
        a = publish("acme/a", {"adapter_config.json": adapter("acme/b")})
        b = publish("acme/b", {"adapter_config.json": adapter("acme/a")})
        declare(repo, a=a)
        assert self.refusal(repo, client) == (
            f"config.yaml:2:16: repos need each other: acme/a@{a[:8]} -> acme/b@{b[:8]} -> acme/a@{a[:8]}",
            (
                'No order brings them. Lock one alone: [tool.hfpin] without-dependencies = ["a"] '
                "in pyproject.toml."
            ),
        )

    def test_more_than_anybody_could_mean(
        self, repo: ResearchRepo, client: HuggingFaceHub, publish: Publish, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A chain that does not end is given up."""
        monkeypatch.setattr("hfpin.operations.serving.MOST", 3)
        for number in range(5):
            publish(f"acme/r{number}", {"adapter_config.json": adapter(f"acme/r{number + 1}")})
        declare(repo, r0=publish("acme/r0", {"README.md": b""}))
        message, _ = self.refusal(repo, client)
        assert message.endswith(
            ": acme/r3 needs acme/r4 (base_model in adapter_config.json): "
            "that makes more than 3 repos that no config declares"
        )

    def test_a_tag_that_moved(
        self, repo: ResearchRepo, client: HuggingFaceHub, publish: Publish, hf_local_hub: LocalHub
    ) -> None:
        """A tag that a file names is asked for like one that a config names, and may not move either."""
        base = publish("acme/base", {"config.json": {}})
        hf_local_hub.tag("acme/base", "v1", base)
        declare(repo, lora=publish("acme/lora", {"adapter_config.json": adapter("acme/base", "v1")}))
        assert lock(repo.project, client).lock.find("base").pin.revision == "v1"
        hf_local_hub.clear_requests()
        lock(repo.project, client)
        assert asked(hf_local_hub) == ["/api/models/acme/base/revision/v1"]
        nobody = HuggingFaceHub(endpoint="http://127.0.0.1:9", token=False)
        waits = lock(repo.project, nobody)
        assert (waits.changed, [one.repo.repo_id for one in waits.unasked]) == (False, ["acme/base"])
        moved = publish("acme/base", {"README.md": b""})
        hf_local_hub.tag("acme/base", "v1", moved, force=True)
        with pytest.raises(RevisionMovedError) as caught:
            lock(repo.project, client)
        assert (caught.value.message, caught.value.hint) == (
            (
                "config.yaml:2:19: acme/lora needs acme/base (base_model in adapter_config.json): "
                f"v1 of acme/base moved: hfpin.lock has {base}, the Hub has {moved}"
            ),
            f"`hfpin lock --update base` follows it; to stay, declare acme/base at {base}  # v1.",
        )
        assert lock(repo.project, client, update=("base",)).added == ("base",)
        repo.write(
            "config.yaml",
            repo.read("config.yaml") + f"  mine: {{repo_id: acme/base, revision: {base}}}  # v1\n",
        )
        assert lock(repo.project, client).lock.find("lora").dependencies[0].name == "mine"

    def test_a_name_in_the_settings_that_is_no_pin(
        self, repo: ResearchRepo, client: HuggingFaceHub, family: dict[str, str]
    ) -> None:
        """A name with a slip would leave nothing out."""
        declare(repo, lora=family["lora"])
        project = Project(config=Config(without_dependencies=("lroa",)), places=repo.places)
        with pytest.raises(ConfigError) as caught:
            lock(project, client)
        assert caught.value.message == (
            "pyproject.toml: [tool.hfpin] without-dependencies names 'lroa', which is no pin"
        )


def test_a_pin_can_be_locked_alone(
    repo: ResearchRepo, client: HuggingFaceHub, locked: dict[str, str]
) -> None:
    """`without-dependencies` leaves out what a pin needs; the lock says so; taken back, it is asked again."""
    alone = Project(config=Config(without_dependencies=("LoRA",)), places=repo.places)
    (before,) = (one for one in read_lock(repo.project).pins if one.pin.name == "lora")
    assert [one.message for one in differences(alone, read_lock(alone))] == [
        "lora: without-dependencies names it, hfpin.lock does not say so"
    ]
    assert lock(alone, client).removed == ("base", "code", "words")
    assert read_lock(alone).pins == (replace(before, dependencies=(), without_dependencies=True),)
    assert differences(alone, read_lock(alone)) == ()
    assert [one.message for one in differences(repo.project, read_lock(alone))] == [
        "lora: without-dependencies does not name it, hfpin.lock says so"
    ]
    assert lock(repo.project, client).added == ("base", "code", "words")
    assert locked["base"] in repo.read("hfpin.lock")
    # what a dependency needs is left out by its repo id
    code = Project(config=Config(without_dependencies=("acme/base",)), places=repo.places)
    assert lock(code, client).removed == ("code",)
    assert differences(code, read_lock(code)) == ()


def test_what_nothing_needs_any_more_is_dropped(
    repo: ResearchRepo, client: HuggingFaceHub, locked: dict[str, str]
) -> None:
    """A dependency is of somebody; without them the check says so, and the next lock is without it."""
    declare(repo, base=locked["base"])
    found = [(one.where, one.message) for one in differences(repo.project, read_lock(repo.project))]
    assert found == [
        ("config.yaml:2:19", "base is declared here, and no more than a dependency in hfpin.lock"),
        ("config.yaml:2:19", f"base: revision is {locked['base']} here, main in hfpin.lock"),
        ("hfpin.lock", f"lora (acme/lora at {locked['lora'][:8]}) is declared nowhere"),
        (
            "hfpin.lock",
            f"words (acme/words at {locked['words'][:8]}) is a dependency of nothing that is declared",
        ),
    ]
    result = lock(repo.project, client)
    assert (result.added, result.removed) == ((), ("lora", "words"))
    assert shape(result.lock.pins) == {
        "base": (locked["base"], locked["base"], None, False, (needs("code", "code", "config.json"),)),
        "code": (locked["code"], "main", None, True, ()),
    }
    assert differences(repo.project, result.lock) == ()


def test_what_is_brought_is_said(repo: ResearchRepo, client: HuggingFaceHub, family: dict[str, str]) -> None:
    """Who only wrote down an adapter learns that its base comes too, and how large it is."""
    declare(repo, lora=family["lora"])
    lines = list(render_lock(lock(repo.project, client)))
    base, code, words = (f"{name} (acme/{name} at {family[name][:8]})" for name in ("base", "code", "words"))
    assert lines == [
        f"base needs {code}, main, 25 B: code in its config.json",
        f"lora needs {base}, main, 2.6 kB: base_model in its adapter_config.json",
        f"lora needs {words}, main, 1.5 kB: tokenizer in its adapter_config.json",
        "hfpin.lock: 4 added (base, code, lora, words). 4 pins in all.",
    ]
    assert list(render_lock(lock(repo.project, client))) == ["hfpin.lock: 4 pins, unchanged."]


def test_code_that_is_not_there_is_warned_of(
    repo: ResearchRepo, client: HuggingFaceHub, publish: Publish
) -> None:
    """A repo that holds no code cannot serve with any; libraries may do without, so it is no error."""
    publish("acme/code", {"README.md": b""})
    declare(repo, a=publish("acme/a", {"config.json": code_of("acme/code--m.M")}))
    lines = list(render_lock(lock(repo.project, client)))
    assert [line for line in lines if line.startswith("warning")] == [
        "warning: code: allow_patterns '*.py' matches no file"
    ]


def test_roles_grow_together(repo: ResearchRepo, client: HuggingFaceHub, publish: Publish) -> None:
    """A repo that one needs for its code and another as a base is one pin, with all of its files."""
    both = publish("acme/both", {"m.py": b"", "config.json": {}, "model.safetensors": WEIGHTS})
    a = publish("acme/a", {"config.json": code_of("acme/both--m.M")})
    b = publish("acme/b", {"adapter_config.json": adapter("acme/both", both)})
    c = publish("acme/c", {"adapter_config.json": adapter("acme/both", "main")})
    declare(repo, a=a, b=b, c=c)
    found = lock(repo.project, client).lock
    assert {one.dependencies[0].name for one in found.pins if one.dependencies} == {"both"}
    assert (found.find("both").pin.target.patterns, found.find("both").pin.revision) == (Patterns(), "main")


class TestCommands:
    """What the other commands make of a pin that needs others."""

    @pytest.fixture
    def run(
        self,
        online: ResearchRepo,
        locked: dict[str, str],
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> Callable[..., tuple[int, str]]:
        """Run hfpin in this process, in the project; gives its exit code and what it printed."""
        assert locked
        monkeypatch.chdir(online.root)
        monkeypatch.setenv("HF_HOME", online.env["HF_HOME"])

        def run(*args: str) -> tuple[int, str]:
            code = main(args)
            said = capsys.readouterr()
            return code, said.out + said.err

        return run

    def test_a_pin_is_complete_with_what_it_needs(
        self, run: Callable[..., tuple[int, str]], locked: dict[str, str], online: ResearchRepo
    ) -> None:
        """`fetch NAME` brings what NAME needs first, and `path` and `verify` mean it too; others stay."""
        code, said = run("path", "lora")
        place = online.places.repo_folder(Repo("acme/code")) / "snapshots" / locked["code"]
        assert (code, said) == (
            2,
            (
                f"hfpin: lora (acme/lora at {locked['lora'][:8]}) needs code (acme/code at "
                f"{locked['code'][:8]}), which is not complete here: 2 of 2 files are not in {place}\n"
                "  = Where there is a network, `doit fetch:lora` or `hfpin fetch lora` brings it.\n"
            ),
        )
        code, said = run("verify", "base")
        missing = ["code"] * 2 + ["base"] * 3
        assert (code, re.findall(r"^  (\w+) .*missing", said, re.MULTILINE)) == (3, missing)
        said = online.hfpin("fetch", "lora").stdout
        in_order = ["code", "base", "words", "lora"]
        assert re.findall(r"^(\w+)  .* fetched", said, re.MULTILINE) == in_order
        assert run("path", "lora")[0] == 0
        assert run("verify") == (0, "10 files, 6.8 kB: every byte as in hfpin.lock.\n")
        assert run("lock", "--check") == (0, "hfpin.lock: 4 pins, as declared.\n")
