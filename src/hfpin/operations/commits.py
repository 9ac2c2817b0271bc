"""Which commit a revision is: as the Hub says today, or as the lock recorded it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from hfpin.dataclass import dataclass, field
from hfpin.errors import AccessError, HubError, RepoNotFoundError, RevisionNotFoundError
from hfpin.hub import DEFAULT_BRANCH, HubWithHistory
from hfpin.lock import FILE_NAME, Lock, LockedPin
from hfpin.repo import Repo, is_commit


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The commit to write.

    Args:
        commit: It.
        name: The branch or tag that it was asked for as, for a comment; None where there is none to tell.
    """

    commit: str
    name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why there is no commit to write, as the end of a sentence, and what to do."""

    reason: str
    hint: str | None


class Commits(Protocol):
    """Where commits are asked for."""

    def of(self, repo: Repo, revision: str | None, current: str | None = None) -> Answer | Refusal:
        """Settle a branch, a tag, or the default branch where None.

        Args:
            repo: The repo.
            revision: What is asked for.
            current: The commit that is pinned now, which may stay.
        """

    def complete(self, repo: Repo, abbreviated: str) -> Answer | Refusal:
        """Settle a commit that is shortened or in upper case."""


def name_in(lock: Lock, repo: Repo, commit: str) -> str | None:
    """Give the branch or tag that the lock says a commit was asked for as."""
    for locked in _pins_of(lock, repo):
        if locked.pin.commit == commit and not is_commit(locked.pin.revision):
            return locked.pin.revision
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedCommits:
    """Commits of the lock only.

    Args:
        lock: The lock; None where there is none.
    """

    lock: Lock | None

    def of(self, repo: Repo, revision: str | None, current: str | None = None) -> Answer | Refusal:
        """Settle by the pin of that revision; without one by the only pin of the repo, or that of `main`."""
        del current
        if self.lock is None:
            return Refusal(
                reason=f"there is no {FILE_NAME} to take its commit from",
                hint="`hfpin pin` asks the Hub, and writes one.",
            )
        pins = _pins_of(self.lock, repo)
        found = {one.pin.commit for one in pins if revision in (None, one.pin.revision)}
        if len(found) > 1 and revision is None:
            found = {one.pin.commit for one in pins if one.pin.revision == DEFAULT_BRANCH} or found
        if len(found) > 1:
            return Refusal(
                reason=f"{FILE_NAME} has it at {len(found)} commits", hint="Write the one that is meant."
            )
        if not found:
            asked = "" if revision is None else f" at {revision!r}"
            return Refusal(
                reason=f"{FILE_NAME} does not have it{asked}", hint="`hfpin pin` asks the Hub for its commit."
            )
        (commit,) = found
        return Answer(commit=commit, name=revision or name_in(self.lock, repo, commit))

    def complete(self, repo: Repo, abbreviated: str) -> Answer | Refusal:
        """Settle by the pins of the repo."""
        known = () if self.lock is None else _pins_of(self.lock, repo)
        found = {one.pin.commit for one in known if one.pin.commit.startswith(abbreviated.lower())}
        if len(found) == 1:
            return Answer(commit=found.pop(), name=None)
        return Refusal(
            reason=f"{FILE_NAME} does not say which commit {abbreviated!r} is",
            hint="`hfpin pin` asks the Hub for it.",
        )


@dataclass(slots=True, kw_only=True)
class HubCommits:
    """Commits of the Hub, each asked for once.

    Args:
        hub: The Hub.
        lock: Completes abbreviated commits without a question, where it can.
        min_age: How old a commit has to be to be adopted; None for any age.
        now: The time that ages are counted from, with its zone.
    """

    hub: HubWithHistory
    lock: Lock = field(default_factory=Lock)
    min_age: timedelta | None = None
    now: datetime
    _answers: dict[tuple[Repo, str | None, str | None], Answer | Refusal] = field(default_factory=dict)

    def of(self, repo: Repo, revision: str | None, current: str | None = None) -> Answer | Refusal:
        """Settle a branch or tag by what it is today.

        Raises:
            HubError: The Hub cannot be reached.
        """
        asked = (repo, revision, current if self.min_age is not None else None)
        if asked not in self._answers:
            try:
                self._answers[asked] = self._ask(*asked)
            except (AccessError, RepoNotFoundError, RevisionNotFoundError) as error:
                self._answers[asked] = _refused(error)
        return self._answers[asked]

    def _ask(self, repo: Repo, revision: str | None, current: str | None) -> Answer | Refusal:
        if self.min_age is None:
            resolved = self.hub.resolve(repo, revision)
            return Answer(commit=resolved.commit, name=resolved.revision)
        name = revision or DEFAULT_BRANCH
        newest = None
        for one in self.hub.commits(repo, name):
            if one.commit == current or one.created_at <= self.now - self.min_age:
                return Answer(commit=one.commit, name=name)
            if newest is None:
                newest = one.created_at.date().isoformat()
                if name in self.hub.tags(repo):  # a tag means one commit, and none before it
                    break
        return Refusal(
            reason=f"{name} holds nothing as old as --min-age asks: its commit is of {newest}",
            hint="Wait, or pin it without --min-age.",
        )

    def complete(self, repo: Repo, abbreviated: str) -> Answer | Refusal:
        """Settle an abbreviated commit by the lock, by the Hub, or by the history of its default branch.

        Raises:
            HubError: The Hub cannot be reached.
        """
        known = LockedCommits(lock=self.lock).complete(repo, abbreviated)
        if isinstance(known, Answer):
            return known
        asked = (repo, abbreviated, None)
        if asked not in self._answers:
            try:
                self._answers[asked] = self._find(repo, abbreviated)
            except (AccessError, RepoNotFoundError, RevisionNotFoundError) as error:
                self._answers[asked] = _refused(error)
        return self._answers[asked]

    def _find(self, repo: Repo, abbreviated: str) -> Answer | Refusal:
        start = abbreviated.lower()
        try:
            commit = self.hub.resolve(repo, abbreviated).commit
        except RevisionNotFoundError as error:
            found = [one.commit for one in self.hub.commits(repo, DEFAULT_BRANCH)]
            found = [commit for commit in found if commit.startswith(start)]
            if len(found) == 1:
                return Answer(commit=found[0], name=None)
            return _refused(error)
        # a branch or tag may be called like that too
        return Answer(commit=commit, name=None if commit.startswith(start) else abbreviated)


def _refused(error: HubError) -> Refusal:
    return Refusal(reason=error.message, hint=error.hint)


def _pins_of(lock: Lock, repo: Repo) -> tuple[LockedPin, ...]:
    return tuple(locked for locked in lock.pins if locked.pin.repo == repo)
