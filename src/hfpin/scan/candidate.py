"""A text that could be a repo id, with everything that may speak for or against it."""

from __future__ import annotations

import re
from functools import cached_property
from itertools import islice

from hfpin.dataclass import dataclass
from hfpin.repo import RepoType
from hfpin.scan.block import Block
from hfpin.scan.keys import KeyKind, is_plural, is_property, is_sold, is_table, kind, normal
from hfpin.scan.mentions import WITH_OWN_KEY, WITHIN, Form, Mention, is_legacy, names_nothing_else
from hfpin.scan.places import Place, walk
from hfpin.scan.tree import Mapping, Node, Scalar, resolve
from hfpin.vocabulary import NOTHING, Taught, elsewhere, keys, programs, services, shapes

_MOST_LINES = 50
"""How many comments about the Hub are kept: no config has more."""
_NESTED = frozenset("parameters args kwargs config params options settings model tokenizer".split())


@dataclass(frozen=True, kw_only=True)
class FileFacts:
    """What holds for a whole file.

    Args:
        path: Its path.
        keys: The keys of its top-level mappings, in their normal spelling.
        taught: What its project says about keys and values.
        documents: Its tree.
        text: All of it, comments included.
    """

    path: str
    keys: frozenset[str]
    taught: Taught = NOTHING
    documents: tuple[Node, ...] = ()
    text: str = ""

    @cached_property
    def other_hub(self) -> str | None:
        """The other hub that the file's comments speak of, where it says no word of this one."""
        lower = self.text.lower()
        is_mirrored = f"{shapes.MIRROR}/" in self.text
        if is_mirrored and not re.search(r"use_hf\b.{0,3}true|hf[_-]hub|hugging", lower):
            return shapes.MIRROR
        for name in services.OTHER_HUB_NAMES:
            if name in lower and "hugging" not in lower and "hf" not in lower:
                said = (line.partition(name)[0] for line in lower.splitlines() if name in line)
                if any("#" in before or "//" in before for before in said):
                    return name
        return None

    def is_said_to_be_of_hub(self, word: str) -> bool:
        """Whether the comment behind a word in the file's text speaks of this hub."""
        return any(re.search(rf"\b{word}\b", before) for before in self._before_hub)

    @cached_property
    def _before_hub(self) -> tuple[str, ...]:
        lines = re.finditer(programs.HUB_IN_COMMENT, self.text)
        return tuple(match[1] for match in islice(lines, _MOST_LINES))

    @cached_property
    def taught_keys(self) -> dict[str, tuple[RepoType, str | None]]:
        """The project's own keys in their normal spelling: what they name, and the key of its revision."""
        found: dict[str, tuple[RepoType, str | None]] = {}
        for key, revision_key in self.taught.dataset_keys.items():
            found[normal(key)] = ("dataset", revision_key)
        for key, revision_key in self.taught.model_keys.items():
            found[normal(key)] = ("model", revision_key)
        return found

    @cached_property
    def group(self) -> str | None:
        """The folder of a config group that the file is in: `model` of `conf/model/small.yaml`."""
        parts = self.path.split("/")
        is_grouped = len(parts) > 2 and parts[-3] in keys.CONFIG_FOLDERS  # noqa: PLR2004  # two folders and a file
        return normal(parts[-2]) if is_grouped else None

    @cached_property
    def section(self) -> tuple[str, ...]:
        """The file's own name, where it says that it lists models or datasets: `models.json`."""
        name = normal(self.path.rpartition("/")[2].partition(".")[0])
        return (name,) if is_plural(name) or is_table(name) or name.endswith(keys.LIST_ENDINGS) else ()

    @cached_property
    def is_task(self) -> bool:
        """Whether it is a task of lm-evaluation-harness or of what is built on it."""
        has_task = not {"task", "group", "include", "tag"}.isdisjoint(self.keys)
        doc_to = any(key.startswith("doc_to_") for key in self.keys)
        return (has_task or doc_to) and (doc_to or not _TASK_KEYS.isdisjoint(self.keys))

    @cached_property
    def gateways(self) -> dict[str, str]:
        """A name that only a gateway takes (`anthropic/claude-4`), for each key that one stands under."""
        found: dict[str, str] = {}
        for place in walk(self.documents, "/"):
            scalar = resolve(place.node)
            if isinstance(scalar, Scalar) and not place.is_key and _is_of_gateway(scalar.value):
                found.setdefault(slot(place), scalar.value)
        return found

    @cached_property
    def pushes(self) -> str | None:
        """The name of a workflow of GitHub, if it says that something is brought to the Hub."""
        top = next((one for one in self.documents if isinstance(one, Mapping)), None)
        name = resolve(next(iter(top.own("name")), None)) if top is not None and "jobs" in self.keys else None
        said = isinstance(name, Scalar) and re.search(programs.PUSHES, name.value) is not None
        return name.value if isinstance(name, Scalar) and said else None

    @property
    def is_results(self) -> bool:
        """Whether an evaluation harness wrote it."""
        return "results" in self.keys and not programs.RESULT_FILE_KEYS.isdisjoint(self.keys)


