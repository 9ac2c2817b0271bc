"""What pins of a lock need of each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from hfpin.errors import LockError
from hfpin.lock.reader import RELOCK
from hfpin.lock.values import FILE_NAME, LockedPin


def refuse_unserved(pins: Iterable[LockedPin]) -> None:
    """Refuse dependencies that no pin serves, and pins that need each other.

    Raises:
        LockError: There are some.
    """
    by_name = {locked.pin.name: locked for locked in pins}
    for locked in by_name.values():
        for one in locked.dependencies:
            served = by_name.get(one.name)
            if served is None or served.pin.repo != one.repo:
                raise LockError(
                    f"{FILE_NAME}: {locked.pin.name} needs {one.repo} as {one.name!r}, which is no pin of it",
                    hint=RELOCK,
                )
    ring = find_ring({name: [one.name for one in locked.dependencies] for name, locked in by_name.items()})
    if ring:
        raise LockError(f"{FILE_NAME}: pins need each other: {' -> '.join(ring)}", hint=RELOCK)


def find_ring(needs: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Find names that need each other in a ring: its members, the first again at the end; empty without one.

    Args:
        needs: For each name the names that it needs; one that is no key needs nothing.
    """
    settled: set[str] = set()
    for start in needs:
        path: dict[str, None] = {}  # keeps its order, and answers at once what is on it
        waiting = [(start, False)]
        while waiting:  # a stranger's lock may be deeper than Python's stack
            name, is_left = waiting.pop()
            if is_left:
                del path[name]
                settled.add(name)
            elif name in path:
                ring = list(path)
                return (*ring[ring.index(name) :], name)
            elif name not in settled:
                path[name] = None
                waiting.append((name, True))
                waiting += [(other, False) for other in needs.get(name, ())]
    return ()
