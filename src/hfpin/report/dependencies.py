"""What pins need of each other: as a tree, for people, and as JSON, for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from hfpin.lock import Dependency, Lock, LockedPin
from hfpin.repo import is_commit
from hfpin.report.numbers import human_size

_SHORT = 8


def render_tree(lock: Lock, pins: Iterable[LockedPin]) -> Iterator[str]:
    """Render pins, and below each what it cannot be loaded without.

    What stands there with all that it needs is not repeated: a second time its line ends with `as above`.
    """
    by_name = {locked.pin.name: locked for locked in lock.pins}
    shown: set[str] = set()
    waiting = [("", "", _root(locked), locked) for locked in reversed(tuple(pins))]
    while waiting:  # a lock may be deeper than Python's stack
        branch, indent, text, locked = waiting.pop()
        needs = locked.dependencies
        is_again = locked.pin.name in shown and bool(needs)
        yield f"{branch}{text}{'; as above' if is_again else ''}"
        if is_again:
            continue
        shown.add(locked.pin.name)
        for number, one in enumerate(reversed(needs)):
            is_last = number == 0
            waiting.append(
                (
                    f"{indent}{'└─ ' if is_last else '├─ '}",
                    f"{indent}{'   ' if is_last else '│  '}",
                    _needed(one, by_name[one.name]),
                    by_name[one.name],
                )
            )


def as_json(lock: Lock, pins: Iterable[LockedPin]) -> dict[str, Any]:
    """Give pins and all that they need, each once, the needed before the needing.

    Each has `name`, `repo_type`, `repo_id`, `commit`, `kind`, `is_dependency`, `size` in bytes, and
    `dependencies` with the fields that they have in the lock.
    """
    return {
        "version": 1,
        "pins": [
            {
                "name": locked.pin.name,
                "repo_type": locked.pin.repo.repo_type,
                "repo_id": locked.pin.repo.repo_id,
                "commit": locked.pin.commit,
                "kind": locked.kind,
                "is_dependency": locked.is_dependency,
                "size": locked.size,
                "dependencies": [
                    {
                        "role": one.role,
                        "repo_type": one.repo.repo_type,
                        "repo_id": one.repo.repo_id,
                        "revision": one.revision,
                        "name": one.name,
                        "source": one.source,
                    }
                    for one in locked.dependencies
                ],
            }
            for locked in lock.with_dependencies(pins)
        ],
    }


def _root(locked: LockedPin) -> str:
    kind = f", {locked.kind}" if locked.kind else ""
    alone = ", locked without what it needs" if locked.without_dependencies else ""
    return f"{locked.pin}{kind}, {human_size(locked.size)}{alone}"


def _needed(one: Dependency, locked: LockedPin) -> str:
    said = "no revision"
    if one.revision is not None:
        said = one.revision[:_SHORT] if is_commit(one.revision) else one.revision
    origin = "a dependency only" if locked.is_dependency else "declared"
    return f"{one.role}: {_root(locked)}; {one.source} names {said}; {origin}"
