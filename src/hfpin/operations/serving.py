"""Decide which pin serves what the files of another one name: the project's own, or one that is brought."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence

from hfpin import config
from hfpin.dataclass import dataclass, field
from hfpin.errors import AccessError, LockError, RepoNotFoundError, RevisionNotFoundError
from hfpin.lock import BASE_MODEL, COMPONENT, LockedPin
from hfpin.operations.asking import Asked, Asking
from hfpin.operations.named import Named
from hfpin.pin import Pin, Target
from hfpin.repo import Repo, RevisionKind, is_commit, revision_kind

SETTING = "without-dependencies"

MOST = 100
"""How many repos the pins of a project may bring, and how many configs of a commit are read."""

SHORT = 8
WHOLE_ROLES = frozenset({BASE_MODEL, COMPONENT})
"""What weights are needed for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """A commit of another repo that no config declares.

    Args:
        where: Who needs it, for messages: the first who asked.
        setting: How to do without it.
        roles: What it is needed for.
        revisions: What it was asked for as.
    """

    where: str
    setting: str
    roles: set[str] = field(default_factory=set)
    revisions: set[str] = field(default_factory=set)


Key = tuple[Repo, str]
"""A repo and its commit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A pin, and what its files name.

    Args:
        locked: The pin; one that is brought has no name yet.
        where: Who declares or needs it.
        named: What it needs.
    """

    locked: LockedPin
    where: str
    named: tuple[Named, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """Which pins serve, and what has to be brought for it.

    Args:
        asking: The old lock, and the Hub.
        brought: What no config declares, filled as it is asked for.
    """

    asking: Asking
    brought: dict[Key, Brought] = field(default_factory=dict)

    def serve(self, node: Node, named: Named, own: Sequence[Node]) -> Target | Key:
        """Decide which pin serves: one of the project's own, or a commit that is brought.

        Args:
            node: Who needs it.
            named: What its file names.
            own: The pins that configs declare.

        Returns:
            The target of the project's own pin, or the key of what is brought.

        Raises:
            LockError: Several pins could be meant, or it is too much.
            HubError: The Hub does not give what is named.
        """
        pins = [one.locked for one in own if one.locked.pin.repo == named.repo]
        if not moves(named):
            pins = [one for one in pins if named.revision in (one.pin.commit, one.pin.revision)]
        if pins:
            return self._choose(node, named, pins)
        if named.revision is not None and is_commit(named.revision):
            return self._bring(node, named, named.revision, named.revision)
        commit, revision = self._settle(node, named)
        pins = [
            one.locked for one in own if (one.locked.pin.repo, one.locked.pin.commit) == (named.repo, commit)
        ]
        return self._choose(node, named, pins) if pins else self._bring(node, named, commit, revision)

    def _bring(self, node: Node, named: Named, commit: str, revision: str) -> Key:
        key = (named.repo, commit)
        where = _needs(node, named)
        if key not in self.brought and len(self.brought) == MOST:
            raise LockError(
                f"{where}: that makes more than {MOST} repos that no config declares",
                hint=f"Pin what is meant; or lock it alone: {alone(node.locked.pin)}",
            )
        brought = self.brought.setdefault(key, Brought(where=where, setting=alone(node.locked.pin)))
        brought.roles.add(named.role)
        brought.revisions.add(revision)
        return key

    def _settle(self, node: Node, named: Named) -> tuple[str, str]:
        known = self._stood_for(named)
        asked = Asked(where=_needs(node, named), repo=named.repo, revision=named.revision, is_declared=False)
        with advised(alone(node.locked.pin)):
            return self.asking.settle(asked, known, stays=moves(named))

    def _stood_for(self, named: Named) -> Pin | None:
        """The pin of the old lock that served whoever asked for this."""
        asked = (named.repo, named.revision)
        names = {
            one.name
            for locked in self.asking.pins
            for one in locked.dependencies
            if (one.repo, one.revision) == asked
        }
        return next((locked.pin for locked in self.asking.pins if locked.pin.name in names), None)

    def _choose(self, node: Node, named: Named, pins: Sequence[LockedPin]) -> Target | Key:
        """Choose among the project's own pins: the only one, or the one that holds all that the others hold.

        Where they hold no weights and those are needed, all of their commit is brought.
        """
        whole = [one for one in pins if one.incomplete is None] if named.role in WHOLE_ROLES else pins
        candidates = whole or pins
        widest = max(candidates, key=lambda one: (len(one.files), one.pin.target.local_dir is None))
        paths = {file.path for file in widest.files}
        for one in candidates:
            if one.pin.commit != widest.pin.commit or not paths.issuperset(file.path for file in one.files):
                several = ", ".join(f"{one.pin.name} (at {one.pin.commit[:SHORT]})" for one in candidates)
                raise LockError(
                    f"{_needs(node, named)}: it is pinned here as {several}; which of them is open",
                    hint=f"Pin it once; or lock what needs it alone: {alone(node.locked.pin)}",
                )
        if not whole:
            return self._bring(node, named, widest.pin.commit, widest.pin.revision)
        return widest.pin.target


def alone(pin: Pin) -> str:
    """Say how to lock a pin without what it needs."""
    return f'[tool.hfpin] {SETTING} = ["{pin.name or pin.repo.repo_id}"] in {config.FILE_NAME}.'


@contextlib.contextmanager
def advised(setting: str) -> Iterator[None]:
    """Say in the Hub's errors how to do without what it does not give."""
    try:
        yield
    except (AccessError, RepoNotFoundError, RevisionNotFoundError) as error:
        hint = f"{error.hint} " if error.hint else ""
        raise type(error)(error.message, hint=f"{hint}Or lock it alone: {setting}") from None


def moves(named: Named) -> bool:
    """Whether a file names no state of a repo: its default branch, or one that moves by its nature."""
    return named.revision is None or revision_kind(named.revision) is RevisionKind.MUTABLE


def _needs(node: Node, named: Named) -> str:
    return f"{node.where}: {node.locked.pin.repo} needs {named.repo} ({named.role} in {named.source})"
