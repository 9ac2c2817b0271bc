"""What the keys of a candidate, and those above it, say."""

from __future__ import annotations

from hfpin.scan.candidate import Candidate
from hfpin.scan.evidence_in_values import is_for_people
from hfpin.scan.keys import KeyKind, is_plural, is_property, is_table, kind
from hfpin.scan.mentions import ADDRESSES, WITH_OWN_KEY, Form, is_local
from hfpin.scan.tree import Mapping, Scalar, resolve
from hfpin.vocabulary import elsewhere, keys

_NAMED_OTHERWISE = (*WITH_OWN_KEY, Form.KEY)
"""What the key of the value around it does not name."""


def _says(candidate: Candidate, wanted: KeyKind) -> str | None:
    is_its_own = candidate.mention.form not in (Form.KEY, Form.CALL, Form.COMMAND, Form.CODE)
    return f"{candidate.key!r}" if is_its_own and candidate.kind is wanted else None


def taught_key(candidate: Candidate) -> str | None:
    """The project says that the key holds an id."""
    return _says(candidate, KeyKind.TAUGHT)


def certain_key(candidate: Candidate) -> str | None:
    """The key holds a Hub id or a path, and nothing else."""
    return None if is_for_people(candidate) else _says(candidate, KeyKind.CERTAIN)


def model_key(candidate: Candidate) -> str | None:
    """The key names a model, a tokenizer, an adapter."""
    words = candidate.key.split("_")
    is_kind = words[-1] in keys.KIND_WORDS and words[-2:-1] and words[-2] in keys.MODEL_NOUNS
    if is_kind and candidate.mention.form is Form.WHOLE:
        return f"{candidate.key!r}"  # a type of `org/name` is loaded by that name
    return _says(candidate, KeyKind.MODEL)


def dataset_key(candidate: Candidate) -> str | None:
    """The key names a dataset."""
    return _says(candidate, KeyKind.DATASET)


def role_key(candidate: Candidate) -> str | None:
    """The key is the part that a model plays: `judge`, `draft`, `text_encoder`."""
    words = candidate.key.split("_")
    is_kind = words[-1] in keys.KIND_WORDS and candidate.mention.form is Form.WORD
    if is_kind and "-" in candidate.mention.repo_id:
        return f"{candidate.key!r}"  # a type of `bert-base-uncased` is loaded by that name
    return None if is_for_people(candidate) else _says(candidate, KeyKind.ROLE)


def general_key(candidate: Candidate) -> str | None:
    """The key may hold anything: `name`, `path`, `source`."""
    return _says(candidate, KeyKind.GENERAL)


def property_key(candidate: Candidate) -> str | None:
    """The key ends in a word for something else than what is loaded: `model_prefix`, `log_group`."""
    is_plain = candidate.mention.form in (Form.WHOLE, Form.ITEM) and candidate.mention.repo_type is None
    is_its = candidate.kind is KeyKind.NONE and is_plain
    return f"{candidate.key!r}" if is_its and is_property(candidate.key) else None


def section(candidate: Candidate) -> str | None:
    """A key that says little by itself stands in a section that is about models or datasets."""
    says_little = candidate.kind in (KeyKind.GENERAL, KeyKind.ROLE)
    if not says_little or candidate.mention.form in _NAMED_OTHERWISE or is_for_people(candidate):
        return None
    folder = candidate.facts.group
    if not candidate.above and folder is not None and (kind(folder) in _ABOUT or folder == "data"):
        return f"in the folder {folder!r}"
    for key in candidate.above[:3]:
        if key == candidate.key:  # a `default` speaks of the key above
            continue
        if key in elsewhere.DESCRIBING_SECTIONS:
            return None
        found = kind(_without_tail(key))
        if found in _ABOUT or (
            key == "data" and "api_version" not in candidate.facts.keys
        ):  # Kubernetes' is any
            return f"below {key!r}"
        if found is KeyKind.ELSEWHERE:
            return None
    return None


def _without_tail(key: str) -> str:
    """What a section is about, by its key: `text_decoder` for `text_decoder_args`."""
    subject, _, last = key.rpartition("_")
    return subject if subject and last in keys.SECTION_TAILS else key


_ABOUT = (KeyKind.MODEL, KeyKind.DATASET, KeyKind.ROLE, KeyKind.CERTAIN)


