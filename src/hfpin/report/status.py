"""Where pins stand, as a table for a terminal."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence

from hfpin.operations.status import Status
from hfpin.report.numbers import counted, human_size

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
    missing = [one for one in statuses if not one.plan.is_complete]
    if missing:
        yield f"{counted(len(missing), 'pin')} not complete: hfpin fetch brings what is missing."


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
