"""Regular expressions that are compiled when they are first used.

A hook on one small file uses a few of the hundred that are known, and compiling takes longer than all else
that happens when their modules are imported.
"""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast

__all__ = ["lazily"]


class _Lazy:
    """Stands for a pattern until something of it is asked for; then has that, too."""

    def __init__(self, pattern: Any, flags: int) -> None:
        self._given = (pattern, flags)

    def __getattr__(self, name: str) -> Any:
        pattern, flags = self._given
        found = getattr(re.compile(pattern, flags), name)  # `re` keeps what it has compiled
        setattr(self, name, found)
        return found


def lazily(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Give what is used like `re.compile(pattern, flags)`.

    Args:
        pattern: The expression, text or bytes.
        flags: As for `re.compile`.
    """
    return cast("re.Pattern[AnyStr]", _Lazy(pattern, flags))
