"""Where findings are, and how messages show what a file says, as several rules need it."""

from __future__ import annotations

from hfpin.reference import NoSlot, Reference
from hfpin.repo import is_commit
from hfpin.scan import Scan
from hfpin.span import Position


def revision_position(scan: Scan, reference: Reference) -> Position:
    """Where a reference's revision stands; where its id does, if it has none that can be pointed at."""
    if scan.source is None or reference.revision_span is None:
        return reference.position
    return scan.source.position(reference.revision_span.start)


def mending_hint(reference: Reference, does: str, *, offline: bool = False) -> str:
    """What `hfpin pin` would do, or what to do by hand where it can do nothing."""
    slot = reference.slot
    command = "hfpin pin --offline" if offline else "hfpin pin"
    return slot.hint if isinstance(slot, NoSlot) else f"{command} {argument(reference.path)}   {does}"


def argument(path: str) -> str:
    """A path as a shell takes it for one."""
    from shlex import quote  # here: a check without findings does not load it

    return quote(f"./{path}" if path.startswith("-") else path)


def shown(text: str) -> str:
    """A text as a message can hold it: of a very long one the start, and nothing that moves a cursor."""
    short = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in short)


def short(revision: str) -> str:
    """A revision as a message can hold it: of a commit the start."""
    return f"{revision[:_SHORT]}…" if is_commit(revision) else shown(revision)


_LONGEST = 100
_SHORT = 8
