"""Locking: what is declared, what is kept, what the Hub is asked, and what is refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from hfpin.errors import ConfigError, LockError, RepoNotFoundError, RevisionNotFoundError
from hfpin.hub import HuggingFaceHub
from hfpin.operations.drift import refuse_drift
from hfpin.operations.lock import lock
from hfpin.operations.project import read_lock
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
    assert (
        repo.read("hfpin.lock")
        == f"""\
{{
 "lock_version": "1.0",
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
   "local_dir": null,
   "size": 3145728,
   "files": [
    {{"path": "model.safetensors", "size": 3145728, "sha256": "{sha256}"}}
   ]
  }}
 ]
}}
"""
    )
    assert json.loads(repo.read("hfpin.lock"))["pins"][0]["files"][0]["sha256"] == sha256


def test_again_asks_nothing(
    repo: ResearchRepo, client: HuggingFaceHub, tiny: Published, hf_local_hub: LocalHub
) -> None:
    """A lock that is right is kept: no request, no write."""
    declare(repo, a=f"repo_id: acme/tiny, revision: {tiny.first}", b="repo_id: acme/tiny, revision: v1")
    lock(repo.project, client)
    before = repo.read("hfpin.lock")
    hf_local_hub.clear_requests()
    assert lock(repo.project, client).changed is False
    assert repo.read("hfpin.lock") == before
    assert hf_local_hub.requests == ()


def test_asks_only_for_what_is_new(
    repo: ResearchRepo, client: HuggingFaceHub, tiny: Published, hf_local_hub: LocalHub
) -> None:
    """One tree listing for each new commit."""
    declare(repo, a=f"repo_id: acme/tiny, revision: {tiny.first}")
    lock(repo.project, client)
    hf_local_hub.clear_requests()
    declare(
        repo,
        a=f"repo_id: acme/tiny, revision: {tiny.first}",
        b=f"repo_id: acme/tiny, revision: {tiny.second}",
    )
    assert lock(repo.project, client).added == ("b",)
    assert [record.path.partition("?")[0] for record in hf_local_hub.requests] == [
        f"/api/models/acme/tiny/tree/{tiny.second}"
    ]


def test_tag_is_settled_and_kept(
    repo: ResearchRepo, client: HuggingFaceHub, tiny: Published, hf_local_hub: LocalHub
) -> None:
    """A tag is locked at its commit, and stays there when somebody moves it."""
    declare(repo, a="repo_id: acme/tiny, revision: v1")
    pin = lock(repo.project, client).lock.pins[0].pin
    assert (pin.revision, pin.commit) == ("v1", tiny.first)
    hf_local_hub.tag("acme/tiny", "v1", tiny.second, force=True)
    assert lock(repo.project, client).lock.pins[0].pin == pin


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


@pytest.mark.parametrize("local_dir", ["/scratch/m", "../m", "a/../../m", "a\\b", "C:/m"])
def test_local_dir_stays_inside(
    repo: ResearchRepo, client: HuggingFaceHub, tiny: Published, local_dir: str
) -> None:
    """A local_dir outside the project is refused: the lock is for every machine."""
    declare(repo, a=f"repo_id: acme/tiny, revision: {tiny.first}, local_dir: '{local_dir}'")
    with pytest.raises(ConfigError, match="is not a path inside the project"):
        lock(repo.project, client)


@pytest.mark.parametrize(("first", "second"), [("m", "m"), ("m", "./m/"), ("m", "m/sub"), ("m/sub", "m")])
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


class TestDrift:
    """The lock against the configs, offline."""

    def test_agreement(self, repo: ResearchRepo, client: HuggingFaceHub, tiny: Published) -> None:
        """A fresh lock agrees, for commits, tags, patterns and destinations."""
        declare(
            repo,
            a=f"repo_id: acme/tiny, revision: {tiny.first}, local_dir: ./m/",
            b="repo_id: acme/tiny, revision: v1, allow_patterns: '*.json'",
        )
        refuse_drift(repo.project, lock(repo.project, client).lock)

    @pytest.mark.parametrize(
        "fields",
        [
            "repo_id: acme/tiny, revision: v2",
            "repo_id: acme/other, revision: v1",
            "repo_id: acme/tiny, revision: v1, local_dir: m",
            "repo_id: acme/tiny, revision: v1, ignore_patterns: ['*.h5']",
            "repo_id: acme/tiny, revision: v1, repo_type: dataset",
            "repo_id: acme/tiny",
        ],
    )
    def test_difference(
        self, repo: ResearchRepo, client: HuggingFaceHub, tiny: Published, fields: str
    ) -> None:
        """Whatever was changed since is found, and its line named."""
        assert tiny.first
        declare(repo, a="repo_id: acme/tiny, revision: v1")
        locked = lock(repo.project, client).lock
        declare(repo, a=fields)
        with pytest.raises(
            LockError, match=r"^config\.yaml:2:16: .* as it stands here is not in hfpin\.lock"
        ):
            refuse_drift(repo.project, locked)
