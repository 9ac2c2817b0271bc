"""Every text of a tree that could be a repo id, weighed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from hfpin.dataclass import dataclass, replace
from hfpin.regex import lazily
from hfpin.repo import is_commit, is_repo_id
from hfpin.scan import arguments, mentions
from hfpin.scan.candidate import Candidate, FileFacts
from hfpin.scan.evidence import Verdict, weigh
from hfpin.scan.keys import normal
from hfpin.scan.mentions import Form, Mention, is_legacy
from hfpin.scan.places import Place, walk, walk_inside
from hfpin.scan.tree import Mapping, Node, Scalar, Sequence, resolve
from hfpin.span import SourceText, Span
from hfpin.vocabulary import NOTHING, Taught, keys, shapes

if TYPE_CHECKING:
    from hfpin.scan.embedded import Embedded

_LONGEST_WORD = 100
_DEEPEST_TEXT = 4
"""How far configs in texts of configs are read: each is read again for each around it; nobody has three."""
_TEXT = lazily(r"[\s=({]")
_LOADS = lazily(r"\b(?:from_pretrained|load_dataset)\(")
_HUB = lazily(
    r"hf[-_]?(?:clip|hub|snapshot)?:|huggingface:|local:|hf\.co|huggingface\.co|hf-mirror|hg://|HF://|REMOTE:|^//pretrained/"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A candidate with its verdict.

    Args:
        candidate: It.
        verdict: Whether it is a reference, and why.
        span: The bytes of the id, or of the alias that stands for it.
        written: The bytes of the id, in its anchor where an alias stands for it.
        revision_span: The bytes of the revision that stands in the same text, if one does.
        exact: Whether the text that the id was found in is what the file holds, byte by byte.
        lone: Whether it is the only one in its value.
        within: The config in a text of the file that it stands in; None where it stands in the file itself.
    """

    candidate: Candidate
    verdict: Verdict
    span: Span
    written: Span
    revision_span: Span | None
    exact: bool
    lone: bool
    within: SourceText | None = None


def judge(  # noqa: PLR0913  # a file, and how it is to be read
    path: str,
    source: SourceText,
    documents: tuple[Node, ...],
    taught: Taught = NOTHING,
    *,
    words: bool = True,
    fully: bool = True,
    most: int | None = None,
) -> Iterator[Judged]:
    """Give every text that could be an id, with what is thought of it, in no particular order.

    Args:
        path: The file.
        source: Its text.
        documents: Its tree.
        taught: What the project says about its own keys and values.
        words: Whether ids without a namespace are looked for, too.
        fully: Whether all that speaks against what is no reference is to be seen.
        most: How many are looked at; all where None.
    """
    top = (key for document in documents if isinstance(document, Mapping) for key in document.keys)
    names = frozenset(normal(key) for key in top)
    facts = FileFacts(path=path, keys=names, taught=taught, documents=documents, text=source.text)
    part = "" if words else "/"
    each = _judge(source, facts, walk(documents, part), part, fully=fully)
    return _in_company(islice(each, most), fully=fully)


def _in_company(judged: Iterable[Judged], *, fully: bool) -> Iterator[Judged]:
    """Weigh again, at the end, what stands beside an id that was taken and is under an unknown key."""
    taken: dict[int, tuple[object, str]] = {}  # with the mapping itself, whose number nothing else has then
    twins: dict[tuple[int, str], tuple[object, str]] = {}  # so, too
    waiting = []
    for one in judged:
        candidate = one.candidate
        if candidate.may_be_company and one.verdict.is_taken:
            taken.setdefault(id(candidate.block), (candidate.block, candidate.key))
        around = candidate.place.frame.above
        if candidate.may_be_twin and one.verdict.is_taken:
            twins.setdefault((id(around), candidate.key), (around, candidate.mention.repo_id))
        if (candidate.may_have_company or candidate.may_be_twin) and not one.verdict.is_taken:
            waiting.append(one)
        else:
            yield one
    elsewhere = next(iter(taken.values()), None)
    for one in waiting:
        found, twin = None, None
        if one.candidate.may_be_twin:
            twin = twins.get((id(one.candidate.place.frame.above), one.candidate.key))
        else:
            found = taken.get(id(one.candidate.block), elsewhere if one.candidate.is_in_list_of_ids else None)
        if found is None and twin is None:
            yield one
            continue
        candidate = replace(one.candidate, company=found and found[1], twin=twin and twin[1])
        yield replace(one, candidate=candidate, verdict=weigh(candidate, fully=fully))


def _judge(  # noqa: PLR0913  # a text, how it is to be read, and how far in it is
    source: SourceText,
    facts: FileFacts,
    places: Iterable[Place],
    part: str,
    *,
    fully: bool,
    depth: int = 0,
) -> Iterator[Judged]:
    seen: dict[int, arguments.Arguments] = {}
    for place in places:
        scalar = resolve(place.node)
        if not isinstance(scalar, Scalar) or (scalar.is_null and not place.is_key):
            continue
        is_json = scalar.value[:1] in ("{", "[")
        if (is_json and ":" in scalar.value) or ("/" in scalar.value and (is_json or "\n" in scalar.value)):
            inner = _embedded(source, place, scalar) if depth < _DEEPEST_TEXT else None
            if inner is not None:
                inside = walk_inside(place, inner.documents, part)
                for one in _judge(inner.source, facts, inside, part, fully=fully, depth=depth + 1):
                    yield _moved(one, inner)
                continue
        located = _Located(source.slice(scalar.inner), scalar.inner)
        found = [one for one in _mentions(place, scalar, located.text, seen) if is_repo_id(one.repo_id)]
        for mention in found:
            span = located.span(mention.repo_id, mention.start) or located.first(mention.repo_id)
            revision_at = located.span(mention.revision or "", mention.revision_start)
            candidate = Candidate(mention=mention, place=place, facts=facts)
            yield Judged(
                candidate=candidate,
                verdict=weigh(candidate, fully=fully),
                span=span if place.node is scalar else place.node.span,
                written=span,
                revision_span=revision_at if place.node is scalar else None,
                exact=located.text == scalar.value,
                lone=len(found) == 1 and place.node is scalar,
            )


