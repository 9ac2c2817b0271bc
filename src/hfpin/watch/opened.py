"""The first look at a path that is opened: it has to cost next to nothing, as every import opens one."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from hfpin.watch.hook import Listener

_MARK = "s--"
"""Each folder of a repo in a Hub cache, wherever that is, has a name like `models--org--name`."""

_MARK_OF_DATASETS = "___"
"""In the cache that datasets has of its own it is like `org___name`."""


def of_repos(note: Listener, local_dirs: Sequence[str] = ()) -> Listener:
    """Pass on what may be about a repo: what has a cache's mark in its path, or is below a pin's own folder.

    Args:
        note: Takes a closer look.
        local_dirs: Folders outside of the cache that hold pins, absolute.
    """
    below = tuple(f"{folder}{os.sep}" for folder in local_dirs)

    def in_cache(args: tuple[Any, ...]) -> None:
        path = args[0]
        if path.__class__ is str and _MARK not in path and _MARK_OF_DATASETS not in path:
            return
        note(args)

    def in_cache_or_below(args: tuple[Any, ...]) -> None:
        path = args[0]
        if path.__class__ is str and path.startswith(os.sep) and not path.startswith(below):
            in_cache(args)
        else:
            note(args)

    return in_cache_or_below if below else in_cache
