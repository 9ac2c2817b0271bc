"""Judge what a run opened and asked for: held against the lock, what was pinned and what was not."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

from hfpin.dataclass import dataclass
from hfpin.lock import Lock, LockedPin
from hfpin.operations.records import RepoKey, Seen
from hfpin.repo import RevisionKind, is_commit, revision_kind
from hfpin.watch.stack import Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpinned:
    """A repo that was asked for by a branch, or by a tag that the lock does not have.

    Args:
        repo: The repo's type and id.
        revision: The branch or tag; empty for the default branch.
        lines: The lines of the user's code that did, from the innermost out; empty where there was none.
        source: What is written in the innermost; empty where it cannot be read.
        tests: The tests in which it did, sorted.
        files: What was opened or asked for by that line, sorted.
        pins: The pins that would have served it.
    """

    repo: RepoKey
    revision: str
    lines: tuple[Line, ...]
    source: str
    tests: tuple[str, ...]
    files: tuple[str, ...]
    pins: tuple[LockedPin, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A commit of a repo that was opened as such.

    Args:
        repo: The repo's type and id.
        commit: 40 lowercase hex digits.
        files: What was opened of it, sorted.
        pins: The pins at that commit; empty where the lock has none.
        lines: For a commit that is not in the lock, the innermost lines of the user's code that opened it.
        tests: Likewise the tests.
    """

    repo: RepoKey
    commit: str
    files: tuple[str, ...]
    pins: tuple[LockedPin, ...]
    lines: tuple[Line, ...] = ()
    tests: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What a run used.

    Args:
        opened: The commits that were opened as such, sorted.
        unpinned: What was asked for by anything but a commit, sorted by repo and line.
        used: Names of the pins that were used, sorted.
        unused: Names of those that were not, but for those that no config declares.
        faults: What could not be noted, and why: where there are any, something may be missing here.
    """

    opened: tuple[Opened, ...] = ()
    unpinned: tuple[Unpinned, ...] = ()
    used: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()

    @property
    def unlocked(self) -> tuple[Opened, ...]:
        """The commits that were opened and that the lock does not have."""
        return tuple(one for one in self.opened if not one.pins)

    @property
    def is_clean(self) -> bool:
        """Whether all that was used is pinned, and nothing was missed."""
        return not (self.unpinned or self.unlocked or self.faults)


def judge(seen: Iterable[Seen], lock: Lock, *, faults: tuple[str, ...] = (), root: Path) -> Audit:
    """Hold what was seen against the lock.

    Files that the same line of code opened are counted with the branch that it asked for. A tag stands where
    the lock pins the repo by it: it is the lock that catches one that moves.

    Args:
        seen: What was seen.
        lock: The lock.
        faults: What could not be noted.
        root: The project, for the lines of code.
    """
    seen = list(seen)
    pins = _pins_by_repo(lock)
    asked: dict[_Question, list[Seen]] = {}
    commits: dict[tuple[RepoKey, str], list[Seen]] = {}
    for one in seen:
        revision = one.access.revision
        if one.access.kind == "blob":
            continue  # which says of a pin that it was used, and no more
        if is_commit(revision):
            commits.setdefault((one.repo, revision), []).append(one)
        elif not any(_stands(revision, locked) for locked in pins.get(one.repo, ())):
            asked.setdefault((one.repo, revision, one.lines), []).append(one)
    used = {locked.pin.name for locked in lock.pins if (_key(locked), locked.pin.commit) in commits}
    used |= _used_by_digest(seen, lock)
    return Audit(
        opened=tuple(_opened(commits, asked, pins, root)),
        unpinned=tuple(
            sorted(_unpinned(seen, asked, pins, root), key=lambda one: (one.repo, one.revision, one.lines))
        ),
        used=tuple(locked.pin.name for locked in lock.pins if locked.pin.name in used),
        unused=tuple(
            locked.pin.name
            for locked in lock.pins
            if locked.pin.name not in used and not locked.is_dependency
        ),
        faults=faults,
    )


_Question: TypeAlias = tuple[RepoKey, str, tuple[Line, ...]]
"""A repo that was asked for by a branch or tag, that, and the lines of code that did."""


def _used_by_digest(seen: Iterable[Seen], lock: Lock) -> set[str]:
    """Name the pins whose bytes were opened by their digest: all that have them, as it does not say which."""
    blobs = {(one.repo, one.access.revision) for one in seen if one.access.kind == "blob"}
    return {
        locked.pin.name
        for locked in lock.pins
        if blobs and any((_key(locked), file.digest.hex) in blobs for file in locked.files)
    }


def _opened(
    commits: Mapping[tuple[RepoKey, str], list[Seen]],
    asked: Mapping[_Question, list[Seen]],
    pins: Mapping[RepoKey, list[LockedPin]],
    root: Path,
) -> Iterator[Opened]:
    """Tell which commits were opened as such, and not because a branch led to them: that is told there."""
    behind = {
        (repo, lines, one.test)
        for (repo, _, _), many in asked.items()
        for one in many
        for lines in (one.lines, ())  # a thread that a library started has no line of the user's
    }
    for (repo, commit), many in sorted(commits.items()):
        mine = tuple(locked for locked in pins.get(repo, ()) if locked.pin.commit == commit)
        plain = [one for one in many if (repo, one.lines, one.test) not in behind]
        if plain:
            yield Opened(
                repo=repo,
                commit=commit,
                files=_files(plain),
                pins=mine,
                lines=() if mine else _lines(plain, root),
                tests=() if mine else _tests(plain),
            )


def _unpinned(
    seen: Iterable[Seen],
    asked: Mapping[_Question, list[Seen]],
    pins: Mapping[RepoKey, list[LockedPin]],
    root: Path,
) -> Iterator[Unpinned]:
    for (repo, revision, lines), many in asked.items():
        yield Unpinned(
            repo=repo,
            revision=revision,
            lines=tuple(_relative(line, root) for line in lines),
            source=_source(lines[0]) if lines else "",
            tests=_tests(many),
            files=_files([*many, *_by_the_same(seen, repo, many)]),
            pins=tuple(pins.get(repo, ())),
        )


def _pins_by_repo(lock: Lock) -> dict[RepoKey, list[LockedPin]]:
    pins: dict[RepoKey, list[LockedPin]] = {}
    for locked in lock.pins:
        pins.setdefault(_key(locked), []).append(locked)
    return pins


def _key(locked: LockedPin) -> RepoKey:
    return (locked.pin.repo.repo_type, locked.pin.repo.repo_id)


def _stands(revision: str, locked: LockedPin) -> bool:
    return locked.pin.revision == revision and revision_kind(revision) is RevisionKind.NAMED


def _by_the_same(seen: Iterable[Seen], repo: RepoKey, many: Iterable[Seen]) -> list[Seen]:
    """What the same line opened of the same repo, in the same tests."""
    places = {(one.lines, one.test) for one in many}
    return [
        one
        for one in seen
        if one.repo == repo and one.access.kind == "file" and (one.lines, one.test) in places
    ]


def _files(many: Iterable[Seen]) -> tuple[str, ...]:
    return tuple(sorted({posixpath.normpath(one.access.file) for one in many if one.access.file}))


def _lines(many: Iterable[Seen], root: Path) -> tuple[Line, ...]:
    return tuple(sorted({_relative(one.lines[0], root) for one in many if one.lines}))


def _tests(many: Iterable[Seen]) -> tuple[str, ...]:
    return tuple(sorted({one.test for one in many} - {""}))


def _relative(line: Line, root: Path) -> Line:
    """Call a file of the project by its path there."""
    path = Path(line.path)
    return Line(path.relative_to(root).as_posix(), line.number) if path.is_relative_to(root) else line


def _source(line: Line) -> str:
    """Read a line of code."""
    if line.path.startswith("<"):
        return ""
    try:
        lines = Path(line.path).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return ""
    return lines[line.number - 1].strip() if 0 < line.number <= len(lines) else ""
