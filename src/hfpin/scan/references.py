"""Finds references in a tree, by the vocabulary."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hfpin import vocabulary
from hfpin.patterns import Patterns
from hfpin.reference import InvalidId, Reference
from hfpin.repo import REPO_TYPES, Repo, RepoType, is_interpolated, is_repo_id
from hfpin.scan.slots import Beside, find_slot, list_item_slot, requested_name
from hfpin.scan.tree import KeyPath, Mapping, Node, Scalar, Sequence, resolve
from hfpin.span import SourceText, Span
from hfpin.vocabulary import ID_KEYS, IdKey


def find(path: str, source: SourceText, documents: tuple[Node, ...]) -> Iterator[Reference | InvalidId]:
    """Give every reference of a file, and every value that is meant as one, in no particular order.

    Aliases are not followed: what they stand for is found where it is written.
    """
    finder = _Finder(path=path, source=source)
    stack: list[tuple[KeyPath, Node]] = [((number,), node) for number, node in enumerate(documents)]
    while stack:
        key_path, node = stack.pop()
        if isinstance(node, Sequence):
            stack.extend(((*key_path, index), item) for index, item in enumerate(node.items))
        elif isinstance(node, Mapping):
            yield from finder.in_mapping(node, key_path)
            for key, value in node.entries:
                stack.append(((*key_path, key.value if isinstance(key, Scalar) else "?"), value))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Finder:
    path: str
    source: SourceText

    def in_mapping(self, mapping: Mapping, key_path: KeyPath) -> Iterator[Reference | InvalidId]:
        for key, value in mapping.entries:
            id_key = ID_KEYS.get(key.value) if isinstance(key, Scalar) else None
            if id_key is None or not isinstance(key, Scalar):
                continue
            scalar = resolve(value)
            if isinstance(value, Sequence):
                yield from self._in_list(value, key, id_key, _repo_type(mapping, id_key))
            elif isinstance(scalar, Scalar) and _is_id(scalar, id_key):
                beside = Beside(
                    source=self.source,
                    mapping=mapping,
                    path=key_path,
                    key=key,
                    id_node=value,
                    revision_keys=id_key.revision_keys,
                )
                yield self._reference(scalar.value, beside, id_key)
            elif isinstance(value, Scalar) and id_key.declares and _is_meant_as_id(value):
                position = self.source.position(value.inner.start)
                yield InvalidId(text=value.value, key=key.value, span=value.inner, position=position)

    def _in_list(
        self, items: Sequence, key: Scalar, id_key: IdKey, repo_type: RepoType
    ) -> Iterator[Reference]:
        for item in items.items:
            if isinstance(item, Scalar) and _is_id(item, id_key):
                yield Reference(
                    path=self.path,
                    repo=Repo(item.value, repo_type),
                    span=item.inner,
                    position=self.source.position(item.inner.start),
                    key=key.value,
                    name=None,
                    revision=None,
                    revision_span=None,
                    requested=None,
                    patterns=Patterns(),
                    local_dir=None,
                    slot=list_item_slot(item.value),
                )

    def _reference(self, repo_id: str, beside: Beside, id_key: IdKey) -> Reference:
        mapping = beside.mapping
        span = beside.id_node.inner if isinstance(beside.id_node, Scalar) else _span(beside.id_node, beside)
        revision, revision_span, requested = self._revision(beside)
        name = beside.path[-1] if id_key.declares and len(beside.path) > 1 else None
        return Reference(
            path=self.path,
            repo=Repo(repo_id, _repo_type(mapping, id_key)),
            span=span,
            position=self.source.position(span.start),
            key=beside.key.value,
            name=name if isinstance(name, str) else None,
            revision=revision,
            revision_span=revision_span,
            requested=requested,
            patterns=_patterns(mapping) if id_key.declares else Patterns(),
            formats=_text(mapping, vocabulary.FORMATS_KEY) if id_key.declares else None,
            local_dir=_text(mapping, vocabulary.LOCAL_DIR_KEY) if id_key.declares else None,
            slot=find_slot(beside),
        )

    def _revision(self, beside: Beside) -> tuple[str | None, Span | None, str | None]:
        found = beside.revision_node()
        scalar = resolve(found[1]) if found else None
        if not isinstance(scalar, Scalar) or scalar.is_null or not scalar.value.strip():
            return None, None, None
        return scalar.value, scalar.inner, requested_name(self.source, scalar.span.end)


def _span(node: Node, beside: Beside) -> Span:
    return beside.key.span if isinstance(node, Sequence | Mapping) else node.span


def _is_id(scalar: Scalar, id_key: IdKey) -> bool:
    value = scalar.value
    if scalar.is_block or scalar.is_null or not is_repo_id(value):
        return False
    first, slash, _ = value.partition("/")
    lower = value.lower()
    if first.lower() in vocabulary.LOCAL_FIRST_PARTS or lower.endswith(tuple(vocabulary.FILE_SUFFIXES)):
        return False
    is_word = not value.replace(".", "").isdigit() and lower not in vocabulary.NO_VALUES
    return bool(slash) or (id_key.one_word and is_word)


def _is_meant_as_id(scalar: Scalar) -> bool:
    """Whether a value under a key that only takes ids is one gone wrong: no path, address or placeholder."""
    text = scalar.value.strip()
    if not text or scalar.is_block or scalar.is_null or is_repo_id(text) or is_interpolated(text):
        return False
    return not text.startswith(("/", ".", "~")) and "://" not in text


def _repo_type(mapping: Mapping, id_key: IdKey) -> RepoType:
    if id_key.declares:
        written = _text(mapping, vocabulary.REPO_TYPE_KEY)
        for repo_type in REPO_TYPES:
            if written == repo_type:
                return repo_type
    return id_key.repo_type


def _value(mapping: Mapping, key: str) -> Node | None:
    own = mapping.own(key)
    return resolve(own[-1] if own else mapping.merged(key))


def _text(mapping: Mapping, key: str) -> str | None:
    value = _value(mapping, key)
    return value.value if isinstance(value, Scalar) and not value.is_null else None


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
        allow=_texts(mapping, vocabulary.ALLOW_PATTERNS_KEY),
        ignore=_texts(mapping, vocabulary.IGNORE_PATTERNS_KEY),
    )
