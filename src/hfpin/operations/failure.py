"""What went wrong in somebody's turn, left for those who waited for it: they need not meet it again.

Sixteen tasks of a node that wait for one of them to stage 15 GB must not each read the same broken file.
"""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path

from hfpin import atomic, errors
from hfpin.dataclass import dataclass
from hfpin.errors import HfpinError, StoppedError

NAME = ".hfpin.failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """How a turn ended badly.

    Args:
        number: Tells it from every other.
        error: What was raised.
    """

    number: str
    error: HfpinError


def last(workshop: Path) -> Failure | None:
    """Read how the last turn in a folder failed; None where it did not, or was another user's.

    What another user may not read, this one may.
    """
    path = workshop / NAME
    try:
        if hasattr(os, "getuid") and path.stat().st_uid != os.getuid():
            return None
        said = json.loads(atomic.a_file(path).read_text(encoding="utf-8"))
        kind = getattr(errors, str(said["kind"]), None)
        if not (isinstance(kind, type) and issubclass(kind, HfpinError)):
            kind = HfpinError
        hint = said["hint"]
        error = kind(str(said["message"]), hint=None if hint is None else str(hint))
        return Failure(number=str(said["number"]), error=error)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def leave(workshop: Path, error: HfpinError) -> None:
    """Tell those who wait what went wrong. Being stopped is nobody else's failure."""
    if isinstance(error, StoppedError):
        return
    said = {
        "number": os.urandom(16).hex(),
        "kind": type(error).__name__,
        "message": error.message,
        "hint": error.hint,
    }
    with contextlib.suppress(OSError):  # the disk may be what failed
        clear(workshop)  # one that is another user's, in a cache that several share
        atomic.write(workshop / NAME, json.dumps(said).encode(), follow=False)


def clear(workshop: Path) -> None:
    """Forget what went wrong before."""
    with contextlib.suppress(OSError):
        (workshop / NAME).unlink(missing_ok=True)
