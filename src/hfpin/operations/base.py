"""Tell what an adapter goes on."""

from __future__ import annotations

from hfpin.errors import LockError
from hfpin.lock import ADAPTER, BASE_MODEL, FILE_NAME, Lock, LockedPin
from hfpin.operations.named import ADAPTER_CONFIG
from hfpin.paths import DECLARING_FILE


def base_of(lock: Lock, locked: LockedPin) -> LockedPin:
    """Give the pin of an adapter's base.

    Args:
        lock: The lock.
        locked: The pin of the adapter.

    Raises:
        LockError: It is no adapter, or the lock knows of no base, or of several.
    """
    if not lock.knows_dependencies:
        raise LockError(
            f"{FILE_NAME} is from before dependencies were locked, and knows no base of {locked.pin}",
            hint="Run `hfpin lock`, which adds it.",
        )
    if locked.without_dependencies:
        raise LockError(
            f"{locked.pin} is locked without its base",
            hint="Take it out of [tool.hfpin] without-dependencies in pyproject.toml, then: hfpin lock",
        )
    names = sorted({one.name for one in locked.dependencies if one.role == BASE_MODEL})
    if len(names) == 1:
        return lock.find(names[0])
    if names:
        raise LockError(
            f"{locked.pin} holds adapters of several bases: {', '.join(names)}",
            hint=f"Take the fixture of the one that is meant: {' or '.join(f'hf_{name}' for name in names)}.",
        )
    if locked.kind == ADAPTER:
        raise LockError(
            f"{locked.pin} has no base that could be locked: its {ADAPTER_CONFIG} names no repo of the Hub",
            hint=f"Declare the base {DECLARING_FILE}, and take its own fixture.",
        )
    raise LockError(
        f"{locked.pin} is no adapter: it has no base", hint=f"An adapter has an {ADAPTER_CONFIG} at its top."
    )
