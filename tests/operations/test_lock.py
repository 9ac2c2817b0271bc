"""Locking: what is declared, what is kept, what the Hub is asked, and what is refused."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hfpin.config import Config
from hfpin.errors import (
    ConfigError,
    IntegrityError,
    LockError,
    NetworkError,
    RepoNotFoundError,
    RevisionMovedError,
    RevisionNotFoundError,
)
from hfpin.hub import HuggingFaceHub, Stream
from hfpin.lock import Lock, dumps
from hfpin.operations.drift import differences, refuse_drift
from hfpin.operations.lock import LockResult, lock
from hfpin.operations.project import read_lock, write_lock
from hfpin.repo import Repo, RepoType
from hfpin.report.pinning import render_lock
from tests.support import Published, ResearchRepo

if TYPE_CHECKING:
    from hfpin.testing import LocalHub


def declare(repo: ResearchRepo, **models: str) -> None:
    """Write a config.yaml that declares models by name."""
    blocks = "".join(f"  {name}: {{{fields}}}\n" for name, fields in models.items())
    repo.write("config.yaml", f"models:\n{blocks}")


def test_text(repo: ResearchRepo, client: HuggingFaceHub, tiny: Published) -> None:
    """The lock is JSON with a file a line, and names no machine."""
    repo.write(
        "config.yaml",
        f"m:\n  repo_id: acme/tiny\n  revision: {tiny.first}  # v1\n  ignore_patterns: ['.git*', '*.json']\n",
    )
    result = lock(repo.project, client)
    assert (result.added, result.removed, result.skipped, result.changed) == (("m",), (), (), True)
    sha256 = result.lock.pins[0].files[0].digest.hex
    attributes = result.lock.pins[0].dropped[1].size
    assert (
        repo.read("hfpin.lock")
        == f"""\
{{
 "lock_version": "1.1",
 "pins": [
  {{
   "name": "m",
   "aliases": [],
   "repo_type": "model",
   "repo_id": "acme/tiny",
   "revision": "v1",
   "commit": "{tiny.first}",
   "allow_patterns": null,
   "ignore_patterns": [".git*", "*.json"],
   "formats": null,
   "local_dir": null,
   "unmatched_patterns": [],
   "incomplete": null,
   "size": 3145728,
   "dropped": [
    {{"by": "ignore_patterns", "pattern": "*.json", "files": 2, "size": 12}},
    {{"by": "ignore_patterns", "pattern": ".git*", "files": 1, "size": {attributes}}}
   ],
   "files": [
    {{"path": "model.safetensors", "size": 3145728, "sha256": "{sha256}"}}
   ]
  }}
 ]
}}
"""
    )
    assert json.loads(repo.read("hfpin.lock"))["pins"][0]["files"][0]["sha256"] == sha256


def asked(hub: LocalHub) -> list[str]:
    """Give the paths that the Hub was asked for since its log was cleared, and clear it."""
    paths = [record.path.partition("?")[0] for record in hub.requests]
    hub.clear_requests()
    return paths


def test_again_asks_for_the_tag_alone(
    repo: ResearchRepo, client: HuggingFaceHub, tiny: Published, hf_local_hub: LocalHub
) -> None:
    """A lock that is right is kept: one request for each tag, none for commits, no write."""
    declare(repo, a=f"repo_id: acme/tiny, revision: {tiny.first}", b="repo_id: acme/tiny, revision: v1")
    lock(repo.project, client)
    before = repo.read("hfpin.lock")
    hf_local_hub.clear_requests()
    assert lock(repo.project, client).changed is False
    assert repo.read("hfpin.lock") == before
    assert asked(hf_local_hub) == ["/api/models/acme/tiny/revision/v1"]


def test_commits_are_never_asked_for(
    repo: ResearchRepo, client: HuggingFaceHub, tiny: Published, hf_local_hub: LocalHub
) -> None:
    """What is pinned to commits and locked costs no request, whatever tag its comment names."""
    repo.write("config.yaml", f"m:\n  repo_id: acme/tiny\n  revision: {tiny.first}  # v1\n")
    lock(repo.project, client)
    hf_local_hub.clear_requests()
    assert lock(repo.project, client).changed is False
    assert asked(hf_local_hub) == []


def test_pins_of_one_commit_share_what_is_asked(
    repo: ResearchRepo, client: HuggingFaceHub, tiny: Published, hf_local_hub: LocalHub
) -> None:
    """A tag, a tree and a config are asked for once, however many pins there are of them."""
    declare(
        repo,
        a="repo_id: acme/tiny, revision: v1",
        b="repo_id: acme/tiny, revision: v1, allow_patterns: ['*.json', '*.safetensors']",
        c=f"repo_id: acme/tiny, revision: {tiny.first}, ignore_patterns: [sub/]",
    )
    assert lock(repo.project, client).added == ("a", "b", "c")
    assert asked(hf_local_hub) == [
        "/api/models/acme/tiny/revision/v1",
        f"/api/models/acme/tiny/tree/{tiny.first}",
        f"/acme/tiny/resolve/{tiny.first}/config.json",
    ]


def test_asks_only_for_what_is_new(
    repo: ResearchRepo, client: HuggingFaceHub, tiny: Published, hf_local_hub: LocalHub
) -> None:
    """One tree listing for each new commit, and the configs that may name other repos."""
    declare(repo, a=f"repo_id: acme/tiny, revision: {tiny.first}")
    lock(repo.project, client)
    hf_local_hub.clear_requests()
    declare(
        repo,
        a=f"repo_id: acme/tiny, revision: {tiny.first}",
        b=f"repo_id: acme/tiny, revision: {tiny.second}",
    )
    assert lock(repo.project, client).added == ("b",)
    assert asked(hf_local_hub) == [
        f"/api/models/acme/tiny/tree/{tiny.second}",
        f"/acme/tiny/resolve/{tiny.second}/config.json",
    ]


@pytest.fixture
def moved(
    repo: ResearchRepo, client: HuggingFaceHub, tiny: Published, hf_local_hub: LocalHub
) -> ResearchRepo:
    """A project with two pins of a tag, which has moved since they were locked."""
    declare(
        repo,
        a="repo_id: acme/tiny, revision: v1",
        b="repo_id: acme/tiny, revision: v1, ignore_patterns: [sub/]",
    )
    pins = lock(repo.project, client).lock.pins
    assert [(locked.pin.revision, locked.pin.commit) for locked in pins] == [("v1", tiny.first)] * 2
    hf_local_hub.tag("acme/tiny", "v1", tiny.second, force=True)
    hf_local_hub.clear_requests()
    return repo


def test_a_tag_that_moved_is_refused(
    moved: ResearchRepo, client: HuggingFaceHub, tiny: Published, hf_local_hub: LocalHub
) -> None:
    """A tag that somebody moved is shown with both commits, and nothing is written."""
    before = moved.read("hfpin.lock")
    with pytest.raises(RevisionMovedError) as caught:
        lock(moved.project, client)
    assert (caught.value.message, caught.value.hint, caught.value.exit_code) == (
        f"config.yaml:2:16: v1 of acme/tiny moved: hfpin.lock has {tiny.first}, the Hub has {tiny.second}",
        "`hfpin lock --update a b` follows it; to stay, declare the commit that is locked.",
        1,
    )
    assert moved.read("hfpin.lock") == before
    assert asked(hf_local_hub) == ["/api/models/acme/tiny/revision/v1"]


@pytest.mark.parametrize("update", [None, ("a",), ("b", "a")])
def test_a_tag_that_moved_is_followed_on_request(
    moved: ResearchRepo,
    client: HuggingFaceHub,
    tiny: Published,
    hf_local_hub: LocalHub,
    update: tuple[str, ...] | None,
) -> None:
    """Updating by name or as a whole locks the new commit, with one listing of its files."""
    result = lock(moved.project, client, update=update)
    assert [locked.pin.commit for locked in result.lock.pins] == [tiny.second] * 2
    assert (result.added, result.changed) == (("a", "b"), True)
    assert asked(hf_local_hub) == [
        "/api/models/acme/tiny/revision/v1",
        f"/api/models/acme/tiny/tree/{tiny.second}",
        f"/acme/tiny/resolve/{tiny.second}/config.json",
    ]


def test_updating_one_tag_does_not_let_others_move(
    repo: ResearchRepo, client: HuggingFaceHub, tiny: Published, hf_local_hub: LocalHub
) -> None:
    """Only what is named may move."""
    hf_local_hub.tag("acme/tiny", "v2", tiny.second)
    declare(repo, a="repo_id: acme/tiny, revision: v1", b="repo_id: acme/tiny, revision: v2")
    lock(repo.project, client)
    hf_local_hub.tag("acme/tiny", "v1", tiny.second, force=True)
    hf_local_hub.tag("acme/tiny", "v2", tiny.first, force=True)
    with pytest.raises(RevisionMovedError, match=r"^config\.yaml:3:16: v2 of acme/tiny moved: "):
        lock(repo.project, client, update=("a",))
    with pytest.raises(RevisionMovedError, match=r" \(and 1 more\)\n"):
        lock(repo.project, client)
    with pytest.raises(LockError, match=r"^hfpin\.lock has no pin 'c'\n"):
        lock(repo.project, client, update=("c",))


def test_what_is_locked_stays_where_the_hub_gives_no_answer(
    repo: ResearchRepo, client: HuggingFaceHub, tiny: Published
) -> None:
    """Without an answer a tag stays where it was locked, which is said; what is new still needs one."""
    declare(repo, a="repo_id: acme/tiny, revision: v1")
    before = lock(repo.project, client).lock
    nobody = HuggingFaceHub(endpoint="http://127.0.0.1:9", token=False)
    result = lock(repo.project, nobody)
    assert (result.lock, result.changed) == (before, False)
    assert [reference.where for reference in result.unasked] == ["config.yaml:2:16"]
    declare(repo, a="repo_id: acme/tiny, revision: v1", b="repo_id: acme/tiny, revision: v2")
    with pytest.raises(NetworkError, match=r"^config\.yaml:3:16: no answer from http://127\.0\.0\.1:9 "):
        lock(repo.project, nobody)
    assert tiny.first in repo.read("hfpin.lock")


def test_same_target_is_one_pin(repo: ResearchRepo, client: HuggingFaceHub, tiny: Published) -> None:
    """Mentions that agree in all are one pin, with the names of both."""
    declare(
        repo,
        b=f"repo_id: acme/tiny, revision: {tiny.first}",
        a="repo_id: acme/tiny, revision: v1",
    )
    repo.write("conf/eval.yaml", f"model: acme/tiny\nrevision: {tiny.first}\n")
    (pin,) = (locked.pin for locked in lock(repo.project, client).lock.pins)
    assert (pin.name, pin.aliases, pin.revision) == ("b", ("a",), "v1")
    locked = read_lock(repo.project)
    assert {locked.find(name).pin for name in ("a", "b", "acme/tiny")} == {pin}


def test_declaring_files(repo: ResearchRepo, client: HuggingFaceHub, tiny: Published) -> None:
    """config.yaml at the top and YAML below conf/ declare; other files do not."""
    for name in ("config.yml", "conf/a/b.yaml", "other.yaml", "sub/config.yaml"):
        identifier = name.partition(".")[0].replace("/", "_")
        repo.write(name, f"{identifier}: {{repo_id: acme/tiny, revision: {tiny.first}}}\n")
    (pin,) = (locked.pin for locked in lock(repo.project, client).lock.pins)
    assert (pin.name, *pin.aliases) == ("conf_a_b", "config")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("model: acme/tiny\n", "config.yaml:1:8: acme/tiny has no revision that can be locked"),
        (
            "- {model: acme/tiny}\n- {model: acme/tiny, revision: main}\n",
            "config.yaml:1:11: acme/tiny has no revision that can be locked (and 1 more)",
        ),
    ],
)
def test_unpinned_is_refused(repo: ResearchRepo, client: HuggingFaceHub, text: str, message: str) -> None:
    """What has no commit and no tag cannot be locked; the message says where."""
    repo.write("config.yaml", text)
    with pytest.raises(LockError) as caught:
        lock(repo.project, client)
    assert caught.value.message == message
    assert not repo.project.lock_path.exists()


def test_hub_errors_say_where(repo: ResearchRepo, client: HuggingFaceHub, tiny: Published) -> None:
    """An unknown repo and an unknown revision are reported at their line."""
    repo.write("config.yaml", f"model: acme/tinny\nrevision: {tiny.first}\n")
    with pytest.raises(RepoNotFoundError) as missing:
        lock(repo.project, client)
    assert missing.value.message == (
        "config.yaml:1:8: the Hub has no model acme/tinny that someone without a token may see"
    )
    repo.write("config.yaml", "model: acme/tiny\nrevision: v9\n")
    with pytest.raises(RevisionNotFoundError) as unknown:
        lock(repo.project, client)
    assert unknown.value.message == "config.yaml:1:8: acme/tiny has no revision 'v9'"


def test_interpolated_is_skipped(repo: ResearchRepo, client: HuggingFaceHub) -> None:
    """A revision that another program fills in cannot be locked, and is said to be left out."""
    repo.write("config.yaml", "model: acme/tiny\nrevision: ${oc.env:REV}\n")
    result = lock(repo.project, client)
    assert [reference.where for reference in result.skipped] == ["config.yaml:1:8"]
    assert result.lock.pins == ()
    assert list(render_lock(result))[1:] == ["hfpin.lock: written. 0 pins in all."]


def test_no_room_for_a_revision_is_skipped(
    repo: ResearchRepo, client: HuggingFaceHub, tiny: Published
) -> None:
    """What cannot carry a revision is said to be left out; what stands beside it is locked all the same."""
    repo.write("config.yaml", f"model: [acme/other]\nm: {{repo_id: acme/tiny, revision: {tiny.first}}}\n")
    result = lock(repo.project, client)
    assert list(render_lock(result)) == [
        "config.yaml:1:9: acme/other is not locked: the item of a list cannot carry a revision",
        "hfpin.lock: 1 added (m). 1 pin in all.",
    ]
    refuse_drift(repo.project, result.lock)


@pytest.mark.parametrize(
    "local_dir",
    [
        "/scratch/m",
        "../m",
        "a/../../m",
        "a\\b",
        "C:/m",
        ".git",
        "a/.Git/x",
        "aux.d",
        ".cache/huggingface/hfpin",
    ],
)
def test_local_dir_stays_inside(
    repo: ResearchRepo, client: HuggingFaceHub, tiny: Published, local_dir: str
) -> None:
    """A local_dir outside the project is refused: the lock is for every machine."""
    declare(repo, a=f"repo_id: acme/tiny, revision: {tiny.first}, local_dir: '{local_dir}'")
    with pytest.raises(ConfigError, match="is not a path inside the project"):
        lock(repo.project, client)


@pytest.mark.parametrize("repo_type", ["model", "dataset"])
@pytest.mark.parametrize("patterns", ["ignore_patterns: ['*']", "allow_patterns: [nothing]"])
def test_patterns_that_leave_nothing(
    repo: ResearchRepo, client: HuggingFaceHub, hf_local_hub: LocalHub, repo_type: RepoType, patterns: str
) -> None:
    """A pin of no file is refused, of whatever kind: "all 0 files are there" would be a success."""
    hf_local_hub.create_repo("acme/table", repo_type=repo_type)
    commit = hf_local_hub.commit("acme/table", {"train.csv": b"1"}, repo_type=repo_type)
    declare(repo, a=f"repo_id: acme/table, repo_type: {repo_type}, revision: {commit}, {patterns}")
    with pytest.raises(LockError, match=r"a: every file is left out by \w+_patterns"):
        lock(repo.project, client)


def test_a_pin_that_changes_is_not_called_new(
    repo: ResearchRepo, client: HuggingFaceHub, tiny: Published
) -> None:
    """The line after a lock tells what is new from what stands for something else now."""
    declare(repo, a=f"repo_id: acme/tiny, revision: {tiny.first}")
    lock(repo.project, client)
    declare(repo, a=f"repo_id: acme/tiny, revision: {tiny.second}", b="repo_id: acme/tiny, revision: v1")
    assert list(render_lock(lock(repo.project, client))) == [
        "hfpin.lock: 1 added (b), 1 changed (a). 2 pins in all."
    ]


@pytest.mark.parametrize("local_dir", ["~/m", "~", "$SCRATCH/m", "data/${USER}"])
def test_local_dir_is_not_expanded(
    repo: ResearchRepo, client: HuggingFaceHub, tiny: Published, local_dir: str
) -> None:
    """What a shell would expand is refused: nobody wants a folder that is called `~`."""
    declare(repo, a=f"repo_id: acme/tiny, revision: {tiny.first}, local_dir: '{local_dir}'")
    with pytest.raises(ConfigError, match="would be a folder of that very name"):
        lock(repo.project, client)


@pytest.mark.parametrize("at", ["lock", "folder"])
def test_lock_that_cannot_be_written(
    repo: ResearchRepo, client: HuggingFaceHub, tiny: Published, at: str
) -> None:
    """Where the disk refuses, that is said, and is no traceback."""
    declare(repo, a=f"repo_id: acme/tiny, revision: {tiny.first}")
    if at == "lock":
        repo.project.lock_path.mkdir()
    else:
        repo.project.lock_path.symlink_to(repo.root / "config.yaml" / "hfpin.lock")
    with pytest.raises(LockError) as caught:
        lock(repo.project, client)
    assert caught.value.message.startswith(f"{repo.project.lock_path} cannot be written: ")


@pytest.mark.parametrize(
    ("first", "second"), [("m", "m"), ("m", "./m/"), ("m", "m/sub"), ("m/sub", "m"), ("m", "M")]
)
def test_local_dir_is_for_one(
    repo: ResearchRepo, client: HuggingFaceHub, tiny: Published, first: str, second: str
) -> None:
    """Two pins cannot share a folder, nor can one be inside another's."""
    declare(
        repo,
        a=f"repo_id: acme/tiny, revision: {tiny.first}, local_dir: {first}",
        b=f"repo_id: acme/tiny, revision: {tiny.second}, local_dir: {second}",
    )
    with pytest.raises(ConfigError, match=r"is used already, at config\.yaml:"):
        lock(repo.project, client)


