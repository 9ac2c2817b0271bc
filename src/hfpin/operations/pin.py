"""Write commits into the files that name a repo without one.

The edit is spliced: every byte outside it stays. Before a file is replaced its new text is read again, and
must differ from the old in exactly the revisions that were written; else the file is left as it is.
"""

from __future__ import annotations

import enum
import errno
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from hfpin import atomic
from hfpin.dataclass import dataclass, field, replace
from hfpin.edit import apply
from hfpin.errors import ConfigError
from hfpin.lock import Lock
from hfpin.operations.commits import Answer, Commits, Refusal, name_in
from hfpin.operations.project import read_file
from hfpin.operations.splice import edits, holds, stands_twice
from hfpin.reference import NoSlot, Reference, Slot
from hfpin.repo import RevisionKind, revision_kind
from hfpin.rules.meant import meant
from hfpin.rules.selection import CODES
from hfpin.scan import Scan, scan
from hfpin.scan.tree import KeyPath
from hfpin.span import Span
from hfpin.vocabulary import NOTHING, Taught

_TWICE_ABOVE = "a key above it stands twice in one mapping"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """A reference that got a commit, and the branch or tag that it was asked for as."""

    reference: Reference
    answer: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class NotPinned:
    """A reference that did not, why, and what to do."""

    reference: Reference
    reason: str
    hint: str | None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What is wanted of a run.

    Args:
        update: Whether commits that are there move to where their branch or tag is today.
        lock: Tells what a commit was asked for as where its comment does not.
        keep_names: Whether a branch or tag that nobody can settle may stand, if it does not move by its
            nature: offline, that is what the lock is for.
        write: Whether to replace the files; else only to say what would be done.
        silent: Rules that do not speak of a file: what they would find there is meant, and stays.
        taught: What the project says about its own keys and values.
    """

    update: bool = False
    lock: Lock = field(default_factory=Lock)
    keep_names: bool = False
    write: bool = True
    silent: Mapping[Path, frozenset[str]] = field(default_factory=dict)
    taught: Taught = NOTHING


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
    scanned = scan(path.as_posix(), before, policy.taught)
    if scanned.unreadable is not None or scanned.source is None:
        return FileResult(path=path, before=before, after=before, unreadable=_why_unreadable(scanned))
    already, nameless, wanted, not_pinned = 0, list[Reference](), list[_Wish](), list[NotPinned]()
    stays = meant(scanned, CODES - policy.silent.get(path, frozenset()))
    for reference in scanned.references:
        if reference.span in stays:
            continue
        outcome = _decide(reference, commits, policy)
        if isinstance(outcome, _Wish):
            wanted.append(outcome)
        elif isinstance(outcome, NotPinned):
            not_pinned.append(outcome)
        else:
            already += 1
            nameless += [reference] if outcome is _Stays.NAMELESS else []
    twice = stands_twice(scanned, (wish.slot for wish in wanted)) if wanted else frozenset()
    not_pinned += [_below_a_double(wish.reference) for wish in wanted if wish.slot in twice]
    pinned, refused, writes = _agree(wish for wish in wanted if wish.slot not in twice)
    after = apply(before, edits(scanned.source, writes)) if writes else before
    written = {one.reference.span: one.answer.commit for one in pinned}
    if writes and not holds(scanned, after, writes, written, policy.taught):
        refused += [_changes_more(one.reference) for one in pinned]
        pinned, after = [], before
    seen = _now(scanned, after, policy) if after != before else {}
    carried = [left for left in not_pinned if _is_carried(left.reference, seen)]
    pinned += [_carried(left.reference, seen) for left in carried]
    not_pinned = [left for left in not_pinned if left not in carried]
    if seen and policy.write:
        not_pinned = [replace(left, reference=seen[left.reference.span]) for left in not_pinned]
        refused = [replace(left, reference=seen[left.reference.span]) for left in refused]
        nameless = [seen[left.span] for left in nameless]
    return FileResult(
        path=path,
        before=before,
        after=after,
        pinned=tuple(sorted(pinned, key=lambda new: new.reference.span)),
        already=already,
        not_pinned=tuple(sorted(not_pinned + refused, key=lambda left: left.reference.span)),
        nameless=tuple(nameless),
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


def _kind(reference: Reference) -> RevisionKind | None:
    return None if reference.revision is None else revision_kind(reference.revision)


def _why_unreadable(scanned: Scan) -> str:
    if scanned.unreadable is None:
        return f"{scanned.path}: could not be read: it is no text"
    position, reason = scanned.unreadable.position, scanned.unreadable.reason
    return f"{scanned.path}:{position.line}:{position.column}: could not be read: {reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """A reference, the slot that its commit goes to, and the commit."""

    reference: Reference
    slot: Slot
    answer: Answer | Refusal


class _Stays(enum.Enum):
    """Why a reference is left as it is."""

    ALREADY = "it has a commit"
    NAMELESS = "nothing says which branch or tag its commit is"


def _decide(reference: Reference, commits: Commits, policy: Policy) -> _Wish | NotPinned | _Stays:
    """Tell what becomes of one reference, as far as it alone decides."""
    slot, revision, kind = reference.slot, reference.revision, _kind(reference)
    if revision is not None and kind is RevisionKind.COMMIT:
        return _decide_pinned(reference, revision, commits, policy)
    if isinstance(slot, NoSlot):
        return NotPinned(reference=reference, reason=slot.reason, hint=slot.hint)
    if revision is not None and kind is RevisionKind.ABBREVIATED:
        answer = commits.complete(reference.repo, revision)
    else:
        answer = commits.of(reference.repo, revision)
    if isinstance(answer, Refusal) and policy.keep_names and kind is RevisionKind.NAMED:
        return _Stays.ALREADY
    return _Wish(reference=reference, slot=slot, answer=answer)


def _decide_pinned(
    reference: Reference, commit: str, commits: Commits, policy: Policy
) -> _Wish | NotPinned | _Stays:
    """Tell what becomes of a commit: it moves if that is asked for, and is quoted if it reads as a number."""
    slot, answer, stays = reference.slot, Answer(commit=commit, name=None), _Stays.ALREADY
    if policy.update:
        name = reference.requested or name_in(policy.lock, reference.repo, commit)
        if name is None:
            stays = _Stays.NAMELESS
        else:
            found = commits.of(reference.repo, name, commit)
            if isinstance(found, Refusal):
                return NotPinned(reference=reference, reason=found.reason, hint=found.hint)
            answer = found
    if answer.commit == commit and (reference.reads_as is None or isinstance(slot, NoSlot)):
        return stays
    if isinstance(slot, NoSlot):
        return NotPinned(reference=reference, reason=slot.reason, hint=slot.hint)
    return _Wish(reference=reference, slot=slot, answer=answer)


def _agree(
    wanted: Iterable[_Wish],
) -> tuple[list[Pinned], list[NotPinned], dict[KeyPath, tuple[Slot, Answer]]]:
    """Give the references of one slot their commit, if it is the same one for all of them."""
    by_slot: dict[KeyPath, list[_Wish]] = {}
    for wish in wanted:
        by_slot.setdefault(wish.slot.key_path, []).append(wish)
    pinned, refused, writes = list[Pinned](), list[NotPinned](), dict[KeyPath, tuple[Slot, Answer]]()
    for key_path, wishes in by_slot.items():
        for wish in wishes:
            answer = wish.answer
            if isinstance(answer, Refusal):
                refused.append(NotPinned(reference=wish.reference, reason=answer.reason, hint=answer.hint))
                continue
            other = next((other for other in wishes if _differ(other.answer, answer)), None)
            if other is None:
                pinned.append(Pinned(reference=wish.reference, answer=answer))
                writes.setdefault(key_path, (wish.slot, answer))
            else:
                refused.append(
                    NotPinned(
                        reference=wish.reference,
                        reason=f"it shares {key_path[-1]!r} with {other.reference.repo}",
                        hint="Move one of the two into a mapping of its own.",
                    )
                )
    return pinned, refused, writes


def _differ(one: Answer | Refusal, other: Answer) -> bool:
    return isinstance(one, Refusal) or one.commit != other.commit


def _below_a_double(reference: Reference) -> NotPinned:
    return NotPinned(
        reference=reference,
        reason="a key above it stands twice in one mapping",
        hint="Remove one of the two.",
    )


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
