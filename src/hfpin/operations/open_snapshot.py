"""Hand out a pin's files, or say what brings them."""

from __future__ import annotations

from hfpin.errors import DestinationError
from hfpin.lock import LockedPin
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
            hint=f"Where there is a network, `doit fetch:{pin.name}` or `hfpin fetch {pin.name}` brings it.",
        )
    return Snapshot(
        name=pin.name,
        path=folder,
        repo_id=pin.repo.repo_id,
        repo_type=pin.repo.repo_type,
        revision=pin.commit,
    )
