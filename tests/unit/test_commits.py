"""Which commit a revision is, by the Hub or by the lock alone."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import cast

import pytest

from hfpin.errors import NetworkError, RepoNotFoundError, RevisionNotFoundError
from hfpin.hub import DatedCommit, HubWithHistory, Resolved
from hfpin.lock import Lock, LockedPin
from hfpin.operations.commits import Answer, HubCommits, LockedCommits, Refusal, name_in
from hfpin.pin import Pin, Target
from hfpin.repo import Repo

NOW = datetime(2026, 1, 31, tzinfo=timezone.utc)
REPO = Repo("org/a")
OLD, MIDDLE, NEW = "a" * 40, "b" * 40, "c" * 40
HISTORY = tuple(
    DatedCommit(commit=commit, created_at=NOW - timedelta(days=age))
    for commit, age in ((NEW, 1), (MIDDLE, 5), (OLD, 30))
)
LATEST = {"main": NEW, "v1": NEW, "dev": NEW}


class FakeHub:
    """One repo with three commits on `main`, whose newest is tagged `v1`; it counts what it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def resolve(self, repo: Repo, revision: str | None) -> Resolved:
        """Answer for branches and tags, not for abbreviated commits."""
        self.asked.append(f"resolve {revision}")
        if repo != REPO:
            raise RepoNotFoundError("no such repo", hint="Check it.")
        if (revision or "main") not in LATEST:
            raise RevisionNotFoundError(f"{repo} has no revision {revision!r}", hint="Look at it.")
        return Resolved(revision=revision or "main", commit=LATEST[revision or "main"], date=None)

    def commits(self, repo: Repo, revision: str) -> tuple[DatedCommit, ...]:
        """Give the history, newest first."""
        del repo
        self.asked.append(f"commits {revision}")
        return HISTORY

    def tags(self, repo: Repo) -> frozenset[str]:
        """Give the one tag."""
        del repo
        self.asked.append("tags")
        return frozenset({"v1"})


def hub_commits(fake: FakeHub, lock: Lock | None = None, days: int | None = None) -> HubCommits:
    """Commits of the fake Hub."""
    age = None if days is None else timedelta(days=days)
    return HubCommits(hub=cast("HubWithHistory", fake), lock=lock or Lock(), min_age=age, now=NOW)


def locked(commit: str, revision: str, repo: Repo = REPO) -> LockedPin:
    """A pin without files."""
    return LockedPin(pin=Pin(name="a", target=Target(repo=repo, commit=commit), revision=revision), files=())


def test_a_revision_is_asked_for_once() -> None:
    """However often a branch is wanted, one question settles it; what the Hub refuses is remembered too."""
    fake = FakeHub()
    commits = hub_commits(fake)
    for _ in range(2):
        assert commits.of(REPO, None) == Answer(commit=NEW, name="main")
        assert commits.of(REPO, "v1") == Answer(commit=NEW, name="v1")
        assert commits.of(Repo("org/b"), None) == Refusal(reason="no such repo", hint="Check it.")
    assert fake.asked == ["resolve None", "resolve v1", "resolve None"]


def test_a_hub_that_does_not_answer_is_an_error() -> None:
    """It is not a reason why one reference stays as it is."""

    class Silent(FakeHub):
        def resolve(self, repo: Repo, revision: str | None) -> Resolved:
            raise NetworkError(f"no answer about {repo} {revision}")

    with pytest.raises(NetworkError):
        hub_commits(Silent()).of(REPO, None)


@pytest.mark.parametrize(
    ("days", "revision", "current", "commit"),
    [
        (0, None, None, NEW),
        (3, None, None, MIDDLE),
        (5, None, None, MIDDLE),
        (6, "dev", None, OLD),
        (6, None, NEW, NEW),
        (6, None, MIDDLE, MIDDLE),
        (3, None, OLD, MIDDLE),
        (1, "v1", None, NEW),
    ],
)
def test_only_what_is_old_enough_is_adopted(
    days: int, revision: str | None, current: str | None, commit: str
) -> None:
    """Of a branch it is the newest that is old enough; a pin never moves backwards."""
    answer = hub_commits(FakeHub(), days=days).of(REPO, revision, current)
    assert answer == Answer(commit=commit, name=revision or "main")


@pytest.mark.parametrize(("days", "revision"), [(2, "v1"), (31, "main")])
def test_what_is_too_young_is_refused(days: int, revision: str) -> None:
    """A tag means one commit and none before it; a branch may have nothing so old."""
    assert hub_commits(FakeHub(), days=days).of(REPO, revision) == Refusal(
        reason=f"{revision} holds nothing as old as --min-age asks: its commit is of 2026-01-30",
        hint="Wait, or pin it without --min-age.",
    )


def test_an_abbreviated_commit_is_completed() -> None:
    """By the lock without a question, else by the Hub or its history; what nobody knows is refused."""
    fake = FakeHub()
    commits = hub_commits(fake, Lock((locked(OLD, "v0"),)))
    assert commits.complete(REPO, "AAAAAAAA") == Answer(commit=OLD, name=None)
    assert fake.asked == []
    assert commits.complete(REPO, "bbbbbbbb") == Answer(commit=MIDDLE, name=None)
    assert commits.complete(REPO, "dddddddd") == Refusal(
        reason="org/a has no revision 'dddddddd'", hint="Look at it."
    )


def test_a_branch_may_look_like_an_abbreviated_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then its commit is written, and its name kept."""
    monkeypatch.setitem(LATEST, "deadbeef", NEW)
    assert hub_commits(FakeHub()).complete(REPO, "deadbeef") == Answer(commit=NEW, name="deadbeef")


@pytest.mark.parametrize(
    ("pins", "revision", "answer"),
    [
        ([locked(OLD, "v0")], None, Answer(commit=OLD, name="v0")),
        ([locked(OLD, OLD)], None, Answer(commit=OLD, name=None)),
        ([locked(OLD, "v0"), locked(NEW, "main")], None, Answer(commit=NEW, name="main")),
        ([locked(OLD, "v0"), locked(NEW, "main")], "v0", Answer(commit=OLD, name="v0")),
    ],
)
def test_the_lock_answers(pins: list[LockedPin], revision: str | None, answer: Answer) -> None:
    """By the pin of that revision; without one by the only commit of the repo, or that of main."""
    assert LockedCommits(lock=Lock(tuple(pins))).of(REPO, revision) == answer


@pytest.mark.parametrize(
    ("lock", "revision", "reason"),
    [
        (None, None, "there is no hfpin.lock to take its commit from"),
        (Lock(), None, "hfpin.lock does not have it"),
        (Lock((locked(OLD, "v0"),)), "v9", "hfpin.lock does not have it at 'v9'"),
        (Lock((locked(OLD, "v0", Repo("org/a", "dataset")),)), None, "hfpin.lock does not have it"),
        (Lock((locked(OLD, "v0"), locked(NEW, "v1"))), None, "hfpin.lock has it at 2 commits"),
    ],
)
def test_the_lock_refuses(lock: Lock | None, revision: str | None, reason: str) -> None:
    """What it does not have, or has twice, is not guessed."""
    refusal = LockedCommits(lock=lock).of(REPO, revision)
    assert isinstance(refusal, Refusal)
    assert refusal.reason == reason


def test_the_lock_knows_names() -> None:
    """What a commit was asked for as; a commit is no name."""
    lock = Lock((locked(OLD, "v0"), locked(NEW, NEW)))
    assert (name_in(lock, REPO, OLD), name_in(lock, REPO, NEW)) == ("v0", None)
