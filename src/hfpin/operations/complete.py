"""Refuse pins whose patterns leave a model that cannot be loaded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hfpin import config, lock
from hfpin.errors import LockError
from hfpin.lock import LockedPin
from hfpin.operations.project import Project


def refuse_incomplete(
    project: Project, pins: Iterable[LockedPin], where: Mapping[str, str] | None = None
) -> None:
    """Refuse what patterns made useless, unless the project says by name that it is meant.

    Args:
        project: The project, with its `allow-incomplete`.
        pins: The pins.
        where: Pin names to `path:line:column` of their declaration; the lock is blamed for others.

    Raises:
        LockError: A pin lacks weights that its model needs.
    """
    allowed = project.config.allow_incomplete
    for locked in pins:
        if locked.incomplete is not None and not locked.pin.is_among(allowed):
            name = locked.pin.name
            place = (where or {}).get(name, lock.FILE_NAME)
            raise LockError(
                f"{place}: {name}: {locked.incomplete}",
                hint="Change the pattern and run `hfpin lock`; or, where this is meant, say so in "
                f'{config.FILE_NAME}: [tool.hfpin] allow-incomplete = ["{name}"].',
            )
