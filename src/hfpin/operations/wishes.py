"""What becomes of each reference of a file that is to be pinned: decided, and nothing written yet."""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from hfpin.dataclass import dataclass, field
from hfpin.lock import Lock
from hfpin.operations.commits import Answer, Commits, Refusal, name_in
from hfpin.operations.splice import Writes, stands_twice
from hfpin.reference import NoSlot, Reference, Slot
from hfpin.repo import RevisionKind, revision_kind
from hfpin.scan import Scan
from hfpin.scan.tree import KeyPath
from hfpin.span import Span
from hfpin.vocabulary import NOTHING, Taught


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
        root: The project's folder: what is not of it is left; None where any file may be written.
        of_pins: The files that a pin puts there, in its `local_dir`: they are left as the lock has them.
    """

    update: bool = False
    lock: Lock = field(default_factory=Lock)
    keep_names: bool = False
    write: bool = True
    silent: Mapping[Path, frozenset[str]] = field(default_factory=dict)
    taught: Taught = NOTHING
    root: Path | None = None
    of_pins: frozenset[Path] = frozenset()


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
class _Wish:
    """A reference, the slot that its commit goes to, and the commit."""

    reference: Reference
    slot: Slot
    answer: Answer | Refusal


class _Stays(enum.Enum):
    """Why a reference is left as it is."""

    ALREADY = "it has a commit"
    NAMELESS = "nothing says which branch or tag its commit is"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What becomes of the references of one file.

    Args:
        pinned: Those that get a commit, or another one.
        writes: What has to be written for that.
        already: How many have one that stays.
        not_pinned: Those that get none, by themselves: there is no place for it, or nobody tells it.
        refused: Those whose commit is not to be had, or not for all that share its place.
        nameless: Those that were to be moved, of whose commit nothing says which branch or tag it is.
    """

    pinned: tuple[Pinned, ...]
    writes: Writes
    already: int
    not_pinned: tuple[NotPinned, ...]
    refused: tuple[NotPinned, ...]
    nameless: tuple[Reference, ...]


def decide(scanned: Scan, stays: Collection[Span], commits: Commits, policy: Policy) -> Decided:
    """Decide about the references of a file, each by itself and then those that share a place.

    Args:
        scanned: The file, which could be read.
        stays: The ids of those whose revision is meant as it stands.
        commits: Where commits are asked for.
        policy: What is wanted.

    Raises:
        HubError: The Hub cannot be reached.
    """
    already, nameless, wanted, not_pinned = 0, list[Reference](), list[_Wish](), list[NotPinned]()
    for reference in scanned.references:
        if reference.span in stays:
            continue
        outcome = _wish(reference, commits, policy)
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
    return Decided(
        pinned=tuple(pinned),
        writes=writes,
        already=already,
        not_pinned=tuple(not_pinned),
        refused=tuple(refused),
        nameless=tuple(nameless),
    )


def _kind(reference: Reference) -> RevisionKind | None:
    return None if reference.revision is None else revision_kind(reference.revision)


def _wish(reference: Reference, commits: Commits, policy: Policy) -> _Wish | NotPinned | _Stays:
    """Tell what becomes of one reference, as far as it alone decides."""
    slot, revision, kind = reference.slot, reference.revision, _kind(reference)
    if revision is not None and kind is RevisionKind.COMMIT:
        return _wish_of_pinned(reference, revision, commits, policy)
    if isinstance(slot, NoSlot):
        return NotPinned(reference=reference, reason=slot.reason, hint=slot.hint)
    if revision is not None and kind is RevisionKind.ABBREVIATED:
        answer = commits.complete(reference.repo, revision)
    else:
        answer = commits.of(reference.repo, revision)
    if isinstance(answer, Refusal) and policy.keep_names and kind is RevisionKind.NAMED:
        return _Stays.ALREADY
    return _Wish(reference=reference, slot=slot, answer=answer)


def _wish_of_pinned(
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
