"""Finds references in a tree: candidates, weighed by the evidence, then settled."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from hfpin.dataclass import dataclass, replace
from hfpin.patterns import Patterns
from hfpin.reference import InvalidId, Reference, Role
from hfpin.repo import REPO_TYPES, Repo, RepoType, is_interpolated, is_repo_id
from hfpin.scan.candidate import Candidate
from hfpin.scan.judging import Judged, judge
from hfpin.scan.keys import repo_type
from hfpin.scan.mentions import Form
from hfpin.scan.places import walk
from hfpin.scan.settling import settle
from hfpin.scan.slots import Syntax
from hfpin.scan.tree import Mapping, Node, Scalar, Sequence, resolve
from hfpin.scan.trust import find_trust
from hfpin.span import SourceText, Span
from hfpin.vocabulary import NOTHING, Taught, keys

MOST = 10_000
"""How many texts of one file are weighed: no config holds as many ids, and data would take minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a tree holds.

    Args:
        references: Every reference, in the order of the file.
        invalid: Every value that is meant as a repo id and cannot be one, in that order.
        is_all: Whether every text that could be an id was weighed.
    """

    references: tuple[Reference, ...]
    invalid: tuple[InvalidId, ...]
    is_all: bool


def find(  # noqa: PLR0913  # a file, and how it is to be read
    path: str,
    source: SourceText,
    documents: tuple[Node, ...],
    syntax: Syntax = Syntax.YAML,
    taught: Taught = NOTHING,
    *,
    words: bool = True,
) -> Found:
    """Find every reference of a file, and every value that is meant as one.

    What an alias stands for is a reference of its own, with what stands beside the alias. Its position is
    where the id is written, unless what is found there is at another revision.
    """
    taken: dict[Span, Judged] = {}
    number = 0
    for judged in judge(path, source, documents, taught, words=words, fully=False, most=MOST + 1):
        number += 1
        if number > MOST:
            break
        best = taken.get(judged.span)
        if judged.verdict.is_taken and (best is None or best.verdict.total < judged.verdict.total):
            taken[judged.span] = judged
    found = {span: _reference(path, source, judged, syntax) for span, judged in sorted(taken.items())}
    mentioned = []
    for span, reference in found.items():
        at_anchor = found.get(taken[span].written, reference)
        same = at_anchor.revision == reference.revision
        position = source.position(taken[span].written.start)
        mentioned.append(replace(reference, position=position) if same else reference)
    return Found(
        references=tuple(mentioned),
        invalid=tuple(sorted(_invalid(source, documents), key=lambda one: one.span)),
        is_all=number <= MOST,
    )


def _invalid(source: SourceText, documents: tuple[Node, ...]) -> Iterator[InvalidId]:
    if "repo_id" not in source.text and "\\" not in source.text:
        return
    for place in walk(documents):
        node = place.node
        if (
            isinstance(node, Scalar)
            and place.key is not None
            and place.key.value == "repo_id"
            and not place.is_key
            and place.index is None
            and _is_meant_as_id(node)
        ):
            position = source.position(node.inner.start)
            yield InvalidId(text=node.value, key="repo_id", span=node.inner, position=position)


def _reference(path: str, source: SourceText, judged: Judged, syntax: Syntax) -> Reference:
    candidate, mention = judged.candidate, judged.candidate.mention
    place, block = candidate.place, candidate.block
    key = place.key
    declares = key is not None and key.value == "repo_id" and candidate.is_value and place.index is None
    settled = settle(source, judged, syntax)
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
        formats=_text(mapping, keys.FORMATS_KEY) if mapping is not None else None,
        local_dir=_text(mapping, keys.LOCAL_DIR_KEY) if mapping is not None else None,
        misread=_misread(mapping) if mapping is not None else (),
        slot=settled.slot,
        reads_as=settled.reads_as,
        trust=find_trust(source, judged) if judged.within is None else None,
        role=_role(path, candidate),
    )


def _role(path: str, candidate: Candidate) -> Role | None:
    if candidate.mention.form is Form.CODE or candidate.key == keys.CODE_KEY:
        return "code"
    is_base = candidate.key == keys.BASE_KEY and PurePosixPath(path).name == keys.ADAPTER_CONFIG
    return "base_model" if is_base else None


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
    if candidate.key in candidate.facts.taught_keys:
        return candidate.facts.taught_keys[candidate.key][0]
    if candidate.key in keys.KERNEL_KEYS:
        return "kernel"
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


def _misread(mapping: Mapping) -> tuple[str, ...]:
    """The keys whose values `snapshot_download` would not take: of another kind, or no type of repo."""
    wanted = {**dict.fromkeys(_OF_PATTERNS, True), **dict.fromkeys(_OF_TEXT, False)}
    other = [key for key, several in wanted.items() if not _is_text(_value(mapping, key), several=several)]
    written = _text(mapping, keys.REPO_TYPE_KEY)
    if written is not None and written not in REPO_TYPES and not is_interpolated(written):
        other.append(keys.REPO_TYPE_KEY)
    return tuple(other)


def _is_text(node: Node | None, *, several: bool) -> bool:
    if isinstance(node, Sequence) and several:
        return all(isinstance(resolve(item), Scalar) for item in node.items)
    return node is None or isinstance(node, Scalar)


_OF_PATTERNS = (keys.ALLOW_PATTERNS_KEY, keys.IGNORE_PATTERNS_KEY)
_OF_TEXT = (keys.FORMATS_KEY, keys.LOCAL_DIR_KEY, keys.REPO_TYPE_KEY)


def _patterns(mapping: Mapping) -> Patterns:
    return Patterns(
        allow=_texts(mapping, keys.ALLOW_PATTERNS_KEY), ignore=_texts(mapping, keys.IGNORE_PATTERNS_KEY)
    )
