"""Compare the lock with what the configs declare. Offline."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from hfpin import config
from hfpin.dataclass import dataclass
from hfpin.errors import LockError
from hfpin.lock import FILE_NAME, Lock
from hfpin.operations.complete import refuse_incomplete
from hfpin.operations.declared import Declared, read_declaration, settle
from hfpin.operations.project import Project
from hfpin.operations.record import unlike_settings
from hfpin.operations.sparse import not_checked_out
from hfpin.pin import Pin
from hfpin.reference import Reference

_NOT_LOCKED = "0" * 40
"""The commit of a tag that the lock does not have: no commit is called so, and no pin agrees with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that the configs and the lock do not agree about.

    Args:
        where: `path:line:column` in a config, or the lock.
        message: What differs, one line.
    """

    where: str
    message: str


def differences(project: Project, lock: Lock) -> tuple[Difference, ...]:
    """List what the configs and the lock do not agree about: first by the configs, then by the lock.

    Where a sparse checkout leaves out files that declare, what the lock has more is theirs, perhaps.

    Raises:
        ConfigError: A declaring file cannot be read, or what it declares could not be locked.
    """
    declaration = read_declaration(project)
    declared = settle(project, declaration.references, lambda *asked: _locked_commit(lock, *asked))
    loose = (
        Difference(where=reference.where, message=f"{reference.repo} has no revision that can be locked")
        for reference in declaration.loose
    )
    settings = (
        Difference(where=config.FILE_NAME, message=message)
        for message in (
            *unlike_settings(project.config, lock.pins),
            *_without_dependencies(project.config.without_dependencies, lock),
        )
    )
    compared = tuple(_compare(declared, lock))
    if compared and not_checked_out(project):
        compared = tuple(_compare(declared, lock, are_all=False))
    return (*loose, *compared, *settings)


def refuse_drift(project: Project, lock: Lock) -> None:
    """Refuse a lock that is not about the configs as they stand: what it fetches would not be what is meant.

    Raises:
        LockError: They do not agree, or what patterns leave of a model cannot be loaded.
        ConfigError: A declaring file cannot be read, or what it declares could not be locked.
    """
    found = differences(project, lock)
    if found:
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise LockError(
            f"{found[0].where}: {found[0].message}{more}",
            hint="Run `hfpin pin` (or `hfpin lock`, where all is pinned) to bring the lock up to date; "
            "`hfpin lock --check` lists every difference.",
        )
    refuse_incomplete(project, lock.pins)


def _locked_commit(lock: Lock, reference: Reference, revision: str) -> str:
    for locked in lock.pins:
        if (locked.pin.repo, locked.pin.revision) == (reference.repo, revision):
            return locked.pin.commit
    return _NOT_LOCKED


def _without_dependencies(names: Collection[str], lock: Lock) -> Iterator[str]:
    """Say which pins are locked with what they need of other repos and should not be, or the other way."""
    for locked in lock.pins if lock.knows_dependencies else ():
        pin = locked.pin  # one that no config declares has a name that nobody gave it
        wanted = pin.repo.repo_id in names if locked.is_dependency else pin.is_among(names)
        if wanted != locked.without_dependencies:
            here, there = ("names", "does not say so") if wanted else ("does not name", "says so")
            yield f"{pin.name}: without-dependencies {here} it, {FILE_NAME} {there}"


def _compare(declared: Iterable[Declared], lock: Lock, *, are_all: bool = True) -> Iterator[Difference]:
    """Compare; where these are not all that is declared, only by what of a target depends on no other."""
    by_target = {one.pin.target: one.pin for one in lock.pins}
    left = {one.pin.name: one.pin for one in lock.pins}
    brought = {one.pin.name for one in lock.pins if one.is_dependency}
    roots = set[str]()
    unknown = []
    for one in declared:
        known = by_target.get(one.pin.target)
        if known is None:
            unknown.append(one)
        else:
            left.pop(known.name, None)
            roots.add(known.name)
            is_declared = known.name not in brought
            for message in _changes(one.pin, known, is_declared=is_declared) if are_all else ():
                yield Difference(where=one.where, message=message)
    for one in unknown:
        known = left.pop(one.pin.name, None)
        if known is None or known.repo != one.pin.repo:
            if known is not None:
                left[known.name] = known
            yield Difference(
                where=one.where, message=f"{one.pin.repo} as it stands here is not in {FILE_NAME}"
            )
        else:
            roots.add(known.name)
            for message in _changes(one.pin, known):
                yield Difference(where=one.where, message=message)
    if are_all:
        yield from _undeclared(lock, roots, left)


def _undeclared(lock: Lock, declared: Collection[str], left: Mapping[str, Pin]) -> Iterator[Difference]:
    """Say which pins no config declares, and nothing that is declared depends on."""
    roots = (locked for locked in lock.pins if locked.pin.name in declared)
    needed = {one.pin.name for one in lock.with_dependencies(roots)}
    for locked in lock.pins:
        if locked.pin.name not in left or (locked.is_dependency and locked.pin.name in needed):
            continue
        what = "a dependency of nothing that is declared" if locked.is_dependency else "declared nowhere"
        yield Difference(where=FILE_NAME, message=f"{locked.pin} is {what}")


def _changes(declared: Pin, locked: Pin, *, is_declared: bool = True) -> Iterator[str]:
    """Say field by field what differs, nothing twice and nothing that is not known offline."""
    if not is_declared:
        yield f"{declared.name} is declared here, and no more than a dependency in {FILE_NAME}"
    here, there = _fields(declared), _fields(locked)
    if declared.commit == _NOT_LOCKED:
        del here["commit"]
    elif (declared.revision, locked.revision) == (declared.commit, locked.commit):
        del here["revision"]
    for key, value in here.items():
        if value != there[key]:
            yield f"{declared.name}: {key} is {_shown(value)} here, {_shown(there[key])} in {FILE_NAME}"


def _fields(pin: Pin) -> dict[str, Any]:
    target = pin.target
    return {
        "name": pin.name,
        "aliases": pin.aliases,
        "revision": pin.revision,
        "commit": pin.commit,
        "allow_patterns": target.patterns.allow,
        "ignore_patterns": target.patterns.ignore,
        "formats": target.formats,
        "local_dir": target.local_dir,
    }


def _shown(value: Any) -> str:
    if value is None:
        return "not given"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
