"""Write commits into the files that name a repo without one.

The edit is spliced: every byte outside it stays. Before a file is replaced its new text is read again, and
must differ from the old in exactly the revisions that were written; else the file is left as it is.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from hfpin import atomic
from hfpin.dataclass import dataclass, replace
from hfpin.edit import apply
from hfpin.errors import ConfigError
from hfpin.operations.commits import Answer, Commits
from hfpin.operations.project import read_file
from hfpin.operations.scanning import OF_A_PIN, scan_read, without_room
from hfpin.operations.splice import edits, holds
from hfpin.operations.wishes import NotPinned, Pinned, Policy, decide
from hfpin.reference import Reference
from hfpin.rules.meant import meant
from hfpin.rules.selection import CODES
from hfpin.scan import Scan, scan
from hfpin.span import Span

__all__ = ["FileResult", "NotPinned", "Pinned", "Policy", "pin"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileResult:
    """What pinning did, or would do, to one file.

    Args:
        path: The file, as it was given.
        before: Its bytes.
        after: Its bytes with the commits; the same object where nothing changes.
        pinned: References that got a commit, or another one.
        already: How many had one that stays.
        not_pinned: References that could not get one, at their places in the new text if that is written.
        nameless: References that were to be moved, of whose commit nothing says which branch or tag it is.
        unreadable: Why the file could not be read, with the place; None where it could.
    """

    path: Path
    before: bytes
    after: bytes
    pinned: tuple[Pinned, ...] = ()
    already: int = 0
    not_pinned: tuple[NotPinned, ...] = ()
    nameless: tuple[Reference, ...] = ()
    unreadable: str | None = None


def pin(paths: Iterable[Path], commits: Commits, policy: Policy) -> Iterator[FileResult]:
    """Pin files one by one. A file is replaced whole or left whole, whatever happens to the next.

    Args:
        paths: The files.
        commits: Where commits are asked for.
        policy: What is wanted.

    Raises:
        ConfigError: A file cannot be opened or written.
        HubError: The Hub cannot be reached. What was pinned before stays.
    """
    for path in paths:
        result = _pin_file(path, commits, policy)
        if policy.write and result.after != result.before:
            _replace(path, result)
        yield result


def _pin_file(path: Path, commits: Commits, policy: Policy) -> FileResult:
    before = read_file(path, path.as_posix())
    scanned = scan_read(path, path.as_posix(), before, policy.taught, root=policy.root)
    if path in policy.of_pins:
        scanned = without_room(scanned, OF_A_PIN)
    if scanned.source is None or scanned.unreadable is not None:
        return FileResult(path=path, before=before, after=before, unreadable=_why_unreadable(scanned))
    silent = policy.silent.get(path, frozenset())
    decided = decide(scanned, meant(scanned, CODES - silent), commits, policy)
    pinned, refused, writes = list(decided.pinned), list(decided.refused), decided.writes
    after = apply(before, edits(scanned.source, writes)) if writes else before
    written = {one.reference.span: one.answer.commit for one in pinned}
    if writes and not holds(scanned, after, writes, written, policy.taught):
        refused += [_changes_more(one.reference) for one in pinned]
        pinned, after = [], before
    seen = _now(scanned, after, policy) if after != before else {}
    carried = [left for left in decided.not_pinned if _is_carried(left.reference, seen)]
    pinned += [_carried(left.reference, seen) for left in carried]
    not_pinned = [left for left in decided.not_pinned if left not in carried] + refused
    nameless = decided.nameless
    if seen and policy.write:
        not_pinned = [replace(left, reference=seen[left.reference.span]) for left in not_pinned]
        nameless = tuple(seen[left.span] for left in nameless)
    return FileResult(
        path=path,
        before=before,
        after=after,
        pinned=tuple(sorted(pinned, key=lambda new: new.reference.span)),
        already=decided.already,
        not_pinned=tuple(sorted(not_pinned, key=lambda left: left.reference.span)),
        nameless=nameless,
    )


def _now(scanned: Scan, after: bytes, policy: Policy) -> Mapping[Span, Reference]:
    """The references as they are now, by their places before: as many, in the same order, as `holds` saw."""
    now = scan(scanned.path, after, policy.taught).references
    return dict(zip((one.span for one in scanned.references), now, strict=True))


def _is_carried(reference: Reference, seen: Mapping[Span, Reference]) -> bool:
    """Whether a reference without a place for a commit has that of another to the same repo, beside it."""
    return reference.span in seen and seen[reference.span].revision != reference.revision


def _carried(reference: Reference, seen: Mapping[Span, Reference]) -> Pinned:
    return Pinned(reference=reference, answer=Answer(commit=seen[reference.span].revision or "", name=None))


def _why_unreadable(scanned: Scan) -> str:
    if scanned.unreadable is None:
        return f"{scanned.path}: could not be read: it is no text"
    position, reason = scanned.unreadable.position, scanned.unreadable.reason
    return f"{scanned.path}:{position.line}:{position.column}: could not be read: {reason}"


def _changes_more(reference: Reference) -> NotPinned:
    return NotPinned(
        reference=reference,
        reason="the file's commits cannot be written without changing something else",
        hint="Write them by hand: nothing in the file was touched.",
    )


def _replace(path: Path, result: FileResult) -> None:
    """Put the new text in the file's place, if the old one is still there and may be written.

    Raises:
        ConfigError: It is not, or may not, or the disk refuses.
    """
    try:
        if path.read_bytes() != result.before:
            raise ConfigError(
                f"{path.as_posix()} was changed by someone else meanwhile", hint="Run `hfpin pin` again."
            )
        if not os.access(path, os.W_OK):  # a file that is replaced need not be writable, but then it is meant
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        atomic.write(path, result.after)
    except OSError as error:
        raise ConfigError(
            f"{path.as_posix()} cannot be written: {error.strerror}",
            hint="Check its permissions and the room on its disk: it is as it was.",
        ) from None
