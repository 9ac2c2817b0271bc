"""Where staged pins are: a standard Hub cache in a folder of this node's disk."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from hfpin.dataclass import replace
from hfpin.errors import ConfigError
from hfpin.lock import LockedPin
from hfpin.places import Places

VARIABLES = ("SLURM_TMPDIR", "TMPDIR")
"""Where a node's own disk is, by the custom of clusters: the first that is set."""


def find_stage(to: Path | None, environ: Mapping[str, str]) -> Path:
    """Tell which folder to stage to.

    Args:
        to: What the user says; None where nothing.
        environ: The environment.

    Raises:
        ConfigError: Nobody says.
    """
    if to is not None:
        return to.absolute()
    for variable in VARIABLES:
        if value := environ.get(variable):
            return Path(value).absolute()
    raise ConfigError(
        "nothing says where this node's own disk is: neither $SLURM_TMPDIR nor $TMPDIR is set",
        hint="Name a folder on it: --to DIR.",
    )


def staged_places(places: Places, folder: Path) -> Places:
    """Where staged files go: a standard Hub cache in the folder."""
    return replace(places, cache_dir=folder / "hub")


def staged(locked: LockedPin) -> LockedPin:
    """The pin as it is staged: into the cache, also where the project has it in a `local_dir`."""
    pin = locked.pin
    return replace(locked, pin=replace(pin, target=replace(pin.target, local_dir=None)))
