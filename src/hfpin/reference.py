"""One mention of a Hub repo in one file."""

from __future__ import annotations

import enum
from typing import Literal

from hfpin.dataclass import dataclass
from hfpin.patterns import Patterns
from hfpin.repo import Repo, RevisionKind, revision_kind
from hfpin.span import Position, Span

Role = Literal["base_model", "code"]
"""What a repo is to the one that its file belongs to: the base of an adapter, or code that it runs."""


class Status(enum.Enum):
    """How far a reference is settled."""

    UNPINNED = "unpinned"
    NAMED = "named"
    COMMIT = "commit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """Where a revision can be written for a reference that has none, or another one.

    Writing puts `prefix`, the revision and `suffix` in place of `span`, and the comment that says what
    was asked for at `comment_at`.

    Args:
        span: The bytes to replace; empty where the revision is added.
        prefix: What goes before the revision: a line break, an indent and a key, or a quote.
        suffix: What goes after it.
        key_path: Where the revision stands in the parsed document once it is written.
        comment_at: Byte offset for a trailing comment; None where the syntax leaves no room for one.
        before: What the value holds before the revision, where the revision is a part of it: `org/name@`.
        after: What it holds after it.
    """

    span: Span
    prefix: str
    suffix: str
    key_path: tuple[str | int, ...]
    comment_at: int | None
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSlot:
    """Why no revision can be written for a reference.

    Args:
        reason: What stands in the way, as the end of a sentence.
        hint: What to write instead.
    """

    reason: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvalidId:
    """A value that is meant as a repo id and cannot be one.

    Args:
        text: The value.
        key: The key that it stands under.
        span: Its bytes, without quotes.
        position: Where it starts.
    """

    text: str
    key: str
    span: Span
    position: Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """`trust_remote_code: true`, which lets a repo's own code run.

    Args:
        position: Where it says so.
        width: How many characters that takes.
        code_revision: The revision of the code, where another one than that of the weights is given.
    """

    position: Position
    width: int
    code_revision: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrphanRevision:
    """A revision of a Hub repo that is given to none.

    Args:
        text: The revision.
        key: The key that it stands under, as written.
        position: Where it starts.
    """

    text: str
    key: str
    position: Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignore:
    """A comment that ignores findings.

    Args:
        position: Where it starts, after the mark of the comment.
        width: How many characters it has, without the reason.
        codes: The rules that it names, as written; none where it names none.
        line: The line whose findings it ignores: its own, or the next one that is no comment where it has a
            line to itself.
    """

    position: Position
    width: int
    codes: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One mention of a Repo in one file.

    Args:
        path: The file, as it was given, with forward slashes.
        repo: What is mentioned.
        span: The bytes of the id.
        position: Where the id starts.
        key: The key that the id stands under.
        name: What the file calls it: the mapping key above `repo_id`; None elsewhere.
        revision: The revision as written; None where there is none.
        revision_span: The bytes of the revision, without quotes; those of the id where it is in a text whose
            parts have no places of their own: one with escapes, or a config in a text.
        requested: The branch or tag that a commit was asked for as: the word in its trailing comment.
        patterns: `allow_patterns` and `ignore_patterns` beside the id.
        formats: `formats` beside the id, as written; None where there is none.
        local_dir: `local_dir` beside the id.
        misread: Those of these keys whose value is of another kind: a mapping in place of a pattern.
        slot: Where a revision can be written, or why it can't.
        reads_as: What a reader makes of the revision as it is written, where that is no text: `a number`.
        trust: Where the file trusts the repo's code; None where it does not.
        role: What the repo is to the one that the file belongs to; None where it is used for itself.
    """

    path: str
    repo: Repo
    span: Span
    position: Position
    key: str
    name: str | None
    revision: str | None
    revision_span: Span | None
    requested: str | None
    patterns: Patterns
    formats: str | None = None
    local_dir: str | None
    misread: tuple[str, ...] = ()
    slot: Slot | NoSlot
    reads_as: str | None = None
    trust: Trust | None = None
    role: Role | None = None

    @property
    def status(self) -> Status:
        """Whether a revision is there, and whether it is spelled as a commit, whole or abbreviated."""
        if self.revision is None:
            return Status.UNPINNED
        spelled_as_commit = revision_kind(self.revision) in (RevisionKind.COMMIT, RevisionKind.ABBREVIATED)
        return Status.COMMIT if spelled_as_commit else Status.NAMED

    @property
    def is_loose(self) -> bool:
        """Whether there is no revision, or one that moves by its nature."""
        return self.revision is None or revision_kind(self.revision) is RevisionKind.MUTABLE

    @property
    def where(self) -> str:
        """`path:line:column`, as editors and CI logs make it a link."""
        return f"{self.path}:{self.position.line}:{self.position.column}"
