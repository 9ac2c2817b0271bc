"""`hfpin.lock`: every pin and its files, as values and as text.

The format is JSON, so that anything can read it, laid out with one file a line, so that git can merge it:
an object with `lock_version` and `pins`, sorted by name. It holds no path of a machine, no endpoint and no
token.
"""

from __future__ import annotations

from hfpin.lock.dump import dumps
from hfpin.lock.load import loads
from hfpin.lock.merging import sides
from hfpin.lock.values import (
    ADAPTER,
    BASE_MODEL,
    CODE,
    COMPONENT,
    FILE_NAME,
    ROLES,
    TOKENIZER,
    VERSION,
    Dependency,
    Dropped,
    Lock,
    LockedFile,
    LockedPin,
)

__all__ = [
    "ADAPTER",
    "BASE_MODEL",
    "CODE",
    "COMPONENT",
    "FILE_NAME",
    "ROLES",
    "TOKENIZER",
    "VERSION",
    "Dependency",
    "Dropped",
    "Lock",
    "LockedFile",
    "LockedPin",
    "dumps",
    "loads",
    "sides",
]
