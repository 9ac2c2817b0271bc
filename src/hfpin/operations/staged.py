"""Where staged pins are: a standard Hub cache in a folder of this node's disk."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from hfpin.dataclass import replace
from hfpin.errors import ConfigError, DestinationError
from hfpin.lock import LockedPin
from hfpin.places import Places

VARIABLES = ("SLURM_TMPDIR", "TMPDIR")
"""Where a node's own disk is, by the custom of clusters: the first that is set."""

_HUB = "hub"
_ROOT = 0


def find_stage(to: Path | None, environ: Mapping[str, str]) -> Path:
    """Tell which folder to stage to.

    Args:
        to: What the user says; None where nothing.
        environ: The environment.

    Raises:
        ConfigError: Nobody says.
        DestinationError: Another user has put a cache there, where everybody may put something.
    """
    named = next(filter(None, map(environ.get, VARIABLES)), None) if to is None else to
    if named is not None:
        folder = Path(named).absolute()
        _refuse_planted(folder)
        return folder
    raise ConfigError(
        "nothing says where this node's own disk is: neither $SLURM_TMPDIR nor $TMPDIR is set",
        hint="Name a folder on it: --to DIR.",
    )


def _refuse_planted(folder: Path) -> None:
    """Refuse what another user put into a folder like /tmp.

    What is there is told by names and sizes, and whoever owns it can change its bytes at any time.
    """
    hub = folder / _HUB
    for path in (hub, *hub.parents):
        if _is_planted(path):
            raise DestinationError(
                f"{path} is another user's, in a folder where everybody may put something",
                hint="Name a folder of your own: --to DIR, or SLURM_TMPDIR or TMPDIR in the environment.",
            )


def _is_planted(path: Path) -> bool:
    try:
        owner, around = path.lstat().st_uid, path.parent.stat().st_mode
    except OSError:
        return False  # nothing is there yet; or it cannot be looked at, which whoever writes to it is told
    is_for_all = around & stat.S_ISVTX and around & stat.S_IWOTH
    return bool(is_for_all) and owner not in (os.getuid(), _ROOT)


def staged_places(places: Places, folder: Path) -> Places:
    """Where staged files go: a standard Hub cache in the folder."""
    return replace(places, cache=folder / _HUB)


def staged(locked: LockedPin) -> LockedPin:
    """The pin as it is staged: into the cache, also where the project has it in a `local_dir`."""
    pin = locked.pin
    return replace(locked, pin=replace(pin, target=replace(pin.target, local_dir=None)))