def test_unreadable_declaration_is_refused(repo: ResearchRepo, client: HuggingFaceHub) -> None:
    """A declaring file that cannot be read stops everything: it may declare a pin."""
    repo.write("config.yaml", "a: [b\n")
    with pytest.raises(ConfigError, match=r"^config\.yaml:2:1: could not be read: "):
        lock(repo.project, client)


INDEX = "model.safetensors.index.json"
SHARDS = ("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors")


class TestCompleteness:
    """Patterns that leave a model that cannot be loaded."""

    @pytest.fixture
    def sharded(self, hf_local_hub: LocalHub) -> str:
        """The commit of a model in two shards, with an index, and its old format."""
        weight_map = {"layer.0": SHARDS[0], "layer.1": SHARDS[1]}
        files = {
            "config.json": b"{}",
            "model.safetensors.index.json": json.dumps({"weight_map": weight_map}).encode(),
            "pytorch_model.bin": b"old weights",
            **{name: name.encode() for name in SHARDS},
        }
        hf_local_hub.create_repo("acme/sharded")
        commit = hf_local_hub.commit("acme/sharded", files)
        hf_local_hub.clear_requests()
        return commit

    def test_a_lost_shard_is_refused_with_the_pattern_to_blame(
        self, repo: ResearchRepo, client: HuggingFaceHub, sharded: str, hf_local_hub: LocalHub
    ) -> None:
        """The index is read, with one request, and what it names must be kept."""
        declare(repo, m=f"repo_id: acme/sharded, revision: {sharded}, ignore_patterns: ['*-00002-*']")
        with pytest.raises(LockError) as caught:
            lock(repo.project, client)
        assert (caught.value.message, caught.value.hint) == (
            (
                f"config.yaml:2:16: m: {SHARDS[1]}, which model.safetensors.index.json names, "
                "is left out by ignore_patterns '*-00002-*'"
            ),
            (
                "Change the pattern and run `hfpin lock`; or, where this is meant, say so in pyproject.toml: "
                '[tool.hfpin] allow-incomplete = ["m"].'
            ),
        )
        assert not repo.project.lock_path.exists()
        assert asked(hf_local_hub) == [
            f"/api/models/acme/sharded/tree/{sharded}",
            f"/acme/sharded/resolve/{sharded}/model.safetensors.index.json",
            f"/acme/sharded/resolve/{sharded}/config.json",
        ]

    @pytest.mark.parametrize("name", ["m", "M", "acme/sharded"])
    def test_it_can_be_allowed_by_name(
        self, repo: ResearchRepo, client: HuggingFaceHub, sharded: str, name: str
    ) -> None:
        """Whoever means it says so in pyproject.toml, by any name; taken back, the lock is refused."""
        declare(repo, m=f"repo_id: acme/sharded, revision: {sharded}, ignore_patterns: ['*-00002-*']")
        meant = replace(repo.project, config=Config(allow_incomplete=(name,)))
        locked = lock(meant, client).lock
        refuse_drift(meant, locked)
        assert read_lock(meant) == locked
        with pytest.raises(LockError, match=r"^hfpin\.lock: m: model-00002-of-00002\.safetensors, which "):
            refuse_drift(repo.project, locked)
        with pytest.raises(LockError, match=r"^config\.yaml:2:16: m: model-00002-of-00002\.safetensors, "):
            lock(repo.project, client)

    def test_an_index_that_came_wrong_is_not_believed(
        self, repo: ResearchRepo, client: HuggingFaceHub, sharded: str
    ) -> None:
        """What decides is held against the digest that the Hub listed."""

        class Flipping(HuggingFaceHub):
            @contextlib.contextmanager
            def open(self, repo: Repo, commit: str, path: str, **where: object) -> Iterator[Stream]:
                assert (repo, commit, path, where) == (Repo("acme/sharded"), sharded, INDEX, {})
                yield Stream(start=0, chunks=iter([b"{}"]))

        declare(repo, m=f"repo_id: acme/sharded, revision: {sharded}, ignore_patterns: ['*-00002-*']")
        with pytest.raises(
            IntegrityError,
            match=rf"^acme/sharded: the Hub lists {INDEX} as git-sha1:\w{{40}} and sent git-sha1:",
        ):
            lock(repo.project, Flipping(endpoint=client.endpoint, token=False))

    def test_formats(self, repo: ResearchRepo, client: HuggingFaceHub, sharded: str) -> None:
        """Safetensors are enough where a repo has them: for a pin, or for the project but for a pin."""
        declare(
            repo,
            a=f"repo_id: acme/sharded, revision: {sharded}, formats: safetensors",
            b=f"repo_id: acme/sharded, revision: {sharded}",
            c=f"repo_id: acme/sharded, revision: {sharded}, formats: all, local_dir: c",
        )
        kept = {
            locked.pin.name: {file.path for file in locked.files}
            for locked in lock(repo.project, client).lock.pins
        }
        assert kept["b"] - kept["a"] == {"pytorch_model.bin"} == kept["c"] - kept["a"]
        project = replace(repo.project, config=Config(formats="safetensors"))
        names = [
            (one.pin.name, one.pin.aliases, one.pin.target.formats) for one in lock(project, client).lock.pins
        ]
        assert names == [("a", ("b",), "safetensors"), ("c", (), None)]
        refuse_drift(project, read_lock(project))

    def test_unknown_formats(self, repo: ResearchRepo, client: HuggingFaceHub, sharded: str) -> None:
        """A format that is not known is refused where it stands."""
        declare(repo, a=f"repo_id: acme/sharded, revision: {sharded}, formats: gguf")
        with pytest.raises(ConfigError) as caught:
            lock(repo.project, client)
        assert (caught.value.message, caught.value.hint) == (
            "config.yaml:2:16: formats 'gguf' is not known",
            "Write one of: safetensors, all.",
        )