def _embedded(source: SourceText, place: Place, scalar: Scalar) -> Embedded | None:
    """The config that a value is; none of a key, and none of what stands in an alias."""
    if place.is_key or place.node is not scalar:
        return None
    from hfpin.scan import embedded  # here: as below

    return embedded.read(source, place, scalar)


def _moved(one: Judged, inner: Embedded) -> Judged:
    """What stands in a text, with places in the file."""

    def moved(span: Span) -> Span:
        return Span(span.start + inner.start, span.end + inner.start)

    return replace(
        one,
        span=moved(one.span),
        written=moved(one.written),
        revision_span=None if one.revision_span is None else moved(one.revision_span),
        within=one.within or inner.source,
    )


def _mentions(
    place: Place, scalar: Scalar, text: str, seen: dict[int, arguments.Arguments]
) -> Iterator[Mention]:
    value = scalar.value
    is_script = "/" in value or "--" in value or ("(" in value and _LOADS.search(value) is not None)
    if not is_script and (len(value) > _LONGEST_WORD or place.key is None):
        return
    whole = [one for one in mentions.in_value(value) if one.form is not Form.WORD or _may_be_id(one, place)]
    if place.is_key:
        revision = _revision_of_key(place)
        for mention in whole:
            if mention.form is Form.WHOLE:
                yield replace(mention, form=Form.KEY, revision=mention.revision or revision)
        return
    if place.index is not None and place.frame.items is not None and isinstance(place.node, Scalar):
        of_list = seen.get(id(place.frame.items))
        if of_list is None:
            of_list = seen[id(place.frame.items)] = arguments.read(place.frame.items, _command_of(place))
        if of_list.is_one:
            yield from of_list.at(place.index, whole, value)
            return
    yield from whole
    is_variable = place.frame.variables is not None
    several = list(_in_variable(text)) if is_variable else []
    if len(several) > 1:
        yield from several
        return
    is_old = is_variable and mentions.is_legacy(value.partition("=")[2].strip())
    if not whole and place.node is scalar and (is_script or is_old):
        yield from _in_text(text)


def _in_variable(text: str) -> Iterator[Mention]:
    """Give the ids of a variable that has several: `MODELS=org/one;org/two`."""
    name, _, rest = text.partition("=")
    for mention in mentions.in_value(rest):
        yield replace(mention, form=Form.ARGUMENT, key=normal(name), start=len(name) + 1 + mention.start)


def _revision_of_key(place: Place) -> str | None:
    """What a key is at: the whole commit that it is given, or the `revision` below it."""
    block = place.block
    value = resolve(block.mapping.own(place.key.value)[-1]) if block and place.key else None
    if isinstance(value, Mapping):
        value = resolve(next(iter(value.own("revision")), None))
        return value.value if isinstance(value, Scalar) and not value.is_null else None
    return value.value if isinstance(value, Scalar) and is_commit(value.value) else None


def _command_of(place: Place) -> tuple[str, ...]:
    """The words before a list of arguments: Kubernetes' `command` before `args`, Compose's `entrypoint`."""
    before = {"args": "command", "command": "entrypoint"}.get(place.governing)
    if before is None or place.block is None:
        return ()
    _, node = place.block.values.get(before, ("", None))
    command = resolve(node)
    items = command.items if isinstance(command, Sequence) else (command,)
    return tuple(item.value for item in items if isinstance(item, Scalar))


def _may_be_id(word: Mention, place: Place) -> bool:
    """Whether a word without a namespace is worth weighing: most values of a config are such words."""
    entry = keys.ID_KEYS.get(place.governing)
    takes_words = entry is not None and (entry.one_word or entry.repo_type == "dataset")
    return takes_words or is_legacy(word.repo_id) or word.repo_id in shapes.LEGACY_DATASETS


def _in_text(text: str) -> Iterator[Mention]:
    if _HUB.search(text):
        yield from mentions.addresses(text)
    if _TEXT.search(text):
        from hfpin.scan import commands  # here: most files have no commands, and its patterns take time

        yield from commands.in_text(text)


class _Located:
    """Translates places in a value's text to bytes of the file, forward from the last one."""

    def __init__(self, text: str, inner: Span) -> None:
        self.text = text
        self._inner = inner
        self._is_ascii = len(text) == inner.end - inner.start
        self._last = (0, inner.start)

    def offset(self, character: int) -> int:
        """Give the byte of a character."""
        if self._is_ascii:
            return self._inner.start + character
        at, offset = self._last if self._last[0] <= character else (0, self._inner.start)
        offset += len(self.text[at:character].encode("utf-8"))
        self._last = (character, offset)
        return offset

    def span(self, written: str, start: int) -> Span | None:
        """Give the bytes of a part of the text that starts at a character, if it is there."""
        if start < 0 or not self.text.startswith(written, start):
            return None
        first = self.offset(start)
        return Span(first, first + len(written.encode("utf-8")))

    def first(self, written: str) -> Span:
        """Give the bytes of a part of the text, or all of it where escapes hide the part."""
        return self.span(written, self.text.find(written)) or self._inner
