"""What `fetch` and `verify` ask of a pin whose bytes are right: whether they are a whole checkpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hfpin import config
from hfpin.errors import UnwholeError
from hfpin.lock import LockedPin
from hfpin.operations.project import Project
from hfpin.weights import is_index, is_weights

if TYPE_CHECKING:  # what inspects is loaded where there are weights
    from hfpin.operations.inspect.values import Fault


def unwhole(project: Project, locked: LockedPin) -> tuple[Fault, ...]:
    """Give what keeps a pin on disk from being whole; nothing where the project says that it is meant.

    A dataset, and a pin without weights, is not looked at: nothing need be loaded for it.
    """
    if locked.pin.repo.repo_type != "model":
        return ()
    if locked.pin.is_among(project.config.allow_incomplete):
        return ()
    if not any(is_weights(file.path) or is_index(file.path) for file in locked.files):
        return ()
    from hfpin.operations.inspect.pins import inspect_pin

    return inspect_pin(project.places, locked).faults


def refuse_unwhole(project: Project, locked: LockedPin) -> None:
    """Refuse to call a pin complete that cannot be loaded.

    Raises:
        UnwholeError: It is not whole; the hint says who did it.
    """
    faults = unwhole(project, locked)
    if faults:
        first = faults[0]
        more = f", and {len(faults) - 1} more" if len(faults) > 1 else ""
        name = locked.pin.name
        raise UnwholeError(
            f"{locked.pin} is not whole: {first.path}: {first.trouble.value}: {first.reason}{more}",
            hint=f"{first.cause}. `hfpin inspect {name}` shows all; where it is meant, say so in "
            f'{config.FILE_NAME}: [tool.hfpin] allow-incomplete = ["{name}"].',
        )