def test_files_where_the_record_is_kept(
    repo: ResearchRepo, client: HuggingFaceHub, hf_local_hub: LocalHub
) -> None:
    """A repo with somebody's `.cache/huggingface` in it can be pinned, but not go to a `local_dir` whole."""
    hf_local_hub.create_repo("acme/cached")
    commit = hf_local_hub.commit("acme/cached", {"a": b"a", ".cache/huggingface/download/a.metadata": b"b"})
    declare(repo, m=f"repo_id: acme/cached, revision: {commit}")
    assert len(lock(repo.project, client).lock.pins[0].files) == 3
    declare(repo, m=f"repo_id: acme/cached, revision: {commit}, local_dir: m")
    with pytest.raises(ConfigError) as caught:
        lock(repo.project, client)
    assert (caught.value.message, caught.value.hint) == (
        (
            "config.yaml:2:16: acme/cached has .cache/huggingface/download/a.metadata, "
            "where the account of a local_dir is kept"
        ),
        'Leave it out: ignore_patterns: [".cache/*"].',
    )
    declare(repo, m=f"repo_id: acme/cached, revision: {commit}, local_dir: m, ignore_patterns: ['.cache/*']")
    assert len(lock(repo.project, client).lock.pins[0].files) == 2


def test_control_characters_are_refused(repo: ResearchRepo, client: HuggingFaceHub) -> None:
    """A revision that would drive a terminal is refused where it stands."""
    repo.write("config.yaml", 'm: {repo_id: acme/tiny, revision: "v1\\e[2J"}\n')
    with pytest.raises(ConfigError) as caught:
        lock(repo.project, client)
    assert caught.value.message == (
        "config.yaml:1:14: 'v1\\x1b[2J' beside acme/tiny holds control characters"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("allow_patterns: {a: 1}", "allow_patterns beside acme/tiny is neither a text nor a list of texts"),
        ("ignore_patterns: [[a]]", "ignore_patterns beside acme/tiny is neither a text nor a list of texts"),
        ("local_dir: [a]", "local_dir beside acme/tiny is no text"),
        ("repo_type: models", "repo_type beside acme/tiny is none that the Hub has"),
        ("repo_type: [model]", "repo_type beside acme/tiny is none that the Hub has"),
    ],
)
def test_values_of_another_kind_are_refused(
    repo: ResearchRepo, client: HuggingFaceHub, text: str, said: str
) -> None:
    """What `snapshot_download` would not take is not passed over: other files would be fetched than meant."""
    repo.write("config.yaml", f"m: {{repo_id: acme/tiny, revision: v1, {text}}}\n")
    with pytest.raises(ConfigError) as caught:
        lock(repo.project, client)
    assert caught.value.message == f"config.yaml:1:14: {said}"