_MANY = 3
"""Namespaces in a mapping, which the folders, programs or images of one project have not."""


def table(candidate: Candidate) -> str | None:
    """The value stands in a table from short names to ids."""
    if candidate.mention.form not in (Form.WHOLE, Form.ITEM) or candidate.kind is not KeyKind.NONE:
        return None
    frame = candidate.place.frame
    if candidate.place.index is None and frame.above is not None and not isinstance(frame.step, str):
        return None  # an entry of a list of records, whose keys are no short names
    block = candidate.block
    if block is not None and len(block.namespaces) >= _MANY:
        return f"beside others, of {len(block.namespaces)} namespaces"
    if candidate.above and (_holds_ids(candidate.above[0]) or _is_all_ids(candidate)):
        return f"below {candidate.above[0]!r}"
    return None


def _holds_ids(key: str) -> bool:
    is_list = is_table(key) or is_plural(key) or key.endswith(keys.LIST_ENDINGS)
    return is_list or kind(key) is KeyKind.CERTAIN


def _is_all_ids(candidate: Candidate) -> bool:
    """Whether a section about one part has nothing but ids, one for each language, say."""
    is_meant = kind(candidate.above[0]) in _ABOUT or candidate.company is not None
    return is_meant and candidate.is_in_list_of_ids


def own_name(candidate: Candidate) -> str | None:
    """The section that it stands in is called like it."""
    step = candidate.place.frame.step
    is_same = step == candidate.mention.repo_id and candidate.mention.form is Form.WHOLE
    return f"below {step!r}" if is_same and candidate.kind is not KeyKind.ELSEWHERE else None


def mixture(candidate: Candidate) -> str | None:
    """The key itself is an id, in a mapping of datasets or models to shares or settings."""
    if candidate.mention.form is not Form.KEY:
        return None
    above = next((key for key in candidate.above if key not in keys.SPLITS), "")
    if not {"provider", "providers"}.isdisjoint(candidate.above):
        return None  # what a service has, by its own names
    block, key = candidate.block, candidate.place.key
    below = resolve(block.mapping.own(key.value)[-1]) if block and key else None
    if not candidate.place.above and isinstance(below, Mapping):
        return None  # records, in a file of models, by names that look like ids
    if isinstance(below, Scalar) and (below.value.startswith((".", "/", "~")) or is_local(below.value)):
        return None  # a name for the folder that it is in
    if kind(above) is KeyKind.DATASET or is_plural(above):
        return f"a key below {above!r}"
    return None


def declared_form(candidate: Candidate) -> str | None:
    """The key is that of the recommended form."""
    is_declared = candidate.place.key is not None and candidate.place.key.value == "repo_id"
    return "'repo_id'" if is_declared and candidate.is_value else None


def one_word_key(candidate: Candidate) -> str | None:
    """The key takes ids from the time before namespaces."""
    entry = keys.ID_KEYS.get(candidate.key)
    return f"{candidate.key!r}" if entry is not None and entry.one_word and candidate.is_value else None


def elsewhere_key(candidate: Candidate) -> str | None:
    """The key, or one above, is for what is not loaded from the Hub: push targets, images, prose."""
    is_address = candidate.mention.form in ADDRESSES
    above = candidate.above[0] if candidate.above else ""
    by_address = is_address and elsewhere.PROSE_KEYS.isdisjoint((candidate.key, above))
    if candidate.kind is KeyKind.ELSEWHERE and not by_address:
        return f"{candidate.key!r}"
    if candidate.mention.form in _NAMED_OTHERWISE and candidate.place.governing in elsewhere.PROSE_KEYS:
        return f"in the text of {candidate.place.governing!r}"
    if candidate.key == "name" and above == "metadata":
        return "the name of an object"  # as Kubernetes has it
    is_closed = not elsewhere.CLOSED_SECTIONS.isdisjoint((above, _without_tail(above))) or above.endswith(
        ("_labels", "_annotations")
    )
    is_closed = is_closed and candidate.kind is not KeyKind.TAUGHT
    is_vague = kind(above) is KeyKind.ELSEWHERE and candidate.kind in (
        KeyKind.GENERAL,
        KeyKind.ROLE,
        KeyKind.NONE,
    )
    return f"below {above!r}" if (is_closed or is_vague) and not by_address else None
