"""Write into the lock which tensors a pin has, where the settings ask for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from hfpin import config, lock
from hfpin.config import Config
from hfpin.dataclass import replace
from hfpin.errors import ConfigError
from hfpin.lock import LockedFile, LockedPin
from hfpin.operations.project import Project

if TYPE_CHECKING:  # to compare with the settings asks nobody
    from hfpin.hub import Hub

SETTING = "record-tensors"


def record_tensors(project: Project, pins: Iterable[LockedPin], hub: Hub) -> tuple[LockedPin, ...]:
    """Record the tensors of the pins that are to have them, and of no others.

    What a lock had is kept: it is about the same commit. The rest is read from the headers of files on disk,
    else of those on the Hub, a few kilobytes each.

    Raises:
        ConfigError: The setting names a pin that there is not.
        IntegrityError: A file is not one of safetensors.
        HubError: The Hub did not answer, or refused.
    """
    from hfpin.operations.tensors import tensors_of

    pins = tuple(pins)
    asked = project.config.record_tensors
    unknown = [name for name in asked if not any(locked.pin.answers_to(name) for locked in pins)]
    if unknown:
        names = ", ".join(locked.pin.name for locked in pins) or "none"
        raise ConfigError(
            f"{config.FILE_NAME}: [tool.hfpin] {SETTING} names {min(unknown)!r}, which is no pin",
            hint=f"There are: {names}.",
        )

    def recorded(locked: LockedPin, file: LockedFile) -> LockedFile:
        if not is_wanted(project.config, locked) or not _has_header(file):
            return file if file.tensors is None else replace(file, tensors=None)
        if file.tensors is not None:
            return file
        return replace(file, tensors=tuple(tensors_of(project.places, locked, file, hub).items()))

    return tuple(
        replace(locked, files=tuple(recorded(locked, file) for file in locked.files)) for locked in pins
    )


def is_wanted(settings: Config, locked: LockedPin) -> bool:
    """Whether the tensors of a pin are to be recorded."""
    return locked.pin.is_among(settings.record_tensors)


def unlike_settings(settings: Config, pins: Iterable[LockedPin]) -> Iterator[str]:
    """Say which pins have no tensors recorded and should, or have some and should not."""
    for locked in pins:
        wanted = is_wanted(settings, locked)
        if any((file.tensors is not None) != wanted for file in locked.files if _has_header(file)):
            here, there = ("asks", "has none") if wanted else ("does not ask", "has them")
            yield f"{locked.pin.name}: {SETTING} {here} for its tensors, {lock.FILE_NAME} {there}"


def _has_header(file: LockedFile) -> bool:
    return file.path.endswith(".safetensors")
