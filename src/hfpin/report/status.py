"""Where pins stand, as a table for a terminal."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence

from hfpin.operations.status import Status
from hfpin.report.numbers import counted, human_size
from hfpin.snapshot import FileState

_HEADER = ("pin", "present", "missing", "last used", "purged")
_NOTHING = "-"
_DAY = 86400


def render_status(statuses: Sequence[Status], now: float) -> Iterator[str]:
    """Render a row for each pin, and what to do about what is missing.

    Args:
        statuses: What `status` gave.
        now: Seconds since 1970.
    """
    rows = [_HEADER, *(_row(one, now) for one in statuses)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADER))]
    for row in rows:
        yield "  ".join(["", *(cell.ljust(width) for cell, width in zip(row, widths, strict=True))]).rstrip()
    refused = [one for one in statuses if _is_refused(one)]
    missing = [one for one in statuses if not one.plan.is_complete and one not in refused]
    if missing:
        yield f"{counted(len(missing), 'pin')} not complete: hfpin fetch brings what is missing."
    if refused:
        yield f"{counted(len(refused), 'pin')} may not be read: hfpin doctor looks at permissions."


def _is_refused(one: Status) -> bool:
    """Whether the system lets nothing be seen of it that is not there."""
    states = one.plan.states
    return bool(states) and all(state is FileState.UNREADABLE for _, state in states)


def _row(one: Status, now: float) -> tuple[str, ...]:
    locked, states = one.plan.locked, one.plan.states
    count = len(locked.files) - len(states)
    present = f"{human_size(locked.size - one.plan.size)} ({counted(count, 'file')})" if count else _NOTHING
    missing = f"{human_size(one.plan.size)} ({counted(len(states), 'file')})" if states else _NOTHING
    used = _NOTHING if one.last_used is None else time.strftime("%Y-%m-%d", time.localtime(one.last_used))
    return (locked.pin.name, present, missing, used, _purged(one, now))


def _purged(one: Status, now: float) -> str:
    if one.purged_at is None:
        return _NOTHING
    days = math.floor((one.purged_at - now) / _DAY)
    return f"in {counted(days, 'day')}" if days >= 0 else "any day now"
