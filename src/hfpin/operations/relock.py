"""Bring the lock up to date after a run of `pin`, as far as that goes."""

from __future__ import annotations

from hfpin.dataclass import dataclass
from hfpin.errors import ConfigError, OfflineError, PartialCheckoutError
from hfpin.hub import Hub
from hfpin.operations.declared import Declaration, read_declaration
from hfpin.operations.drift import differences
from hfpin.operations.lock import LockResult, lock
from hfpin.operations.project import Project, declaring_files, read_lock_if_any
from hfpin.reference import Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """The lock was left as it is.

    Args:
        reason: What it waits for, with its place.
        hint: What to do.
        loose: The references that have to be pinned first.
        is_drift: Whether the lock and the configs disagree meanwhile; not where nothing declares a pin.
    """

    reason: str
    hint: str | None
    loose: tuple[Reference, ...] = ()
    is_drift: bool = True


def relock(project: Project, hub: Hub) -> LockResult | Waits:
    """Write the lock if all that is declared can be locked.

    Raises:
        ConfigError: Names collide, or a `local_dir` cannot be used.
        LockError: A tag moved, or what patterns leave of a model cannot be loaded.
        HubError: The Hub refused, or did not answer about what is new.
    """
    try:
        declaring_files(project)
    except ConfigError as error:
        return Waits(reason=error.message, hint=error.hint, is_drift=False)
    try:
        declaration = read_declaration(project)
    except ConfigError as error:
        return Waits(reason=error.message, hint=error.hint)
    try:
        return _waits_for(project, declaration) or lock(project, hub)
    except OfflineError as error:
        return Waits(reason=error.message, hint=error.hint)
    except PartialCheckoutError as error:
        known = read_lock_if_any(project, must_be_sound=False)
        is_drift = known is None or bool(differences(project, known))
        return Waits(reason=error.message, hint=error.hint, is_drift=is_drift)


def _waits_for(project: Project, declaration: Declaration) -> Waits | None:
    if not declaration.loose:
        is_needless = declaration.is_empty and not project.lock_path.exists()
        reason = "there is none, and nothing to lock"
        return Waits(reason=reason, hint=None, is_drift=False) if is_needless else None
    first, *others = declaration.loose
    more = f" (and {len(others)} more)" if others else ""
    return Waits(
        reason=f"{first.where}: {first.repo} has no commit yet{more}",
        hint="Once it has one, `hfpin pin` writes the lock too.",
        loose=declaration.loose,
    )
