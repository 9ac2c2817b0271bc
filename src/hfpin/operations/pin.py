"""Write today's commit into the files that name a repo without one.

The edit is spliced: every byte outside it stays. Before a file is replaced its new text is read again, and
must differ from the old in exactly the revisions that were written.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from hfpin import atomic
from hfpin.edit import Edit, apply
from hfpin.errors import AccessError, ConfigError, HubError, RepoNotFoundError, RevisionNotFoundError
from hfpin.hub import Hub, Resolved
from hfpin.operations.project import scan_file
from hfpin.reference import NoSlot, Reference, Slot
from hfpin.repo import Repo, RevisionKind, revision_kind
from hfpin.scan import values
from hfpin.span import Span

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


def pin(paths: Iterable[Path], hub: Hub, *, write: bool = True) -> Iterator[FileResult]:
    """Pin files one by one. A file is replaced whole or left whole, whatever happens to the next.

    Args:
        paths: The files.
        hub: Where commits are asked for, once for each repo and revision.
        write: Whether to replace the files; else only to say what would be done.

    Raises:
        ConfigError: A file cannot be read or written.
        HubError: The Hub cannot be reached. What was pinned before stays.
    """
    asked = _Asked(hub)
    for path in paths:
        result = _pin_file(path, asked)
        if write and result.after != result.before:
            _replace(path, result)
        yield result


def _pin_file(path: Path, asked: _Asked) -> FileResult:
    scanned = scan_file(path, path.as_posix())
    if scanned.unreadable is not None or scanned.source is None:
        position = scanned.unreadable.position if scanned.unreadable else None
        where = f"{scanned.path}:{position.line}:{position.column}" if position else scanned.path
        reason = scanned.unreadable.reason if scanned.unreadable else "not a text"
        raise ConfigError(f"{where}: could not be read: {reason}", hint="Mend the file, then pin again.")
    before = scanned.source.data
    writes: dict[tuple[str | int, ...], tuple[Slot, Pinned]] = {}
    pinned: list[Pinned] = []
    not_pinned: list[NotPinned] = []
    already = 0
    for reference in scanned.references:
        if reference.revision is not None and revision_kind(reference.revision) is RevisionKind.COMMIT:
            already += 1
            continue
        slot = reference.slot
        if isinstance(slot, NoSlot):
            not_pinned.append(NotPinned(reference=reference, reason=slot.reason, hint=slot.hint))
            continue
        answer = asked.resolve(reference)
        if isinstance(answer, NotPinned):
            not_pinned.append(answer)
            continue
        new = Pinned(reference=reference, resolved=answer)
        _, first = writes.setdefault(slot.key_path, (slot, new))
        if first.resolved.commit != answer.commit:
            reason = f"it shares {slot.key_path[-1]!r} with {first.reference.repo}"
            hint = "Move one of the two into a mapping of its own."
            not_pinned.append(NotPinned(reference=reference, reason=reason, hint=hint))
        else:
            pinned.append(new)
    after = apply(before, _edits(writes.values())) if writes else before
    _prove(scanned.path, before, after, {path: new.resolved.commit for path, (_, new) in writes.items()})
    return FileResult(
        path=path,
        before=before,
        after=after,
        pinned=tuple(pinned),
        already=already,
        not_pinned=tuple(not_pinned),
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


def _prove(path: str, before: bytes, after: bytes, written: dict[tuple[str | int, ...], str]) -> None:
    """Check that the new text means what the old did but for what was written.

    Raises:
        ConfigError: It does not. Nothing has been written to disk.
    """
    if after is before:
        return
    try:
        old, new = Counter(values(path, before)), Counter(values(path, after))
        gone, come = old - new, new - old
        holds = come == Counter(written.items()) and Counter(key for key, _ in gone) <= Counter(
            written.keys()
        )
    except ValueError:
        holds = False
    if not holds:
        raise ConfigError(
            f"{path}: the commits cannot be written without changing something else",
            hint="Write them by hand: nothing in the file was touched.",
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
