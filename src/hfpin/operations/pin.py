"""Write today's commit into the files that name a repo without one.

The edit is spliced: every byte outside it stays. Before a file is replaced its new text is read again, and
must differ from the old in exactly the revisions that were written; else the file is left as it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from hfpin import atomic
from hfpin.dataclass import dataclass, field
from hfpin.edit import Edit, apply
from hfpin.errors import AccessError, ConfigError, HubError, RepoNotFoundError, RevisionNotFoundError
from hfpin.hub import Hub, Resolved
from hfpin.operations.project import scan_file
from hfpin.reference import NoSlot, Reference, Slot
from hfpin.repo import Repo, RevisionKind, revision_kind
from hfpin.scan import Scan, scan, values
from hfpin.scan.tree import KeyPath
from hfpin.span import Span
from hfpin.vocabulary import NOTHING, Taught

# What YAML 1.1 or 1.2 reads as a number when it is not quoted (https://yaml.org/spec/1.2.2/#103-core-schema).
_NUMBER = re.compile(r"[0-9]+(e[0-9]+)?|0b[01]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """A reference that got a commit."""

    reference: Reference
    resolved: Resolved


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
        pinned: References that got a commit.
        already: How many had one.
        not_pinned: References that could not get one.
    """

    path: Path
    before: bytes
    after: bytes
    pinned: tuple[Pinned, ...]
    already: int
    not_pinned: tuple[NotPinned, ...]


def pin(
    paths: Iterable[Path], hub: Hub, *, write: bool = True, taught: Taught = NOTHING
) -> Iterator[FileResult]:
    """Pin files one by one. A file is replaced whole or left whole, whatever happens to the next.

    Args:
        paths: The files.
        hub: Where commits are asked for, once for each repo and revision.
        write: Whether to replace the files; else only to say what would be done.
        taught: What the project says about its own keys and values.

    Raises:
        ConfigError: A file cannot be read or written.
        HubError: The Hub cannot be reached. What was pinned before stays.
    """
    asked = _Asked(hub)
    for path in paths:
        result = _pin_file(path, asked, taught)
        if write and result.after != result.before:
            _replace(path, result)
        yield result


