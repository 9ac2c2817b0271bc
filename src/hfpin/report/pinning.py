"""What `pin` and `lock` came to, as lines for a terminal."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence

from hfpin.lock import Lock
from hfpin.operations.drift import Difference
from hfpin.operations.lock import LockResult
from hfpin.operations.pin import FileResult
from hfpin.operations.relock import Waits
from hfpin.reference import NoSlot, Status
from hfpin.repo import is_commit
from hfpin.report.numbers import counted, human_size
from hfpin.report.patch import split_lines
from hfpin.report.plan import render_unmatched
from hfpin.report.safe import safe


def render_pinned(result: FileResult) -> Iterator[str]:
    """Render what changed in one file, as a diff with a line of context."""
    if result.after == result.before:
        return
    yield safe(result.path.as_posix())
    before, after = (split_lines(text) for text in (result.before, result.after))
    for line in list(difflib.unified_diff(before, after, n=1, lineterm=""))[2:]:
        text = line.rstrip("\r\n")
        yield "   ⋮" if text.startswith("@@") else safe(f" {text[0]} {text[1:]}".rstrip())


def render_unpinned(result: FileResult) -> Iterator[str]:
    """Render what in one file could not be pinned, and why."""
    if result.unreadable is not None:
        yield safe(result.unreadable)
        yield "  = Mend the file, then pin again."
    for missed in result.not_pinned:
        done = "moved" if missed.reference.status is Status.COMMIT else "pinned"
        where = f"{missed.reference.where}: {missed.reference.repo}"
        yield safe(f"{where} could not be {done}: {missed.reason}")
        if missed.hint:
            yield safe(f"  = {missed.hint}")
    for reference in result.nameless:
        yield safe(
            f"{reference.where}: {reference.repo} stays: nothing says which branch or tag its commit is"
        )
        yield "  = Say it in a comment behind the commit: # main"


def render_pin_summary(results: Sequence[FileResult], *, would: bool = False) -> str:
    """Render the count of what was pinned, or would be."""
    pinned = moved = quoted = 0
    for one in (one for result in results for one in result.pinned):
        revision = one.reference.revision
        if revision == one.answer.commit:
            quoted += 1
        elif revision is not None and is_commit(revision):
            moved += 1
        else:
            pinned += 1
    already = sum(result.already for result in results)
    missed = sum(len(result.not_pinned) for result in results)
    unread = sum(result.unreadable is not None for result in results)
    parts = [f"{'would pin' if would else 'pinned'} {pinned}"]
    parts += [f"{'move' if would else 'moved'} {moved}"] if moved else []
    parts += [f"{'quote' if would else 'quoted'} {quoted}"] if quoted else []
    parts += [f"already pinned {already}", f"could not pin {missed}"]
    parts += [f"could not read {counted(unread, 'file')}"] if unread else []
    return f"{', '.join(parts)}."


def render_waits(waits: Waits) -> Iterator[str]:
    """Render that the lock was left as it is, and what it waits for."""
    yield safe(
        f"hfpin.lock is as it was: it waits for {waits.reason}"
        if waits.loose
        else f"hfpin.lock is as it was: {waits.reason}"
    )
    if waits.hint:
        yield safe(f"  = {waits.hint}")


def render_lock(result: LockResult) -> Iterator[str]:
    """Render what changed in the lock."""
    for reference in result.skipped:
        reason = "another program fills in its revision"
        if reference.revision is None and isinstance(reference.slot, NoSlot):
            reason = reference.slot.reason
        elif reference.is_loose:
            reason = "the project says that it is meant as it is"
        yield safe(f"{reference.where}: {reference.repo} is not locked: {reason}")
    for asked in result.unasked:
        revision = asked.revision or "the default branch"
        yield safe(
            f"{asked.where}: the Hub gave no answer; {revision} of {asked.repo} "
            "stays at the commit that is locked"
        )
    for locked in result.lock.pins:
        yield from render_unmatched(locked)
    yield from _render_brought(result)
    count = counted(len(result.lock.pins), "pin")
    if not result.changed:
        yield f"hfpin.lock: {count}, unchanged."
        return
    new = [name for name in result.added if name not in result.before]
    other = [name for name in result.added if name in result.before]
    changes = [
        f"{len(names)} {what} ({', '.join(names)})"
        for names, what in ((new, "added"), (other, "changed"), (result.removed, "removed"))
        if names
    ]
    yield f"hfpin.lock: {', '.join(changes) or 'written'}. {count} in all."


def _render_brought(result: LockResult) -> Iterator[str]:
    """Say of each pin that is new and that no config declares who needs it: it may be large."""
    for locked in result.lock.pins:
        for one in locked.dependencies:
            brought = result.lock.find(one.name)
            if brought.is_dependency and one.name in result.added:
                asked = "" if is_commit(brought.pin.revision) else f", {brought.pin.revision}"
                yield (
                    f"{locked.pin.name} needs {brought.pin}{asked}, {human_size(brought.size)}: "
                    f"{one.role} in its {one.source}"
                )


def render_check(lock: Lock, found: Sequence[Difference]) -> Iterator[str]:
    """Render what the configs and the lock do not agree about, a line each, and the count."""
    for one in found:
        yield safe(f"{one.where}: {one.message}")
    if found:
        yield f"hfpin.lock: {counted(len(found), 'difference')} from what is declared."
        yield "  = `hfpin lock` brings it up to date; `hfpin pin` does too, and first pins what is not."
        yield "  = Stage it with the configs: a commit of one without the other is stopped again."
    else:
        yield f"hfpin.lock: {counted(len(lock.pins), 'pin')}, as declared."
