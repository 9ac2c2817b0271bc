"""What a fetch would do, as a table for a terminal."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from hfpin.lock import Dropped, LockedFile, LockedPin
from hfpin.operations.plan import Plan
from hfpin.operations.quota import Quota
from hfpin.operations.room import Room, to_bring
from hfpin.places import Places
from hfpin.report.numbers import counted, human_size

_SHORT = 8
_NOTHING = "-"
_HEADER = ("pin", "commit", "fetch", "present", "dropped")


def render_plan(places: Places, plans: Sequence[Plan], rooms: Sequence[Room]) -> Iterator[str]:
    """Render a row for each pin, then where it goes and whether there is room, then what was warned of.

    Args:
        places: Where files go; reads which bytes are there.
        plans: What is to be done.
        rooms: What `find_room` gave for them.
    """
    rows = [_HEADER, *(_row(places, plan) for plan in plans)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADER) - 1)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        yield "  ".join(["", *cells, row[-1]]).rstrip()
    yield from (_room(room) for room in rooms)
    for plan in plans:
        yield from render_unmatched(plan.locked)


def render_unmatched(locked: LockedPin) -> Iterator[str]:
    """Render the patterns of a pin that match nothing: a misspelt one drops nothing, or keeps nothing."""
    for pattern in locked.unmatched_patterns:
        yield f"warning: {locked.pin.name}: {pattern} matches no file"


def _row(places: Places, plan: Plan) -> tuple[str, ...]:
    pin = plan.locked.pin
    bring = to_bring(places, plan)
    coming = {file.path for file in bring}
    present = [file for file in plan.locked.files if file.path not in coming]
    dropped = ", ".join(_dropped(one) for one in plan.locked.dropped)
    return (pin.name, pin.commit[:_SHORT], _files(bring), _files(present), dropped or _NOTHING)


def _dropped(one: Dropped) -> str:
    """Say how much, and by what: a pattern alone is an ignore pattern."""
    what = {"allow_patterns": "outside allow_patterns", "formats": f"{one.pattern} by formats"}
    return f"{human_size(one.size)} {what.get(one.by, one.pattern)} ({counted(one.files, 'file')})"


def _files(files: Sequence[LockedFile]) -> str:
    if not files:
        return _NOTHING
    return f"{human_size(sum(file.size for file in files))} ({counted(len(files), 'file')})"


def _room(room: Room) -> str:
    places = ", ".join(os.fspath(place) for place in room.places)
    free = human_size(room.free)
    inodes = "" if room.free_files is None else f" and {room.free_files:,} inodes"
    return (
        f"to {places}: needs {human_size(room.needs)} and {room.needs_files:,} inodes, "
        f"free {free}{inodes}{_quota(room.quota)}."
    )


def _quota(quota: Quota | None) -> str:
    if quota is None:
        return ""
    parts = [
        *([] if quota.left is None else [human_size(quota.left)]),
        *([] if quota.files_left is None else [f"{quota.files_left:,} inodes"]),
    ]
    return f", quota left {' and '.join(parts)}"
