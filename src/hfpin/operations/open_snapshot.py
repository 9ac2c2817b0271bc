"""Hand out a pin's files, or say what brings them."""

from __future__ import annotations

from pathlib import Path

from hfpin.errors import DestinationError
from hfpin.lock import Lock, LockedPin
from hfpin.operations.plan import Plan, plan
from hfpin.places import Places
from hfpin.snapshot import FileState, Snapshot


def open_snapshot(places: Places, locked: LockedPin) -> Snapshot:
    """Give the snapshot of a pin, by names and sizes: no request, no hash.

    Raises:
        DestinationError: Files are missing.
    """
    todo = plan(places, locked)
    pin = locked.pin
    folder = places.snapshot(pin.target)
    if not todo.is_complete:
        raise _incomplete(str(pin), locked, todo, folder)
    return Snapshot(
        name=pin.name,
        path=folder,
        repo_id=pin.repo.repo_id,
        repo_type=pin.repo.repo_type,
        revision=pin.commit,
    )


def open_with_dependencies(places: Places, lock: Lock, locked: LockedPin) -> Snapshot:
    """Give the snapshot of a pin that has all that it cannot be loaded without.

    Raises:
        DestinationError: Files of it, or of what it needs, are missing.
    """
    *needed, _ = lock.with_dependencies([locked])
    for one in needed:
        todo = plan(places, one)
        if not todo.is_complete:
            who = f"{locked.pin} needs {one.pin}, which"
            raise _incomplete(who, locked, todo, places.snapshot(one.pin.target))
    return open_snapshot(places, locked)


def _incomplete(who: str, locked: LockedPin, todo: Plan, folder: Path) -> DestinationError:
    """Say what keeps a pin from being used: files that are not there, or that we may not see."""
    count, of = len(todo.states), len(todo.locked.files)
    if all(state is FileState.UNREADABLE for _, state in todo.states):
        return DestinationError(
            f"{who} cannot be read here: the system refuses {count} of {of} files in {folder}",
            hint="Ask whoever owns them to let you read them; `hfpin doctor` looks at permissions.",
        )
    name = locked.pin.name
    return DestinationError(
        f"{who} is not complete here: {count} of {of} files are not in {folder}",
        hint=f"Where there is a network, `doit fetch:{name}` or `hfpin fetch {name}` brings it.",
    )
