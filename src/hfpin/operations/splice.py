"""Commits as edits of a file, and the proof that an edited file means what was meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from hfpin.edit import Edit
from hfpin.operations.commits import Answer
from hfpin.reference import NoSlot, Reference, Slot
from hfpin.scan import Scan, documents, scan
from hfpin.scan.plain import reads_as
from hfpin.scan.slots import requested_name
from hfpin.scan.tree import KeyPath, Scalar, leaves, only_one
from hfpin.span import SourceText, Span
from hfpin.vocabulary import Taught

Writes: TypeAlias = Mapping[KeyPath, tuple[Slot, Answer]]
"""What is written, by where it then stands in the parsed file."""


def edits(source: SourceText, writes: Writes) -> Iterator[Edit]:
    """Describe the edits that write commits, and the names that they were asked for as in comments.

    A comment that is there stays; one that says the name already is enough.
    """
    for slot, answer in writes.values():
        is_plain = not (slot.suffix or slot.before or slot.after)
        quote = '"' if is_plain and reads_as(Scalar(value=answer.commit, span=slot.span)) else ""
        text = f"{slot.prefix}{quote}{answer.commit}{quote}{slot.suffix}"
        yield Edit(slot.span, text.encode("utf-8"))
        at = slot.comment_at
        if at is not None and answer.name is not None and requested_name(source, at) != answer.name:
            yield Edit(Span(at, at), f"  # {answer.name}".encode())


def holds(scanned: Scan, after: bytes, writes: Writes, commits: Mapping[Span, str], taught: Taught) -> bool:
    """Whether the new text means what the old did but for what was written.

    Every other value is as it was, and so is every other reference's revision: a key that one reference
    gets may be read by another, through a merge key or beside it. Where that one names the same repo at the
    same revision, and has no place for a commit, the commit is right for it as well.

    Args:
        scanned: The old text, as it was read.
        after: The new text.
        writes: What was written.
        commits: The commit that each reference got, by the place of its id in the old text.
        taught: What the project says about its own keys and values.
    """
    before = scanned.source.data if scanned.source else b""
    texts = {kp: f"{slot.before}{answer.commit}{slot.after}" for kp, (slot, answer) in writes.items()}
    try:
        trees = documents(scanned.path, after)
        expected, new = Counter(leaves(documents(scanned.path, before))), Counter(leaves(trees))
    except ValueError:
        return False
    for key_path, text in texts.items():
        node = only_one(trees, key_path)
        if not isinstance(node, Scalar) or node.value != text:
            return False
    expected -= Counter({leaf: count for leaf, count in expected.items() if leaf[0] in texts})
    expected.update(texts.items())
    return expected == new and _are_as_meant(
        scanned.references, scan(scanned.path, after, taught).references, commits
    )


def _are_as_meant(
    before: tuple[Reference, ...], after: tuple[Reference, ...], commits: Mapping[Span, str]
) -> bool:
    if [one.repo for one in before] != [one.repo for one in after]:
        return False
    got = {(one.repo, one.revision): commits[one.span] for one in before if one.span in commits}
    for old, new in zip(before, after, strict=True):
        meant = {commits.get(old.span, old.revision)}
        if isinstance(old.slot, NoSlot):
            meant.add(got.get((old.repo, old.revision), old.revision))
        if new.revision not in meant:
            return False
    return True


def stands_twice(scanned: Scan, slots: Iterable[Slot]) -> frozenset[Slot]:
    """Give the slots below a key that stands twice in its mapping: which of the two counts is a guess."""
    trees = documents(scanned.path, scanned.source.data if scanned.source else b"")
    return frozenset(  # a text that is the whole document stands below nothing
        slot for slot in slots if len(slot.key_path) > 1 and only_one(trees, slot.key_path[:-1]) is None
    )