class TestMerge:
    """A lock that git could not merge: what either side locked is kept."""

    @staticmethod
    def merge(repo: ResearchRepo, ours: Callable[[], object], theirs: Callable[[], object]) -> None:
        """Let two branches change the project, and git try to merge them."""
        lines = ("init -q -b base", "commit -q --allow-empty -m base", "checkout -q -b theirs")
        assert [repo.run("git", *line.split()).returncode for line in lines] == [0, 0, 0]
        for change, after in ((theirs, "checkout -q -b ours base"), (ours, "merge theirs")):
            change()
            repo.run("git", "add", "config.yaml", "hfpin.lock")
            repo.run("git", "commit", "-q", "-m", "pins")
            repo.run("git", *after.split())
        assert "<<<<<<< " in repo.read("hfpin.lock")

    def test_both_sides_are_kept(
        self, repo: ResearchRepo, client: HuggingFaceHub, tiny: Published, hf_local_hub: LocalHub
    ) -> None:
        """Two branches that each added a pin need no answer about either."""
        first, second = (f"repo_id: acme/tiny, revision: {one}" for one in (tiny.first, tiny.second))

        def add(**models: str) -> LockResult:
            declare(repo, **models)
            return lock(repo.project, client)

        self.merge(repo, lambda: add(a=first), lambda: add(b=second))
        hf_local_hub.clear_requests()
        assert [locked.pin.commit for locked in add(a=first, b=second).lock.pins] == [tiny.first, tiny.second]
        assert asked(hf_local_hub) == []

    def test_a_tag_that_one_side_followed(
        self, repo: ResearchRepo, client: HuggingFaceHub, tiny: Published, hf_local_hub: LocalHub
    ) -> None:
        """What one side locked on purpose is no tag that moved; without an answer, nobody guesses which."""

        def at(commit: str) -> None:
            declare(repo, a="repo_id: acme/tiny, revision: v1")
            hf_local_hub.tag("acme/tiny", "v1", commit, force=True)
            repo.write("hfpin.lock", "")
            lock(repo.project, client)

        self.merge(repo, lambda: at(tiny.first), lambda: at(tiny.second))
        marked = repo.read("hfpin.lock")
        with pytest.raises(LockError) as caught:
            lock(repo.project, HuggingFaceHub(endpoint="http://127.0.0.1:9", token=False))
        both = " and at ".join(sorted([tiny.first, tiny.second]))
        assert caught.value.message == (
            f"config.yaml:2:16: v1 of acme/tiny is at {both} in the two sides of the merge, "
            "and the Hub gave no answer"
        )
        assert repo.read("hfpin.lock") == marked
        for commit in (tiny.first, tiny.second):
            repo.write("hfpin.lock", marked)
            hf_local_hub.tag("acme/tiny", "v1", commit, force=True)
            assert [locked.pin.commit for locked in lock(repo.project, client).lock.pins] == [commit]

    def test_a_tag_that_is_where_neither_has_it(
        self, repo: ResearchRepo, client: HuggingFaceHub, tiny: Published, hf_local_hub: LocalHub
    ) -> None:
        """It moved, as it does without a merge."""

        def change(patterns: str) -> None:
            declare(repo, a=f"repo_id: acme/tiny, revision: v1, ignore_patterns: [{patterns}]")
            lock(repo.project, client)

        self.merge(repo, lambda: change("sub/"), lambda: change("config.json"))
        marked = repo.read("hfpin.lock")
        declare(repo, a="repo_id: acme/tiny, revision: v1")
        hf_local_hub.tag("acme/tiny", "v1", tiny.second, force=True)
        with pytest.raises(RevisionMovedError) as caught:
            lock(repo.project, client)
        assert caught.value.hint == (
            "`hfpin lock --update a` follows it; to stay, declare the commit that is locked."
        )
        assert repo.read("hfpin.lock") == marked