def slot(place: Place) -> str:
    """The key that what stands at a place has in common with others: in a table, the key above."""
    own = place.governing
    if kind(own) is not KeyKind.NONE:
        return own
    return place.above[0] if place.above else ""


def _is_of_gateway(text: str) -> bool:
    first, _, rest = text.partition("/")
    is_service = first in shapes.API_PREFIXES or first == "openai"
    return is_service and ("/" in rest or is_sold(rest))


_TASK_KEYS = frozenset(
    "output_type metric_list test_split validation_split generation_kwargs fewshot_split".split()
)


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A mention at its place.

    Args:
        mention: What was seen in the text.
        place: Where the text stands.
        facts: The file's.
        company: The key, in its mapping, of another id that was taken for one; None before that is known.
        twin: Such an id under the same key in an entry beside its own.
    """

    mention: Mention
    place: Place
    facts: FileFacts
    company: str | None = None
    twin: str | None = None

    @cached_property
    def key(self) -> str:
        """The key, flag or argument that names the value, in its normal spelling."""
        return self.mention.key if self.mention.form in WITH_OWN_KEY else self.place.governing

    @cached_property
    def kind(self) -> KeyKind:
        """What that key says; in a table from short names to ids, the short names say nothing."""
        if self.key in self.facts.taught_keys:
            return KeyKind.TAUGHT
        if self.key in elsewhere.CARD_KEYS and self._has_its_revision:
            return KeyKind.GENERAL
        found = kind(self.key)
        is_short_name = (
            found in (KeyKind.ROLE, KeyKind.ELSEWHERE) and self.key not in elsewhere.ELSEWHERE_KEYS
        )
        return KeyKind.NONE if is_short_name and self.above and is_table(self.above[0]) else found

    @property
    def _has_its_revision(self) -> bool:
        block = self.block
        if block is None or block.names_id or self.mention.form is not Form.WHOLE:
            return False
        return not keys.REPO_REVISION_KEYS.isdisjoint(block.texts)

    @cached_property
    def above(self) -> tuple[str, ...]:
        """The keys above, the nearest first; above all of them, the file's name if it says what it lists."""
        return (*self.place.above, *self.facts.section)

    @cached_property
    def block(self) -> Block | None:
        """The mapping around it."""
        return self.place.block

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The mapping that holds it; for what is nested by style only, those around it too."""
        if self.mention.form is Form.ARGUMENT and self.place.frame.variables is not None:
            return (self.place.frame.variables,)
        if self.block is None or self.mention.form in WITHIN:
            return ()
        own = normal(self.place.key.value) if self.place.key is not None else ""
        found = [self.block]
        for above, outer in zip(self.above, self.place.outer, strict=False):
            is_style = above.rpartition("_")[2] in _NESTED
            if not is_style and not (len(found) == 1 and (self._is_in_table or own in keys.TRANSPARENT_KEYS)):
                break
            found.append(outer)
        return tuple(found)

    @property
    def _is_in_table(self) -> bool:
        """Whether its key is a short name, in a table that the keys beside the table speak of."""
        return self.kind is KeyKind.NONE and self.place.index is None and is_plural(self.above[0])

    @property
    def may_be_company(self) -> bool:
        """Whether it says, once it is taken, what its mapping is about."""
        return self.is_value and self.kind not in (KeyKind.NONE, KeyKind.GENERAL)

    @property
    def may_have_company(self) -> bool:
        """Whether its key says little by itself, and nothing against it."""
        is_word = self.mention.form is Form.WORD and names_nothing_else(self.mention.repo_id)
        if self.mention.form is not Form.WHOLE and not (is_word and is_legacy(self.mention.repo_id)):
            return self.mention.form is Form.WORD and self.kind is KeyKind.DATASET
        if self.kind not in (KeyKind.NONE, KeyKind.ROLE):
            return False
        words = self.key.split("_")
        is_other = words[-1] == "image" or is_property(self.key)
        return not is_other and elsewhere.ELSEWHERE_WORDS.isdisjoint(words)

    @property
    def may_be_twin(self) -> bool:
        """Whether it stands under a general key in one of several entries, or in one of several sections."""
        is_plain = self.mention.form is Form.WHOLE and self.place.index is None
        return is_plain and self.kind is KeyKind.GENERAL and self.place.frame.above is not None

    @property
    def is_in_list_of_ids(self) -> bool:
        """Whether it stands in a section that has nothing but ids, by whatever keys."""
        is_plain = self.mention.form is Form.WHOLE and self.place.index is None and bool(self.place.above)
        return is_plain and self.block is not None and self.block.is_all_ids

    @property
    def is_value(self) -> bool:
        """Whether the id is what its key is given, and not the key or part of a command."""
        return self.mention.form in (Form.WHOLE, Form.WORD, Form.ITEM, Form.PAGE_URL)