def _pin_file(path: Path, asked: _Asked, taught: Taught) -> FileResult:
    scanned = scan_file(path, path.as_posix(), taught)
    if scanned.unreadable is not None or scanned.source is None:
        position = scanned.unreadable.position if scanned.unreadable else None
        where = f"{scanned.path}:{position.line}:{position.column}" if position else scanned.path
        reason = scanned.unreadable.reason if scanned.unreadable else "not a text"
        raise ConfigError(f"{where}: could not be read: {reason}", hint="Mend the file, then pin again.")
    wanted: dict[KeyPath, list[_Wish]] = {}
    not_pinned: list[NotPinned] = []
    already = 0
    for reference in scanned.references:
        slot = reference.slot
        if reference.revision is not None and revision_kind(reference.revision) is RevisionKind.COMMIT:
            already += 1
        elif isinstance(slot, NoSlot):
            not_pinned.append(NotPinned(reference=reference, reason=slot.reason, hint=slot.hint))
        else:
            wish = _Wish(reference=reference, slot=slot, answer=asked.resolve(reference))
            wanted.setdefault(slot.key_path, []).append(wish)
    writes: dict[KeyPath, tuple[Slot, Pinned]] = {}
    pinned: list[Pinned] = []
    for key_path, wishes in wanted.items():
        for settled in _settle(wishes):
            if isinstance(settled, Pinned):
                pinned.append(settled)
                writes.setdefault(key_path, (wishes[0].slot, settled))
            else:
                not_pinned.append(settled)
    before = scanned.source.data
    after = apply(before, _edits(writes.values())) if writes else before
    if not _holds(scanned, after, writes, pinned, taught):
        not_pinned += [_changes_more(new.reference) for new in pinned]
        pinned, after = [], before
    return FileResult(
        path=path,
        before=before,
        after=after,
        pinned=tuple(sorted(pinned, key=lambda new: new.reference.span)),
        already=already,
        not_pinned=tuple(sorted(not_pinned, key=lambda left: left.reference.span)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """A reference, the slot that its commit would go to, and what the Hub said."""

    reference: Reference
    slot: Slot
    answer: Resolved | NotPinned


def _settle(wishes: list[_Wish]) -> Iterator[Pinned | NotPinned]:
    """Give the references of one slot their commit, if it is the same one for all of them."""
    commits = {None if isinstance(wish.answer, NotPinned) else wish.answer.commit for wish in wishes}
    for wish in wishes:
        if isinstance(wish.answer, NotPinned):
            yield wish.answer
        elif len(commits) == 1:
            yield Pinned(reference=wish.reference, resolved=wish.answer)
        else:
            other = next(other for other in wishes if other.answer != wish.answer)
            yield NotPinned(
                reference=wish.reference,
                reason=f"it shares {wish.slot.key_path[-1]!r} with {other.reference.repo}",
                hint="Move one of the two into a mapping of its own.",
            )


def _changes_more(reference: Reference) -> NotPinned:
    return NotPinned(
        reference=reference,
        reason="the file's commits cannot be written without changing something else",
        hint="Write them by hand: nothing in the file was touched.",
    )


def _edits(writes: Iterable[tuple[Slot, Pinned]]) -> Iterator[Edit]:
    for slot, new in writes:
        commit = new.resolved.commit
        is_plain = not slot.suffix
        quote = '"' if is_plain and _NUMBER.fullmatch(commit) else ""
        text = f"{slot.prefix}{quote}{commit}{quote}{slot.suffix}"
        yield Edit(slot.span, text.encode("utf-8"))
        if slot.comment_at is not None:
            comment = f"  # {new.resolved.revision}"
            yield Edit(Span(slot.comment_at, slot.comment_at), comment.encode("utf-8"))


def _holds(
    scanned: Scan,
    after: bytes,
    writes: Mapping[KeyPath, tuple[Slot, Pinned]],
    pinned: Iterable[Pinned],
    taught: Taught,
) -> bool:
    """Whether the new text means what the old did but for what was written.

    Every other value is as it was, and so is every other reference's revision: a key that one reference
    gets may be read by another, through a merge key or beside it.
    """
    if not writes:
        return True
    before = scanned.source.data if scanned.source else b""
    written = {
        key_path: f"{slot.before}{new.resolved.commit}{slot.after}"
        for key_path, (slot, new) in writes.items()
    }
    try:
        old, new = Counter(values(scanned.path, before)), Counter(values(scanned.path, after))
    except ValueError:
        return False
    gone, come = old - new, new - old
    commits = {new.reference.span: new.resolved.commit for new in pinned}
    revisions = [(one.repo, commits.get(one.span, one.revision)) for one in scanned.references]
    return (
        come == Counter(written.items())
        and Counter(key_path for key_path, _ in gone) <= Counter(written.keys())
        and revisions == [(one.repo, one.revision) for one in scan(scanned.path, after, taught).references]
    )


def _replace(path: Path, result: FileResult) -> None:
    try:
        if path.read_bytes() != result.before:
            raise ConfigError(
                f"{path.as_posix()} was changed by someone else meanwhile", hint="Run `hfpin pin` again."
            )
        atomic.write(path, result.after)
    except OSError as error:
        raise ConfigError(
            f"{path.as_posix()} cannot be written: {error.strerror}", hint="Check its permissions."
        ) from None


@dataclass(slots=True)
class _Asked:
    """What the Hub said, so that nothing is asked twice."""

    hub: Hub
    _answers: dict[tuple[Repo, str | None], Resolved | HubError] = field(default_factory=dict)

    def resolve(self, reference: Reference) -> Resolved | NotPinned:
        """Give a reference's commit, or why the Hub has none; an unreachable Hub is raised."""
        key = (reference.repo, reference.revision)
        if key not in self._answers:
            try:
                self._answers[key] = self.hub.resolve(*key)
            except (AccessError, RepoNotFoundError, RevisionNotFoundError) as error:
                self._answers[key] = error
        answer = self._answers[key]
        if isinstance(answer, HubError):
            return NotPinned(reference=reference, reason=answer.message, hint=answer.hint)
        return answer
