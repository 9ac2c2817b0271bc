"""Tell what tensors a pin has, by the headers of its safetensors files: kilobytes of a model of any size."""

from __future__ import annotations

import io
from functools import partial
from typing import BinaryIO

from hfpin.errors import DestinationError, HfpinError
from hfpin.hub import Hub
from hfpin.lock import LockedFile, LockedPin
from hfpin.patterns import Patterns
from hfpin.places import Places
from hfpin.snapshot import FileState, size_state
from hfpin.tensors import Read, Tensor, joined, read_header
from hfpin.weights import main_model, safetensors_models

_AHEAD = 64 << 10
"""Bytes to ask for at once: the header of most files, so that most take one request."""


def main_files(locked: LockedPin) -> tuple[LockedFile, ...]:
    """Give the files of the model that a library would load from a pin: one, or its shards.

    Raises:
        HfpinError: The pin has no safetensors, or several models of which none is the main one.
    """
    models = safetensors_models(file.path for file in locked.files)
    if not models:
        raise HfpinError(
            f"{locked.pin} has no safetensors, so its tensors cannot be told without loading it",
            hint="Older formats of weights have no header that says what is in them.",
        )
    main = main_model(models)
    if main is None:
        first = next(iter(models.values()))[0]
        raise HfpinError(
            f"{locked.pin} holds several models: {', '.join(models)}",
            hint=f"Say which files are meant, by a pattern: hf_{locked.pin.name}.tensors_in({first!r}).",
        )
    return tuple(file for file in locked.files if file.path in models[main])


def matching_files(locked: LockedPin, pattern: str) -> tuple[LockedFile, ...]:
    """Give the safetensors files of a pin that match a pattern, as `allow_patterns` match.

    Raises:
        HfpinError: There are none.
    """
    keeps = Patterns(allow=(pattern,)).keeps
    files = [file for file in locked.files if file.path.endswith(".safetensors")]
    found = tuple(file for file in files if keeps(file.path))
    if not found:
        names = ", ".join(file.path for file in files) or "none"
        raise HfpinError(
            f"{locked.pin} has no safetensors file that matches {pattern!r}", hint=f"It has: {names}."
        )
    return found


def read_tensors(
    places: Places, locked: LockedPin, files: tuple[LockedFile, ...], hub: Hub | None
) -> dict[str, Tensor]:
    """Read the tensors of some files of a pin, by name: from disk, or from the Hub where they are not on it.

    Args:
        places: Where files are.
        locked: The pin.
        files: Its files that are meant.
        hub: Whom to ask for what is not on disk; None to ask nobody.

    Raises:
        DestinationError: A file is not on disk, and nobody may be asked.
        IntegrityError: A file is not one of safetensors.
        HubError: The Hub did not answer, or refused.
        HfpinError: Two files hold a tensor of one name.
    """
    return joined({file.path: tensors_of(places, locked, file, hub) for file in files})


def tensors_of(places: Places, locked: LockedPin, file: LockedFile, hub: Hub | None) -> dict[str, Tensor]:
    """Read the tensors of one file of a pin: as the lock has them, else as `read_tensors` does.

    Raises:
        DestinationError: As `read_tensors`. So are IntegrityError and HubError.
    """
    if file.tensors is not None:
        return dict(file.tensors)
    path = places.snapshot(locked.pin.target) / file.path
    if size_state(path, file)[0] is FileState.PRESENT:
        with path.open("rb") as opened:
            return read_header(file.path, partial(_range_of, opened))
    if hub is None:
        name = locked.pin.name
        raise DestinationError(
            f"{file.path} of {locked.pin} is not here, and nobody may be asked what is in it",
            hint=f"Where there is a network, `hfpin fetch {name}` brings it.",
        )
    return read_header(file.path, _remote(hub, locked, file))


def _remote(hub: Hub, locked: LockedPin, file: LockedFile) -> Read:
    """Read a file on the Hub by ranges, the first of them long enough for most headers."""
    ahead = b""

    def read(start: int, end: int) -> bytes:
        nonlocal ahead
        if not ahead:
            ahead = _range_of_hub(hub, locked, file, 0, min(_AHEAD, file.size))
        if end <= len(ahead):
            return ahead[start:end]
        return _range_of_hub(hub, locked, file, start, min(end, file.size))

    return read


def _range_of(opened: BinaryIO, start: int, end: int) -> bytes:
    opened.seek(start)
    return opened.read(end - start)


def _range_of_hub(hub: Hub, locked: LockedPin, file: LockedFile, start: int, end: int) -> bytes:
    pin = locked.pin
    with hub.open(pin.repo, pin.commit, file.path, start=start, end=end, plain=True) as stream:
        skip, taken = start - stream.start, io.BytesIO()
        for chunk in stream.chunks:  # all of the file, from a server that ignores Range
            taken.write(chunk)
            if taken.tell() >= skip + end - start:
                break
        return taken.getvalue()[skip:][: end - start]