class TestDrift:
    """The lock against the configs, offline."""

    def test_agreement(self, repo: ResearchRepo, client: HuggingFaceHub, tiny: Published) -> None:
        """A fresh lock agrees, for commits, tags, patterns and destinations."""
        declare(
            repo,
            a=f"repo_id: acme/tiny, revision: {tiny.first}, local_dir: ./m/",
            b="repo_id: acme/tiny, revision: v1, allow_patterns: 'model*'",
        )
        refuse_drift(repo.project, lock(repo.project, client).lock)

    @pytest.mark.parametrize(
        ("fields", "found"),
        [
            (
                "repo_id: acme/tiny, revision: v2",
                ("config.yaml:2:16: a: revision is v2 here, v1 in hfpin.lock",),
            ),
            (
                f"repo_id: acme/tiny, revision: {'1' * 40}",
                (
                    f"config.yaml:2:16: a: revision is {'1' * 40} here, v1 in hfpin.lock",
                    f"config.yaml:2:16: a: commit is {'1' * 40} here, FIRST in hfpin.lock",
                ),
            ),
            (
                "repo_id: acme/other, revision: v1",
                (
                    "config.yaml:2:16: acme/other as it stands here is not in hfpin.lock",
                    "hfpin.lock: LOCKED is declared nowhere",
                ),
            ),
            (
                "repo_id: acme/tiny, revision: v1, local_dir: m",
                ("config.yaml:2:16: a: local_dir is m here, not given in hfpin.lock",),
            ),
            (
                "repo_id: acme/tiny, revision: v1, ignore_patterns: ['*.h5']",
                ('config.yaml:2:16: a: ignore_patterns is ["*.h5"] here, not given in hfpin.lock',),
            ),
            (
                "repo_id: acme/tiny, revision: v1, formats: safetensors",
                ("config.yaml:2:16: a: formats is safetensors here, not given in hfpin.lock",),
            ),
            (
                "repo_id: acme/tiny, revision: v1, repo_type: dataset",
                (
                    "config.yaml:2:16: dataset acme/tiny as it stands here is not in hfpin.lock",
                    "hfpin.lock: LOCKED is declared nowhere",
                ),
            ),
            (
                "repo_id: acme/tiny",
                (
                    "config.yaml:2:16: acme/tiny has no revision that can be locked",
                    "hfpin.lock: LOCKED is declared nowhere",
                ),
            ),
        ],
    )
    def test_difference(
        self,
        repo: ResearchRepo,
        client: HuggingFaceHub,
        tiny: Published,
        fields: str,
        found: tuple[str, ...],
    ) -> None:
        """Whatever was changed since is found, field by field, and its line named."""
        assert tiny.first
        declare(repo, a="repo_id: acme/tiny, revision: v1")
        locked = lock(repo.project, client).lock
        declare(repo, a=fields)
        shown = tuple(f"{one.where}: {one.message}" for one in differences(repo.project, locked))
        here = f"a (acme/tiny at {tiny.first[:8]})"
        assert shown == tuple(line.replace("LOCKED", here).replace("FIRST", tiny.first) for line in found)
        with pytest.raises(LockError) as caught:
            refuse_drift(repo.project, locked)
        more = f" (and {len(shown) - 1} more)" if len(shown) > 1 else ""
        assert caught.value.message == shown[0] + more

    def test_a_pin_that_only_changed_its_name(
        self, repo: ResearchRepo, client: HuggingFaceHub, tiny: Published
    ) -> None:
        """Names, aliases and the requested name are part of what is declared."""
        repo.write("config.yaml", f"a:\n  repo_id: acme/tiny\n  revision: {tiny.first}  # v1\n")
        locked = lock(repo.project, client).lock
        repo.write("config.yaml", f"b:\n  repo_id: acme/tiny\n  revision: {tiny.first}\n")
        repo.write("conf/c.yaml", f"c:\n  repo_id: acme/tiny\n  revision: {tiny.first}\n")
        assert [f"{one.where}: {one.message}" for one in differences(repo.project, locked)] == [
            "conf/c.yaml:2:12: c: name is c here, a in hfpin.lock",
            'conf/c.yaml:2:12: c: aliases is ["b"] here, [] in hfpin.lock',
            f"conf/c.yaml:2:12: c: revision is {tiny.first} here, v1 in hfpin.lock",
        ]


@pytest.mark.parametrize("mine", [None, b"export A=1\n"])
def test_no_lock_is_written_through_a_link(repo: ResearchRepo, mine: bytes | None) -> None:
    """A link that came with the repository makes a lock of nothing else; one to a lock is followed."""
    other, link = repo.root / "other", repo.root / "hfpin.lock"
    link.symlink_to(other)
    if mine is not None:
        other.write_bytes(mine)
    with pytest.raises(LockError) as caught:
        write_lock(repo.project, Lock())
    assert caught.value.message == f"{link} cannot be written: it is a link to {other}, which is no lock"
    assert (other.read_bytes() if other.exists() else None) == mine
    other.write_text('{"lock_version": "1.1", "pins": []}')
    assert write_lock(repo.project, Lock())
    assert link.is_symlink()
    assert other.read_text() == dumps(Lock())
