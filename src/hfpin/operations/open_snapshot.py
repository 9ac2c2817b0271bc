"""Hand out a pin's files, or say what brings them."""

from __future__ import annotations

from hfpin.errors import DestinationError
from hfpin.lock import Lock, LockedPin
from hfpin.operations.plan import plan
from hfpin.places import Places
from hfpin.snapshot import Snapshot


def open_snapshot(places: Places, locked: LockedPin) -> Snapshot:
    """Give the snapshot of a pin, by names and sizes: no request, no hash.

    Raises:
        DestinationError: Files are missing.
    """
    todo = plan(places, locked)
    pin = locked.pin
    folder = places.snapshot(pin.target)
    if not todo.is_complete:
        missing = f"{len(todo.states)} of {len(locked.files)} files are not in {folder}"
        raise DestinationError(
            f"{pin} is not complete here: {missing}",
            hint=_hint(locked),
        )
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
            missing = (
                f"{len(todo.states)} of {len(one.files)} files are not in {places.snapshot(one.pin.target)}"
            )
            raise DestinationError(
                f"{locked.pin} needs {one.pin}, which is not complete here: {missing}",
                hint=_hint(locked),
            )
    return open_snapshot(places, locked)


def _hint(locked: LockedPin) -> str:
    name = locked.pin.name
    return f"Where there is a network, `doit fetch:{name}` or `hfpin fetch {name}` brings it."
