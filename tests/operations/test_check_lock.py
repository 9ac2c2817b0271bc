"""A check and `hfpin lock --check` agree about a lock that hfpin wrote."""

from __future__ import annotations

from pathlib import Path

import pytest

from hfpin.config import Config
from hfpin.hub import HuggingFaceHub
from hfpin.operations.check import check
from hfpin.operations.drift import differences
from hfpin.operations.lock import lock
from hfpin.operations.project import Project, read_lock
from hfpin.rules.selection import selection
from tests.support import Published, ResearchRepo

DECLARED = """\
a: {{repo_id: acme/tiny, revision: v1}}
b: {{repo_id: acme/tiny, revision: {second}, allow_patterns: ["*.json", "mod*"]}}  # hfpin: ignore[HFP006] x
c: {{repo_id: acme/tiny, revision: {first}, ignore_patterns: sub/*, formats: all, local_dir: ./data/c/}}
d: {{model_name_or_path: acme/tiny, model_revision: {first}}}  # v1
e: {{model_name_or_path: acme/tiny, model_revision: "${{revision}}"}}
"""


@pytest.fixture
def declared(repo: ResearchRepo, client: HuggingFaceHub, tiny: Published) -> Project:
    """A project that declares one repo in many ways, locked."""
    repo.write("conf/a.yaml", DECLARED.format(first=tiny.first, second=tiny.second))
    project = Project(config=Config(formats="safetensors"), places=repo.places)
    lock(project, client)
    return project


def disagreements(project: Project) -> tuple[list[str], list[str]]:
    """What a check says of the lock, and what `hfpin lock --check` does."""
    checked = check(project, [], selection(project.config), here=project.root)
    said = [f"{one.where} {one.code}" for each in checked for one in each.findings]
    return said, [one.message for one in differences(project, read_lock(project))]


def test_a_lock_that_was_just_written_is_no_finding(
    declared: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tags, commits, patterns, formats and destinations: what was locked is what is declared."""
    monkeypatch.chdir(declared.root)
    assert disagreements(declared) == ([], [])


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("revision: v1}", "revision: v2}", "conf/a.yaml:1:35 HFP010"),
        ('"mod*"', '"model.safetensors"', "conf/a.yaml:2:35 HFP010"),
        ("formats: all", "formats: safetensors", "conf/a.yaml:3:35 HFP010"),
        ("./data/c/", "data/d", "conf/a.yaml:3:35 HFP010"),
    ],
)
def test_both_see_what_changed(
    declared: Project, monkeypatch: pytest.MonkeyPatch, old: str, new: str, place: str
) -> None:
    """A declaration that is not what was locked is a finding where it stands, and a difference."""
    monkeypatch.chdir(declared.root)
    path = Path("conf/a.yaml")
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    said, differs = disagreements(declared)
    assert said == [place]
    assert differs != []


def test_both_see_what_is_gone(declared: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pin that no config declares any more is a finding in the lock."""
    monkeypatch.chdir(declared.root)
    path = Path("conf/a.yaml")
    path.write_text("".join(path.read_text(encoding="utf-8").splitlines(keepends=True)[2:]), encoding="utf-8")
    said, differs = disagreements(declared)
    assert said == ["hfpin.lock:1:1 HFP010"]
    assert [message for message in differs if "declared nowhere" in message] != []
