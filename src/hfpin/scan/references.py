"""Finds references in a tree: candidates, weighed by the evidence, then settled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from hfpin.patterns import Patterns
from hfpin.reference import InvalidId, NoSlot, Reference
from hfpin.repo import REPO_TYPES, Repo, RepoType, is_interpolated, is_repo_id
from hfpin.scan import arguments, commands, mentions
from hfpin.scan.candidate import Candidate, FileFacts
from hfpin.scan.evidence import Verdict, weigh
from hfpin.scan.keys import normal, repo_type
from hfpin.scan.mentions import Form, Mention
from hfpin.scan.places import DEEPEST, Place, walk
from hfpin.scan.revisions import Settled, settle
from hfpin.scan.slots import Syntax, list_item_slot, part_slot, value_slot
from hfpin.scan.tree import Mapping, Node, Scalar, Sequence, resolve
from hfpin.span import SourceText, Span
from hfpin.vocabulary import keys

_LONGEST_WORD = 100
_TEXT = re.compile(r"[\s=]")
_HUB = re.compile(r"hf[-_]?(?:hub)?:|huggingface:|local:|hf\.co|huggingface\.co|hf-mirror")
_UNREADABLE = NoSlot(reason="its file does not parse", hint="Mend the file first.")
_IN_PART = "Write the revision into the text by hand: {how}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A candidate with its verdict.

    Args:
        candidate: It.
        verdict: Whether it is a reference, and why.
        span: The bytes of the id.
        exact: Whether the text that the id was found in is what the file holds, byte by byte.
        lone: Whether it is the only one in its value.
    """

    candidate: Candidate
    verdict: Verdict
    span: Span
    exact: bool
    lone: bool


def judge(path: str, source: SourceText, documents: tuple[Node, ...]) -> Iterator[Judged]:
    """Give every text that could be an id, with what is thought of it, in no particular order."""
    top = (key for document in documents if isinstance(document, Mapping) for key in document.keys)
    facts = FileFacts(path=path, keys=frozenset(normal(key) for key in top))
    seen: dict[int, arguments.Arguments] = {}
    for place in walk(documents):
        scalar = resolve(place.node)
        if not isinstance(scalar, Scalar) or (scalar.is_null and not place.is_key):
            continue
        found = list(_mentions(place, scalar, source, seen))
        text = source.slice(scalar.inner)
        for mention in found:
            candidate = Candidate(mention=mention, place=place, facts=facts)
            span = _span(place, scalar, mention, text, source)
            lone = len(found) == 1 and place.node is scalar
            verdict = weigh(candidate)
            yield Judged(
                candidate=candidate, verdict=verdict, span=span, exact=text == scalar.value, lone=lone
            )


def find(
    path: str,
    source: SourceText,
    documents: tuple[Node, ...],
    syntax: Syntax = Syntax.YAML,
    *,
    readable: bool = True,
) -> Iterator[Reference | InvalidId]:
    """Give every reference of a file, and every value that is meant as one, in no particular order.

    Aliases are not followed: what they stand for is found where it is written. Nothing can be written into
    a file that does not parse: no reference of it has a slot.
    """
    taken: dict[Span, Judged] = {}
    for judged in judge(path, source, documents):
        best = taken.get(judged.span)
        if judged.verdict.is_taken and (best is None or best.verdict.total < judged.verdict.total):
            taken[judged.span] = judged
    for judged in taken.values():
        reference = _reference(path, source, judged, syntax)
        yield reference if readable else replace(reference, slot=_UNREADABLE)
    for place in walk(documents):
        node = place.node
        if (
            isinstance(node, Scalar)
            and place.key is not None
            and place.key.value == "repo_id"
            and not place.is_key
        ):
            if _is_meant_as_id(node) and place.index is None:
                position = source.position(node.inner.start)
                yield InvalidId(text=node.value, key="repo_id", span=node.inner, position=position)


def _mentions(
    place: Place, scalar: Scalar, source: SourceText, seen: dict[int, arguments.Arguments]
) -> Iterator[Mention]:
    value = scalar.value
    if place.is_key:
        for mention in mentions.in_value(value):
            if mention.form is Form.WHOLE:
                yield replace(mention, form=Form.KEY)
        return
    if "/" not in value and (len(value) > _LONGEST_WORD or place.key is None) and "--" not in value:
        return
    whole = list(mentions.in_value(value))
    if place.index is not None and place.frame.items is not None and isinstance(place.node, Scalar):
        of_list = seen.get(id(place.frame.items))
        if of_list is None:
            of_list = seen[id(place.frame.items)] = arguments.read(place.frame.items)
        if of_list.is_one:
            yield from of_list.at(place.index, whole, value)
            return
    yield from whole
    if whole or place.node is not scalar or ("/" not in value and "--" not in value):
        return
    text = source.slice(scalar.inner)
    if _HUB.search(text):
        yield from mentions.addresses(text)
    if _TEXT.search(text):
        yield from commands.in_text(text)


def _span(place: Place, scalar: Scalar, mention: Mention, text: str, source: SourceText) -> Span:
    if place.node is not scalar:
        return place.node.span
    inner, repo_id = scalar.inner, mention.repo_id
    start = (
        mention.start if text[mention.start : mention.start + len(repo_id)] == repo_id else text.find(repo_id)
    )
    if start < 0:
        return inner
    if len(text) == inner.end - inner.start:  # ASCII: a character is a byte
        first = inner.start + start
    else:
        first = inner.start + len(text[:start].encode("utf-8"))
    return Span(first, first + len(repo_id))


