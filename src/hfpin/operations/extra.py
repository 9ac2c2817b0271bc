"""Files that stand in a pin's folder though the lock does not name them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path

from hfpin.lock import LockedPin
from hfpin.places import Places
from hfpin.repo import Repo
from hfpin.snapshot import files_below, read_record

_OURS = ".hfpin"  # what a fetch that was killed may leave beside a name, until it goes on


def names_by_commit(pins: Iterable[LockedPin]) -> Mapping[tuple[Repo, str], AbstractSet[str]]:
    """Gather which files pins name in each commit's folder of the cache."""
    named: dict[tuple[Repo, str], set[str]] = {}
    for one in pins:
        if one.pin.target.local_dir is None:
            named.setdefault((one.pin.repo, one.pin.commit), set()).update(file.path for file in one.files)
    return named


def extra_files(
    places: Places, locked: LockedPin, named: Mapping[tuple[Repo, str], AbstractSet[str]]
) -> tuple[str, ...]:
    """List the files that nothing explains, by their paths in the snapshot, sorted.

    In the cache a commit's folder is shared. A file that the pin's patterns drop may be there because
    somebody else fetched more of the commit, and one that another pin names is that pin's. Any other is not
    of this commit at all: the lock names every file of it that the patterns keep.

    In a `local_dir` a file is explained by the lock or by hfpin's record: an update removes what it recorded.

    Args:
        places: Where files are.
        locked: The pin.
        named: What `names_by_commit` gives of all pins of the lock.
    """
    target = locked.pin.target
    if target.local_dir is not None:
        own = {file.path for file in locked.files} | read_record(places, target).keys()
        return tuple(
            path
            for path in _paths(places.snapshot(target))
            if path not in own and not path.startswith(".cache/")
        )
    explained = named[target.repo, target.commit]
    return tuple(
        path
        for path in _paths(places.snapshot(target))
        if path not in explained and target.patterns.keeps(path) and not path.endswith(_OURS)
    )


def _paths(folder: Path) -> list[str]:
    try:
        return sorted(files_below(folder))
    except OSError:
        return []  # the files that the lock names there are reported one by one
