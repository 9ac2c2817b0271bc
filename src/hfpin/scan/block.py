"""A mapping of a config, and what its keys and values say together."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from hfpin.dataclass import dataclass
from hfpin.repo import is_commit, is_repo_id
from hfpin.scan.keys import KeyKind, kind, normal, stem
from hfpin.scan.mentions import is_local
from hfpin.scan.telling import Telling, telling
from hfpin.scan.tree import KeyPath, Mapping, Node, Scalar, Sequence, resolve
from hfpin.vocabulary import keys, shapes

_MOSTLY = 0.8
"""The part of a table that is ids: one or two may be special."""


@dataclass(frozen=True)
class Block:
    """A mapping, with its keys in their normal spelling.

    Args:
        mapping: It.
    """

    mapping: Mapping

    @cached_property
    def values(self) -> dict[str, tuple[str, Node]]:
        """For each key in its normal spelling: the key as written, and its value, the last one given."""
        return {
            normal(key.value): (key.value, value)
            for key, value in self.mapping.entries
            if isinstance(key, Scalar)
        }

    @cached_property
    def texts(self) -> dict[str, str]:
        """Those values that are scalars and not null, as text."""
        found = {}
        for key, (_, node) in self.values.items():
            value = resolve(node)
            if isinstance(value, Scalar) and not value.is_null and value.value.strip():
                found[key] = value.value.strip()
        return found

    @cached_property
    def telling(self) -> Telling:
        """Those keys that say something about all that stands in it."""
        return telling(self.values, self.texts)

    @cached_property
    def loading(self) -> frozenset[str]:
        """The keys that name a model, whatever their values are."""
        loads = (KeyKind.CERTAIN, KeyKind.MODEL)
        return frozenset(key for key in self.texts if kind(key) in loads)

    @cached_property
    def keyword_arguments(self) -> tuple[Block, ...]:
        """The mappings below that are passed on as they are: `model_kwargs`, `config_args`."""
        ends = ("kwargs", "_args")
        return tuple(
            Block(node)
            for key, (_, node) in self.values.items()
            if key.endswith(ends) and isinstance(node, Mapping)
        )

    @cached_property
    def trusting_flag(self) -> Scalar | None:
        """`--trust-remote-code` in a list of arguments of its own."""
        lists = (node for _, node in self.values.values() if isinstance(node, Sequence))
        items = (item for one in lists for item in one.items if isinstance(item, Scalar))
        return next((item for item in items if item.value == "--trust-remote-code"), None)

    @cached_property
    def is_all_ids(self) -> bool:
        """Whether it holds several texts, and all of them have the shape of an id."""
        shaped = len(self.texts) > 1 and len(self.texts) == len(self.values)
        return shaped and all(map(_is_id, self.texts.values()))

    @cached_property
    def namespaces(self) -> frozenset[str]:
        """The namespaces of its values, where nearly all are ids under keys that say nothing."""
        ids = [text for text in self.texts.values() if _is_id(text)]
        if len(ids) < _MOSTLY * len(self.values) or any(kind(key) is not KeyKind.NONE for key in self.texts):
            return frozenset()
        if 2 * sum(not text.islower() for text in ids) < len(ids):
            return frozenset()  # as those of paths, units, images and programs: no capitals
        found = {text.partition("/")[0] for text in ids}  # that of `m/s` is none
        known = shapes.MIME_TYPES | shapes.OTHER_FIRST_PARTS
        return frozenset(one for one in found - known if len(one) > 1 and not one.isdigit())

    @cached_property
    def names_id(self) -> bool:
        """Whether a key that is not a general one is given what has the shape of an id."""
        names = (KeyKind.CERTAIN, KeyKind.MODEL, KeyKind.DATASET)
        return any("/" in text and kind(key) in names for key, text in self.texts.items())

    @cached_property
    def commits(self) -> dict[str, str]:
        """Keys, as written, of commits that say more than the key of the id they fit, by the stem of that.

        `corpus_labeled_revision` beside `corpus_repo`, where no `corpus_labeled_repo` has a better right.
        """
        stems = {stem(key) for key, text in self.texts.items() if "/" in text}
        found: dict[str, str] = {}
        for key, text in self.texts.items():
            *subject, word = key.split("_")
            if word in keys.REVISION_WORDS and is_commit(text):
                starts = ("_".join(subject[:end]) for end in range(len(subject), 0, -1))
                found.setdefault(next((start for start in starts if start in stems), ""), self.values[key][0])
        return found

    @cached_property
    def flag_revision(self) -> tuple[KeyPath, Scalar] | None:
        """The value of the first `--revision` in a list of arguments, here or one mapping below."""
        return next(self._flags(self.mapping, (), 1), None)

    def _flags(self, mapping: Mapping, path: KeyPath, depth: int) -> Iterator[tuple[KeyPath, Scalar]]:
        for key, value in mapping.entries:
            name = key.value if isinstance(key, Scalar) else "?"
            if isinstance(value, Mapping) and depth:
                yield from self._flags(value, (*path, name), depth - 1)
            elif isinstance(value, Sequence):
                for number, (flag, item) in enumerate(zip(value.items, value.items[1:], strict=False), 1):
                    if isinstance(flag, Scalar) and isinstance(item, Scalar) and flag.value == "--revision":
                        yield (*path, name, number), item


def _is_id(text: str) -> bool:
    """Whether a text has the shape of an id, and neither starts like a folder nor ends like a file."""
    is_path = is_local(text) or text.lower().endswith(tuple(shapes.FILE_SUFFIXES))
    return "/" in text and is_repo_id(text) and not is_path
