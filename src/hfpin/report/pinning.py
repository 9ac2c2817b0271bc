"""What `pin`, `lock` and `fetch` came to, as lines for a terminal."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from pathlib import Path

from hfpin.lock import VERSION, Lock
from hfpin.operations.drift import Difference
from hfpin.operations.fetch import Fetched
from hfpin.operations.lock import LockResult
from hfpin.operations.pin import FileResult
from hfpin.reference import NoSlot
from hfpin.report.numbers import counted, human_size
from hfpin.report.plan import render_unmatched


def render_pinned(result: FileResult) -> Iterator[str]:
    """Render what changed in one file, as a diff with a line of context, and what could not be pinned."""
    if result.after != result.before:
        yield result.path.as_posix()
        before, after = (
            text.decode("utf-8", "replace").splitlines() for text in (result.before, result.after)
        )
        for line in list(difflib.unified_diff(before, after, n=1, lineterm=""))[2:]:
            yield "   ⋮" if line.startswith("@@") else f" {line[0]} {line[1:]}".rstrip()
    for missed in result.not_pinned:
        yield f"{missed.reference.where}: {missed.reference.repo} could not be pinned: {missed.reason}"
        if missed.hint:
            yield f"  = {missed.hint}"


def render_pin_summary(results: Sequence[FileResult]) -> str:
    """Render the count of what was pinned."""
    pinned = sum(len(result.pinned) for result in results)
    already = sum(result.already for result in results)
    missed = sum(len(result.not_pinned) for result in results)
    return f"pinned {pinned}, already pinned {already}, could not pin {missed}."


def render_lock(result: LockResult) -> Iterator[str]:
    """Render what changed in the lock."""
    for reference in result.skipped:
        reason = "another program fills in its revision"
        if reference.revision is None and isinstance(reference.slot, NoSlot):
            reason = reference.slot.reason
        yield f"{reference.where}: {reference.repo} is not locked: {reason}"
    for reference in result.unasked:
        yield (
            f"{reference.where}: the Hub gave no answer; {reference.revision} of {reference.repo} "
            "stays at the commit that is locked"
        )
    for locked in result.lock.pins:
        yield from render_unmatched(locked)
    count = counted(len(result.lock.pins), "pin")
    if not result.changed:
        yield f"hfpin.lock: {count}, unchanged."
        return
    changes = [
        f"{len(names)} {what} ({', '.join(names)})"
        for names, what in ((result.added, "added"), (result.removed, "removed"))
        if names
    ]
    yield f"hfpin.lock: {', '.join(changes) or 'rewritten'}. {count} in all."


def render_check(lock: Lock, found: Sequence[Difference]) -> Iterator[str]:
    """Render what the configs and the lock do not agree about, a line each, and the count."""
    for one in found:
        yield f"{one.where}: {one.message}"
    if found:
        yield f"hfpin.lock: {counted(len(found), 'difference')} from what is declared."
        yield "  = `hfpin lock` brings it up to date; `hfpin pin` does too, and first pins what is not."
    else:
        yield f"hfpin.lock: {counted(len(lock.pins), 'pin')}, as declared."


def render_newer(lock: Lock) -> Iterator[str]:
    """Render that a lock holds more than this hfpin can read."""
    if lock.newer_version is not None:
        yield (
            f"hfpin: hfpin.lock has version {lock.newer_version}; this hfpin knows {VERSION} "
            "and passes over what is newer"
        )
        yield "  = Upgrade hfpin (pip install -U hfpin)."


def render_staged(result: Fetched, cache_dir: Path) -> str:
    """Render what staging one pin came to, in one line."""
    pin, size = result.locked.pin, human_size(result.locked.size)
    if result.error is not None:
        return f"{pin.name}  not staged"
    if not result.files:
        return f"{pin.name}  {size} in {cache_dir}: all there"
    copied, shared = human_size(result.fetched), human_size(result.kept)
    return f"{pin.name}  {copied} copied, {shared} shared or there, every digest as in hfpin.lock"


def render_fetched(result: Fetched) -> str:
    """Render what fetching one pin came to, in one line."""
    pin = result.locked.pin
    if result.error is None and not result.files:
        count = len(result.locked.files)
        return f"{pin.name}  {'the 1 file is' if count == 1 else f'all {count} files are'} there"
    moved = f"{human_size(result.fetched)} fetched, {human_size(result.kept)} kept"
    if result.error is None:
        return f"{pin.name}  {moved}, every digest as in hfpin.lock"
    return f"{pin.name}  {moved}, not complete"
