"""Revisions of a Hub repo that are given to none: the id was misspelled, moved, or taken away."""

from __future__ import annotations

from collections.abc import Iterator

from hfpin.reference import OrphanRevision, Reference
from hfpin.regex import lazily
from hfpin.repo import RevisionKind, revision_kind
from hfpin.scan.block import Block
from hfpin.scan.keys import KeyKind, kind, normal
from hfpin.scan.places import Frame, Place, walk
from hfpin.scan.tree import Mapping, Node, Scalar
from hfpin.span import SourceText
from hfpin.vocabulary import Taught, keys

_VALUE = lazily(rb"[:=]\s*(?:[&!]\S{1,80}\s+){0,3}[\"']?(?P<digits>[0-9a-fA-F]{7,40})\b")
_LETTER = lazily(r"[a-fA-F]")
_NAMES_REPO = (KeyKind.TAUGHT, KeyKind.CERTAIN, KeyKind.MODEL, KeyKind.DATASET, KeyKind.ROLE)


def find(
    source: SourceText, documents: tuple[Node, ...], references: tuple[Reference, ...], taught: Taught
) -> Iterator[OrphanRevision]:
    """Give every revision that can belong to no repo of the file, in no particular order.

    Only what is surely one speaks: a commit, whole or abbreviated, under a key that says by its name that it
    pins a Hub repo, in a file that names none; or in a mapping with other arguments of `snapshot_download`
    that has no id.
    """
    given = {one.revision_span.start for one in references if one.revision_span is not None}
    if all(match.start("digits") in given for match in _VALUE.finditer(source.data)):
        return  # before the tree is walked: where a file has commits, they are mostly those of its repos
    own = {normal(key) for key in taught.revision_keys} - {"revision"}
    pinning = keys.HUB_REVISION_KEYS | own
    naming = _Naming()
    places = [place for place in walk(documents) if not place.is_key]
    names_repo = bool(references) or any(_names_repo(place) for place in places)
    for place in places:
        node, key = place.node, place.key
        if not isinstance(node, Scalar) or key is None or place.index is not None or not _is_commit(node):
            continue
        is_hubs = normal(key.value) in pinning and not names_repo
        if is_hubs or (key.value == "revision" and naming.is_missing(place.frame)):
            yield OrphanRevision(text=node.value, key=key.value, position=source.position(node.inner.start))


def _is_commit(node: Scalar) -> bool:
    is_one = revision_kind(node.value) in (RevisionKind.COMMIT, RevisionKind.ABBREVIATED)
    return is_one and bool(_LETTER.search(node.value))


def _names_repo(place: Place) -> bool:
    """Whether a value stands where a repo's id would: a path or a placeholder is given one elsewhere."""
    node = place.node
    is_empty = isinstance(node, Scalar) and (node.is_null or not node.value.strip())
    return not is_empty and _names(place.governing)


def _names(key: str) -> bool:
    """Whether a key takes a repo's id, and not its revision."""
    is_revision = key in keys.HUB_REVISION_KEYS or key.rpartition("_")[2] in keys.REVISION_WORDS
    return kind(key) in _NAMES_REPO and not is_revision


class _Naming:
    """Tells which mappings may name a repo, each looked at once: one may stand around a million others."""

    def __init__(self) -> None:
        self._may_name: dict[int, bool] = {}

    def is_missing(self, frame: Frame) -> bool:
        """Whether a mapping has arguments of `snapshot_download`, and neither it nor the one around an id."""
        block = frame.block
        if block is None or keys.SNAPSHOT_KEYS.isdisjoint(block.mapping.keys):
            return False
        around = (above.block for above in frame.up() if above is not frame and above.block is not None)
        outer = next(around, None)
        return not any(self._names(one) for one in (block, outer) if one is not None)

    def _names(self, block: Block) -> bool:
        if id(block) not in self._may_name:
            self._may_name[id(block)] = bool(block.mapping.own("<<")) or any(
                kind(key) is not KeyKind.NONE and not isinstance(node, Mapping) and key not in _OPTIONS
                for key, (_, node) in block.values.items()
            )
        return self._may_name[id(block)]


_OPTIONS = frozenset({"allow_patterns", "ignore_patterns", "local_dir", "revision", "repo_type", "formats"})