def _reference(path: str, source: SourceText, judged: Judged, syntax: Syntax) -> Reference:
    candidate, mention = judged.candidate, judged.candidate.mention
    place, block = candidate.place, candidate.block
    key = place.key
    declares = key is not None and key.value == "repo_id" and candidate.is_value and place.index is None
    settled = _settle(source, judged, syntax)
    mapping = block.mapping if block is not None and declares else None
    name = place.frame.step if declares and place.frame.above is not None else None
    return Reference(
        path=path,
        repo=Repo(mention.repo_id, _type(candidate, mapping)),
        span=judged.span,
        position=source.position(judged.span.start),
        key=key.value if key is not None else mention.key,
        name=name if isinstance(name, str) else None,
        revision=settled.revision,
        revision_span=settled.span,
        requested=settled.requested,
        patterns=_patterns(mapping) if mapping is not None else Patterns(),
        local_dir=_text(mapping, keys.LOCAL_DIR_KEY) if mapping is not None else None,
        slot=settled.slot,
    )


def _settle(source: SourceText, judged: Judged, syntax: Syntax) -> Settled:
    candidate, mention, place = judged.candidate, judged.candidate.mention, judged.candidate.place
    if mention.revision is not None:
        return _written(source, judged, syntax)
    if place.key is not None and place.index is None and mention.form in (Form.WHOLE, Form.WORD):
        return settle(candidate, source, syntax, place.key)
    if place.index is not None and place.frame.items is not None:
        of_list = arguments.revision(place.frame.items, place.index, mention)
        if of_list is not None and place.frame.depth <= DEEPEST:
            index, scalar, at = of_list
            item = (*place.frame.path, index)
            if at == 0:
                slot = value_slot(source, item, scalar, syntax)
                return Settled(revision=scalar.value, span=scalar.inner, slot=slot)
            part = Span(scalar.inner.start + at, scalar.inner.end)
            return Settled(revision=scalar.value[at:], span=part, slot=part_slot(source, item, scalar, part))
    if mention.form in (Form.WHOLE, Form.WORD):
        return Settled(slot=list_item_slot(mention.repo_id))
    how = _HOW.get(mention.form, "where its program takes one")
    reason = "it is part of a longer text" if mention.form is not Form.KEY else "it is a key"
    return Settled(slot=NoSlot(reason=reason, hint=_IN_PART.format(how=how.format(id=mention.repo_id))))


_HOW = {
    Form.URI: "hf://{id}@COMMIT",
    Form.FILE_URL: "/resolve/COMMIT/ in place of the branch",
    Form.PAGE_URL: "/tree/COMMIT after the id",
    Form.FLAG: "--revision COMMIT after the id, where the command takes it",
    Form.COMMAND: "--revision COMMIT after the id",
    Form.ARGUMENT: "revision=COMMIT after the id, where the program takes it",
    Form.CALL: 'revision="COMMIT" as an argument',
}


def _written(source: SourceText, judged: Judged, syntax: Syntax) -> Settled:
    """Settle a revision that stands in the same text."""
    mention, place = judged.candidate.mention, judged.candidate.place
    scalar = resolve(place.node)
    at = mention.revision_start
    revision = mention.revision or ""
    nowhere = NoSlot(reason="its revision is part of a longer text", hint=_IN_PART.format(how="in its place"))
    if at < 0 or not isinstance(scalar, Scalar):
        return Settled(revision=revision, span=judged.span, slot=nowhere)
    text = source.slice(scalar.inner)
    start = scalar.inner.start + len(text[:at].encode("utf-8"))
    span = Span(start, start + len(revision.encode("utf-8")))
    if source.slice(span) != revision:
        return Settled(revision=revision, span=judged.span, slot=nowhere)
    if not judged.lone or not judged.exact or place.is_key or place.frame.depth > DEEPEST:
        return Settled(revision=revision, span=span, slot=nowhere)
    step = place.index if place.index is not None else place.key.value if place.key is not None else None
    path = place.frame.path if step is None else (*place.frame.path, step)
    return Settled(revision=revision, span=span, slot=part_slot(source, path, scalar, span))


def _is_meant_as_id(scalar: Scalar) -> bool:
    """Whether a value under a key that only takes ids is one gone wrong: no path, address or placeholder."""
    text = scalar.value.strip()
    if not text or scalar.is_block or scalar.is_null or is_repo_id(text) or is_interpolated(text):
        return False
    return not text.startswith(("/", ".", "~")) and "://" not in text


def _type(candidate: Candidate, declaring: Mapping | None) -> RepoType:
    if declaring is not None:
        written = _text(declaring, keys.REPO_TYPE_KEY)
        for one in REPO_TYPES:
            if written == one:
                return one
    if candidate.mention.repo_type is not None:
        return candidate.mention.repo_type
    for key in (candidate.key, *candidate.above[:1]):
        if repo_type(key) == "dataset":
            return "dataset"
    return "model"


def _text(mapping: Mapping, key: str) -> str | None:
    value = _value(mapping, key)
    return value.value if isinstance(value, Scalar) and not value.is_null else None


def _value(mapping: Mapping, key: str) -> Node | None:
    own = mapping.own(key)
    return resolve(own[-1] if own else mapping.merged(key))


def _texts(mapping: Mapping, key: str) -> tuple[str, ...] | None:
    value = _value(mapping, key)
    if isinstance(value, Scalar):
        return None if value.is_null else (value.value,)
    if isinstance(value, Sequence):
        items = (resolve(item) for item in value.items)
        return tuple(item.value for item in items if isinstance(item, Scalar))
    return None


def _patterns(mapping: Mapping) -> Patterns:
    return Patterns(
        allow=_texts(mapping, keys.ALLOW_PATTERNS_KEY), ignore=_texts(mapping, keys.IGNORE_PATTERNS_KEY)
    )
