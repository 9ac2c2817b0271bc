"""One run of `lock`: the old lock, the Hub, and what it has said so far, so that nothing is asked twice."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from functools import partial

from hfpin.dataclass import dataclass, field, replace
from hfpin.digest import Digest, Hasher
from hfpin.errors import (
    ConfigError,
    HfpinError,
    HubError,
    IntegrityError,
    LockError,
    NetworkError,
    OfflineError,
    RevisionMovedError,
)
from hfpin.hub import DEFAULT_BRANCH, Hub
from hfpin.lock import Lock, LockedFile, LockedPin
from hfpin.operations.declared import Declared
from hfpin.operations.select import select
from hfpin.paths import is_record_path
from hfpin.pin import Pin, Target
from hfpin.places import Places
from hfpin.reference import Reference
from hfpin.repo import Repo
from hfpin.snapshot import read_if_right

_LARGEST_INDEX = 64 << 20
"""Bytes. The largest on the Hub are a few MiB; what is larger is no index, whatever it is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A revision of a repo, and who asks for it.

    Args:
        where: `path:line:column` in a config, and for a dependency what brings it.
        repo: The repo.
        revision: The branch or tag; None for the default branch.
        is_declared: Whether a config asks, and not a file of another repo.
    """

    where: str
    repo: Repo
    revision: str | None
    is_declared: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moved:
    """A tag or branch that is not where it was locked."""

    asked: Asked
    locked: Pin
    found: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """One run: the Hub, and what it has said so far, so that nothing is asked twice.

    Args:
        places: Where files may be, so that they need not be asked for.
        hub: The Hub.
        old: The lock as it was.
        theirs: What the other side has of it, in a merge that git could not finish: a commit that either side
            locked was meant by somebody.
        movable: Repos and revisions that may be somewhere else than they were.
    """

    places: Places
    hub: Hub
    old: Lock
    theirs: Lock = field(default=Lock())
    movable: frozenset[tuple[Repo, str | None]]
    settled: dict[tuple[Repo, str | None], tuple[str, str]] = field(default_factory=dict)
    trees: dict[tuple[Repo, str], tuple[LockedFile, ...]] = field(default_factory=dict)
    contents: dict[tuple[Repo, Digest], bytes] = field(default_factory=dict)
    moved: list[_Moved] = field(default_factory=list)
    unasked: list[Asked] = field(default_factory=list)

    @property
    def pins(self) -> tuple[LockedPin, ...]:
        """What was locked, ours first."""
        return (*self.old.pins, *self.theirs.pins)

    @property
    def knows_dependencies(self) -> bool:
        """Whether all that was locked says what it depends on."""
        return self.old.knows_dependencies and self.theirs.knows_dependencies

    def commit(self, reference: Reference, revision: str) -> str:
        """Settle a tag or branch that a config names."""
        asked = Asked(where=reference.where, repo=reference.repo, revision=revision)
        pins = (locked.pin for locked in self.pins)
        known = next((pin for pin in pins if (pin.repo, pin.revision) == (asked.repo, revision)), None)
        return self.settle(asked, known)[0]

    def settle(self, asked: Asked, known: Pin | None, *, stays: bool = False) -> tuple[str, str]:
        """Settle a tag, a branch or the default branch.

        Args:
            asked: It, and who asks.
            known: The pin of the old lock that stood for it; None without one.
            stays: Whether the old commit is kept without a question: it is a branch, which moves by nature.

        Returns:
            The commit, and what it was asked for as.
        """
        key = (asked.repo, asked.revision)
        if key not in self.settled:
            self.settled[key] = self._settle(asked, known, stays=stays)
        return self.settled[key]

    def _settle(self, asked: Asked, known: Pin | None, *, stays: bool) -> tuple[str, str]:
        is_movable = (asked.repo, asked.revision) in self.movable
        if known is not None and stays and not is_movable:
            return known.commit, known.revision
        if known is not None and self.unasked:  # one answer that did not come is enough to wait for
            return self._unasked(asked, known)
        try:
            with located(asked.where):
                found = self.hub.resolve(asked.repo, asked.revision).commit
        except (NetworkError, OfflineError):
            if known is None:
                raise
            return self._unasked(asked, known)
        if known is not None and found not in self._commits(known) and not is_movable:
            self.moved.append(_Moved(asked=asked, locked=known, found=found))
        return found, asked.revision or DEFAULT_BRANCH

    def _unasked(self, asked: Asked, known: Pin) -> tuple[str, str]:
        """Let it stay where it is locked, if that is one commit."""
        commits = self._commits(known)
        if len(commits) > 1:
            both = " and at ".join(sorted(commits))
            raise LockError(
                f"{asked.where}: {known.revision} of {asked.repo} is at {both} "
                "in the two sides of the merge, and the Hub gave no answer",
                hint="Run it where the Hub answers, or declare the commit that is meant.",
            )
        self.unasked.append(asked)
        return known.commit, known.revision

    def _commits(self, known: Pin) -> frozenset[str]:
        """The commits at which a tag or branch is locked: by both sides of a merge, it may be two."""
        both = (one.pin for one in self.theirs.pins)
        same = (pin.commit for pin in both if (pin.repo, pin.revision) == (known.repo, known.revision))
        return frozenset({known.commit, *same})

    def refuse_moved(self) -> None:
        """Refuse to follow a tag that moved, unless that was asked for.

        Raises:
            RevisionMovedError: There is one.
        """
        if not self.moved:
            return
        first, *others = self.moved
        more = f" (and {len(others)} more)" if others else ""
        names = " ".join(
            dict.fromkeys(
                locked.pin.name
                for one in self.moved
                for locked in self.pins
                if (locked.pin.repo, locked.pin.revision) == (one.locked.repo, one.locked.revision)
            )
        )
        stay = "declare the commit that is locked"
        if not first.asked.is_declared:
            stay = f"declare {first.asked.repo} at {first.locked.commit}  # {first.asked.revision}"
        raise RevisionMovedError(
            f"{first.asked.where}: {first.asked.revision} of {first.asked.repo} moved: hfpin.lock has "
            f"{first.locked.commit}, the Hub has {first.found}{more}",
            hint=f"`hfpin lock --update {names}` follows it; to stay, {stay}.",
        )

    def known(self, target: Target) -> LockedPin | None:
        """Give the pin of the old lock that has the same files; None without one."""
        for locked in self.pins:
            same = locked.pin.target
            if (same.repo, same.commit, same.patterns, same.formats) == (
                target.repo,
                target.commit,
                target.patterns,
                target.formats,
            ):
                return locked
        return None

    def locked(self, declared: Declared) -> LockedPin:
        """Give a pin its files: those of the old lock where that is about the same, else the Hub's.

        What it depends on is left open.
        """
        pin, target = declared.pin, declared.pin.target
        known = self.known(target)
        if known is not None:
            found = replace(
                known, pin=pin, kind=None, dependencies=(), without_dependencies=False, is_dependency=False
            )
        else:
            with located(declared.where):
                files = self._tree(target.repo, target.commit)
                selection = select(files, target, partial(self.read, target.repo, target.commit))
            found = LockedPin(
                pin=pin,
                files=selection.kept,
                dropped=selection.dropped,
                unmatched_patterns=selection.unmatched_patterns,
                incomplete=selection.incomplete,
            )
        if target.local_dir is not None:
            _refuse_record_paths(found, declared.where)
        return found

    def _tree(self, repo: Repo, commit: str) -> tuple[LockedFile, ...]:
        if (repo, commit) not in self.trees:
            self.trees[repo, commit] = self.hub.files(repo, commit)
        return self.trees[repo, commit]

    def read(self, repo: Repo, commit: str, file: LockedFile) -> bytes:
        """Read a small file of a commit into memory, and check its digest: from the cache, else from the Hub.

        A file that is larger than any index counts as empty.

        Raises:
            IntegrityError: The Hub sent other bytes than it lists.
            HubError: It refused, or did not answer.
        """
        if file.size > _LARGEST_INDEX:
            return b""
        if (repo, file.digest) not in self.contents:
            self.contents[repo, file.digest] = self._read(repo, commit, file)
        return self.contents[repo, file.digest]

    def _read(self, repo: Repo, commit: str, file: LockedFile) -> bytes:
        has_cache = not isinstance(self.places.cache, HfpinError)
        there = read_if_right(self.places.blob(repo, file), file) if has_cache else None
        if there is not None:
            return there
        hasher, chunks = Hasher(file.digest.algorithm, file.size), []
        with self.hub.open(repo, commit, file.path) as stream:
            for chunk in stream.chunks:
                hasher.update(chunk)
                chunks.append(chunk)
        if hasher.digest() != file.digest:
            raise IntegrityError(
                f"{repo}: the Hub lists {file.path} as {file.digest} and sent {hasher.digest()}",
                hint="Run the same command again; if it stays, something between here and the Hub is broken.",
            )
        return b"".join(chunks)


@contextlib.contextmanager
def located(where: str) -> Iterator[None]:
    """Say in the Hub's errors which line of which config asked."""
    try:
        yield
    except HubError as error:
        raise type(error)(f"{where}: {error.message}", hint=error.hint) from None


def _refuse_record_paths(locked: LockedPin, where: str) -> None:
    for file in locked.files:
        if is_record_path(file.path):
            raise ConfigError(
                f"{where}: {locked.pin.repo} has {file.path}, where the account of a local_dir is kept",
                hint='Leave it out: ignore_patterns: [".cache/*"].',
            )
