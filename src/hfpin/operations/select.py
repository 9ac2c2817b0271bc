"""Decide which files of a commit a pin keeps, and what that leaves out. No request, no disk."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from hfpin.dataclass import dataclass
from hfpin.lock import Dropped, LockedFile
from hfpin.patterns import Patterns, matches
from hfpin.pin import Target
from hfpin.weights import could_be_shard, duplicates, is_index, is_weights

ReadIndex = Callable[[LockedFile], bytes]
"""Reads a small file of the commit, its digest checked."""

_ALLOW, _IGNORE, _FORMATS = "allow_patterns", "ignore_patterns", "formats"


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What a pin keeps of a commit; the fields mean what they mean in `LockedPin`."""

    kept: tuple[LockedFile, ...]
    dropped: tuple[Dropped, ...]
    unmatched_patterns: tuple[str, ...]
    incomplete: str | None


def select(files: Sequence[LockedFile], target: Target, read_index: ReadIndex) -> Selection:
    """Apply patterns, then formats, and look whether what is kept still is a model.

    Args:
        files: All files of the commit.
        target: The pin's target.
        read_index: Called for the index of a set of shards only where some of its shards may be left out.
    """
    reasons = dict(_left_out(files, target))
    kept = tuple(file for file in files if file.path not in reasons)
    dropped: dict[tuple[str, str], list[int]] = defaultdict(list)
    for file in files:
        if file.path in reasons:
            dropped[reasons[file.path]].append(file.size)
    return Selection(
        kept=kept,
        dropped=tuple(
            sorted(
                Dropped(by=by, pattern=pattern, files=len(sizes), size=sum(sizes))
                for (by, pattern), sizes in dropped.items()
            )
        ),
        unmatched_patterns=tuple(_unmatched([file.path for file in files], target.patterns)),
        incomplete=_incomplete(files, reasons, target, read_index),
    )


def _left_out(files: Sequence[LockedFile], target: Target) -> Iterator[tuple[str, tuple[str, str]]]:
    """Give each path that is left out, with the field and the pattern to blame."""
    patterns = target.patterns
    left = []
    for file in files:
        if patterns.keeps(file.path):
            left.append(file.path)
        elif patterns.allow is not None and not any(matches(file.path, one) for one in patterns.allow):
            yield file.path, (_ALLOW, "")
        else:
            yield file.path, (_IGNORE, next(one for one in patterns.ignore or () if matches(file.path, one)))
    if target.formats is not None:
        for path, ending in duplicates(left):
            yield path, (_FORMATS, ending)


def _unmatched(paths: Collection[str], patterns: Patterns) -> Iterator[str]:
    for field, given in ((_ALLOW, patterns.allow), (_IGNORE, patterns.ignore)):
        for pattern in given or ():
            if not any(matches(path, pattern) for path in paths):
                yield f"{field} {pattern!r}"


def _incomplete(
    files: Sequence[LockedFile],
    reasons: Mapping[str, tuple[str, str]],
    target: Target,
    read_index: ReadIndex,
) -> str | None:
    """Say why what is kept is nothing, or cannot be loaded, with the pattern to blame; None where it can."""
    if files and len(reasons) == len(files):
        return f"every file is left out by {_blame([file.path for file in files], reasons)}"
    if target.repo.repo_type != "model":
        return None
    weights = [file.path for file in files if is_weights(file.path)]
    lost = [path for path in weights if path in reasons]
    if lost and len(lost) == len(weights):
        return f"every weight file is left out by {_blame(lost, reasons)}"
    for index in files:
        if index.path in reasons or not is_index(index.path):
            continue
        missing = _lost_shards(index, lost, weights, reasons, read_index)
        if missing:
            return f"{missing[0]}, which {index.path} names, is left out by {_blame(missing, reasons)}"
    return None


def _lost_shards(
    index: LockedFile,
    lost: Sequence[str],
    weights: Sequence[str],
    reasons: Mapping[str, tuple[str, str]],
    read_index: ReadIndex,
) -> list[str]:
    """Give the shards of an index that are left out of a set that somebody would load.

    A set in an older format that is left out as a whole is a choice, though its index stays: nearly every
    repo has a `pytorch_model.bin.index.json` that `*.bin` does not match, and nothing reads it where there
    are safetensors. The index of safetensors is read first, so there none may be missing, unless the folder
    keeps other safetensors to load.
    """
    if not any(could_be_shard(path, index.path) for path in lost):
        return []
    same_format = any(path not in reasons and could_be_shard(path, index.path) for path in weights)
    is_preferred = ".safetensors." in index.path
    if not same_format and not is_preferred:
        return []
    named = _named_shards(index, read_index)
    missing = [path for path in lost if path in named]
    is_whole_set = len(missing) == sum(path in named for path in weights)
    return [] if is_whole_set and same_format else missing


def _named_shards(index: LockedFile, read_index: ReadIndex) -> frozenset[str]:
    """Read which files an index names (`weight_map`: parameter to file), as paths in the repo."""
    folder = index.path[: index.path.rfind("/") + 1]
    try:
        weight_map = json.loads(read_index(index))["weight_map"]
        return frozenset(f"{folder}{name}" for name in weight_map.values())
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
        return frozenset()  # no index of shards, whatever it is called: then it names none


def _blame(paths: Sequence[str], reasons: Mapping[str, tuple[str, str]]) -> str:
    blamed = dict.fromkeys(reasons[path] for path in paths)
    return " and ".join(f"{field} {pattern!r}" if pattern else field for field, pattern in blamed)
