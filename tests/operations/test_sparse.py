"""A sparse checkout: what declares and is not there is not taken for gone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hfpin.errors import PartialCheckoutError
from hfpin.hub import HuggingFaceHub
from hfpin.operations.check import check
from hfpin.operations.drift import Difference, differences
from hfpin.operations.lock import lock
from hfpin.operations.project import read_lock
from hfpin.operations.relock import Waits, relock
from hfpin.operations.sparse import not_checked_out
from hfpin.places import Places
from hfpin.rules.selection import selection
from tests.support import Published, ResearchRepo

HINT = (
    "`git sparse-checkout disable` checks out all, `git sparse-checkout add FOLDER` one folder more; "
    "then run the same command again."
)


@pytest.fixture
def whole(repo: ResearchRepo, client: HuggingFaceHub, tiny: Published) -> ResearchRepo:
    """A git repository with two configs, of a commit each and both called differently, and their lock."""
    repo.write("conf/a/train.yaml", f"model: {{repo_id: acme/tiny, revision: {tiny.first}}}\n")
    repo.write(
        "conf/b/eval.yaml",
        f"judge: {{repo_id: acme/tiny, revision: {tiny.second}}}\n"
        f"same: {{repo_id: acme/tiny, revision: {tiny.first}}}\n",
    )
    lock(repo.project, client)
    for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message", "all"]):
        assert repo.run("git", *command).returncode == 0
    return repo


@pytest.fixture(params=["clone", "worktree"])
def sparse(whole: ResearchRepo, request: pytest.FixtureRequest, tmp_path: Path) -> ResearchRepo:
    """The same with one of the two folders, in the repository itself and in a worktree of it."""
    root = whole.root
    if request.param == "worktree":
        root = tmp_path / "worktree"
        assert whole.run("git", "worktree", "add", "--quiet", root).returncode == 0
    part = replace(whole, root=root)
    done = part.run("git", "sparse-checkout", "set", "--cone", "conf/a")
    assert done.returncode == 0, done.stdout
    assert not (root / "conf" / "b").exists()
    return part


def test_nothing_is_lost(
    sparse: ResearchRepo, client: HuggingFaceHub, tiny: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lock keeps the pins of files that are not there, and agrees with those that are."""
    monkeypatch.chdir(sparse.root)
    project, before = sparse.project, sparse.read("hfpin.lock")
    assert not_checked_out(project) == ("conf/b/eval.yaml",)
    assert differences(project, read_lock(project)) == ()
    assert list(check(project, [], selection(project.config), here=sparse.root))[-1].scan is not None
    reason = "what conf/b/eval.yaml declares is not known: this sparse checkout leaves it out"
    with pytest.raises(PartialCheckoutError) as refused:
        lock(project, client)
    assert (refused.value.message, refused.value.hint) == (reason, HINT)
    assert relock(project, client) == Waits(reason=reason, hint=HINT, is_drift=False)
    sparse.write("conf/a/train.yaml", f"other: {{repo_id: acme/tiny, revision: {tiny.second[:-1]}0}}\n")
    assert differences(project, read_lock(project)) == (
        Difference(
            where="conf/a/train.yaml:1:18", message="acme/tiny as it stands here is not in hfpin.lock"
        ),
    )
    assert sparse.read("hfpin.lock") == before


def test_all_is_there(whole: ResearchRepo) -> None:
    """A sparse checkout that leaves out no config is as good as a whole one, as is one that was given up."""
    assert whole.run("git", "sparse-checkout", "set", "--cone", "conf").returncode == 0
    assert not_checked_out(whole.project) == ()
    assert whole.run("git", "sparse-checkout", "disable").returncode == 0
    assert not_checked_out(whole.project) == ()


def test_a_project_below(whole: ResearchRepo) -> None:
    """Files are called as the project calls them, whatever folder of the repository it is in."""
    assert whole.run("git", "sparse-checkout", "set", "--no-cone", "/conf/a/*").returncode == 0
    below = replace(whole.project, places=Places(root=whole.root / "conf", cache=whole.places.cache))
    settings = replace(below.config, files=("b/*.yaml",))
    assert not_checked_out(replace(below, config=settings)) == ("b/eval.yaml",)
    assert not_checked_out(replace(below, config=replace(settings, exclude=("b",)))) == ()
