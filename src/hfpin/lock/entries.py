"""The files of a lock, made while its JSON is parsed: it may name a million, and most are written in one way.

An object that is a sound file, written as `dumps` writes one, becomes a `LockedFile` at once, and is never in
memory as a dict. All else stays a dict, for the slow way that says what is wrong and where.
"""

from __future__ import annotations

import json
from typing import Any

from hfpin.digest import ALGORITHMS, Digest
from hfpin.lock.values import LockedFile
from hfpin.paths import is_safe_path

_FIELDS = 3


def parse(text: str) -> Any:
    """Parse JSON, with a `LockedFile` for each object that is one and nothing else.

    Raises:
        ValueError: It is no JSON.
        RecursionError: It is nested too deep.
    """
    return json.loads(text, object_pairs_hook=_file_or_dict)


def _file_or_dict(pairs: list[tuple[str, Any]]) -> LockedFile | dict[str, Any]:
    if len(pairs) == _FIELDS:
        (first, path), (second, size), (algorithm, digits) = pairs
        if (
            first == "path"
            and second == "size"
            and algorithm in ALGORITHMS
            and type(size) is int  # a bool is none
            and size >= 0
            and type(path) is type(digits) is str
            and is_safe_path(path)
        ):
            try:
                return LockedFile(path=path, size=size, digest=Digest(algorithm, digits))
            except ValueError:
                pass
    return dict(pairs)


def as_written(value: object) -> object:
    """Give back the dict of an object that stands where no file does; anything else as it is."""
    if type(value) is not LockedFile:
        return value
    return {"path": value.path, "size": value.size, value.digest.algorithm: value.digest.hex}
