"""What the text of a candidate says by itself."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from hfpin.regex import lazily
from hfpin.scan.candidate import Candidate
from hfpin.scan.keys import KeyKind, is_sold, repo_type
from hfpin.scan.mentions import (
    ADDRESSES,
    ANY_ADDRESS,
    Form,
    is_legacy,
    is_local,
    names_nothing_else,
)
from hfpin.vocabulary import elsewhere, programs, shapes

_LETTERS = lazily(r"[A-Za-z]+")
_FRACTION = lazily(r"[\d.,:x-]+/[\d.,:x-]+")


def hub_address(candidate: Candidate) -> str | None:
    """It is an `hf://` address, or the URL of a file on the Hub."""
    return candidate.mention.form.value if candidate.mention.form in ADDRESSES else None


def hub_page(candidate: Candidate) -> str | None:
    """It is the URL of a repo's page, which may be meant for people."""
    is_page = candidate.mention.form is Form.PAGE_URL
    return "a page of the Hub" if is_page and not is_for_people(candidate) else None


def is_for_people(candidate: Candidate) -> bool:
    """Whether it is the page of a repo under a key that is not for what is loaded."""
    if candidate.mention.form is not Form.PAGE_URL:
        return False
    is_beside_file = candidate.block is not None and bool(candidate.block.telling.downloads)
    return is_beside_file or elsewhere.PAGE_WORDS.isdisjoint(candidate.key.split("_"))


def code_reference(candidate: Candidate) -> str | None:
    """It is `org/name--module.Class`, which `trust_remote_code` loads from another repo."""
    return "org/name--module.Class" if candidate.mention.form is Form.CODE else None


def hub_namespace(candidate: Candidate) -> str | None:
    """The namespace is that of a library of the Hub, and nothing else is called so."""
    namespace = candidate.mention.repo_id.partition("/")[0]
    is_plain = candidate.mention.form in (Form.WHOLE, Form.ITEM)
    return f"{namespace!r}" if is_plain and namespace in shapes.HUB_NAMESPACES else None


def split_after(candidate: Candidate) -> str | None:
    """It is `org/name@train` as programs write a split of a dataset, `…@transformers`, or `…-GGUF:Q4_K_M`."""
    mention = candidate.mention
    is_said = mention.form is Form.WHOLE and mention.repo_type is not None
    if not is_said:
        return None
    if mention.repo_type == "dataset":
        return "@ and a split"
    return ": and how it is quantized" if mention.repo_id.endswith("GGUF") else "@ and a loader"


def model_like(candidate: Candidate) -> str | None:
    """The name has a size, a variant, a format or a version, as models have."""
    if candidate.mention.form in (Form.WORD, Form.PAGE_URL):
        return None
    name = candidate.mention.repo_id.rpartition("/")[2]
    found = shapes.MODEL_SIZE.search(name.lower()) or next(
        (word for word in _LETTERS.finditer(name) if word[0].lower() in shapes.MODEL_WORDS), None
    )
    return None if found is None else f"{name[slice(*found.span())]!r}"


def known_family(candidate: Candidate) -> str | None:
    """The name is one of a family that nobody sells by API, and that an organisation has published."""
    _, slash, name = candidate.mention.repo_id.partition("/")
    if candidate.mention.form not in (Form.WHOLE, Form.ITEM) or not slash:
        return None
    return f"{name!r}" if shapes.OLD_FAMILY.fullmatch(name.lower()) else None


def legacy_id(candidate: Candidate) -> str | None:
    """It is a one-word id that the Hub keeps from the time before namespaces."""
    mention = candidate.mention
    if mention.form is not Form.WORD or not names_nothing_else(mention.repo_id):
        return None
    return mention.repo_id if is_legacy(mention.repo_id) else None


def old_family(candidate: Candidate) -> str | None:
    """It is one of those ids that is also the name of a kind of model: `gpt2`."""
    mention = candidate.mention
    is_one = mention.form is Form.WORD and not names_nothing_else(mention.repo_id)
    return mention.repo_id if is_one and shapes.LEGACY_ID.fullmatch(mention.repo_id) else None


def loading_call(candidate: Candidate) -> str | None:
    """It is the argument of a call, or of a command, that loads from the Hub."""
    mention = candidate.mention
    return mention.key if mention.form in (Form.CALL, Form.COMMAND) else None


def loading_command(candidate: Candidate) -> str | None:
    """The command runs a program that loads from the Hub."""
    if candidate.mention.form not in (Form.FLAG, Form.ARGUMENT):
        return None
    match = re.search(programs.FLAG_PROGRAM, candidate.mention.program)
    return f"{match[0]!r}" if match else None


def line_in_text(candidate: Candidate) -> str | None:
    """It is a line of a text that only looks like a config: a template, an example, a request."""
    return "a key and a value within a text" if candidate.mention.form is Form.LINE else None


def bare_word(candidate: Candidate) -> str | None:
    """It is one word, which is usually a name of something else."""
    return "no namespace" if candidate.mention.form is Form.WORD else None


def ignored_value(candidate: Candidate) -> str | None:
    """The project says that it is no Hub repo."""
    taught = candidate.facts.taught.ignore_values
    return next((repr(glob) for glob in taught if fnmatchcase(candidate.mention.repo_id, glob)), None)


def local_path(candidate: Candidate) -> str | None:
    """It starts like a folder."""
    mention = candidate.mention
    is_plain = mention.form not in ANY_ADDRESS
    return f"{mention.repo_id.partition('/')[0]!r}" if is_plain and is_local(mention.repo_id) else None


def file_name(candidate: Candidate) -> str | None:
    """It ends like a file."""
    lower = candidate.mention.repo_id.lower()
    if not lower.endswith(tuple(shapes.FILE_SUFFIXES)):
        return None
    return f"{lower[lower.rindex('.') :]!r}"


def other_kind(candidate: Candidate) -> str | None:
    """It is a media type, a share, a number, a switch, a placeholder, a builder of local datasets."""
    repo_id = candidate.mention.repo_id
    first, _, rest = repo_id.lower().partition("/")
    is_number = repo_id[0] in "0123456789.,:x-" and (
        _FRACTION.fullmatch(repo_id) or repo_id.replace(".", "").isdigit()
    )
    if is_number or repo_id.lower() in shapes.NO_VALUES:
        return "a number or a switch"
    if candidate.mention.form in ANY_ADDRESS:
        return None
    if rest:
        own = repo_id.partition("/")[0]
        return f"the collection {own!r}" if own in shapes.COLLECTIONS else _not_a_namespace(first)
    is_builder = candidate.kind is KeyKind.DATASET and first in shapes.DATASET_BUILDERS
    return f"the builder {first!r}" if is_builder else None


def _not_a_namespace(first: str) -> str | None:
    """What the text before the slash is, where it is none of the Hub's."""
    if first in shapes.MIME_TYPES or first in shapes.OTHER_FIRST_PARTS:
        return f"{first!r}"
    if first in shapes.ARCHITECTURES:
        return f"the kind of model {first!r}"
    if first in shapes.PARTED_DATASETS:
        return f"a part of the dataset {first!r}"  # as tensorflow_datasets has it
    if first.startswith(shapes.PLACEHOLDER_STARTS) and shapes.PLACEHOLDER.fullmatch(first):
        return f"the placeholder {first!r}"
    if first[:1] == "v" and first[1:].isdigit():
        return f"the version {first!r}"
    return f"the host {first!r}" if "." in first else None


def api_model(candidate: Candidate) -> str | None:
    """The name, or what stands before it, is of a model that is only sold by API."""
    mention = candidate.mention
    if mention.form in (*ANY_ADDRESS, Form.WORD):
        return None
    first, _, name = mention.repo_id.partition("/")
    if first in shapes.API_PREFIXES:
        return f"{first!r}"
    is_dataset = "dataset" in (repo_type(key) for key in (candidate.key, *candidate.above[:1]))
    return f"{name!r}" if is_sold(name) and not is_dataset else None


def plain_name(candidate: Candidate) -> str | None:
    """The name is one word that folders, splits and options are called by."""
    _, slash, name = candidate.mention.repo_id.partition("/")
    is_plain = slash and candidate.mention.form not in (*ANY_ADDRESS, Form.COMMAND, Form.CALL)
    says_little = name.lower() in shapes.PLAIN_NAMES or name.isdigit() or _is_step(name.lower())
    return f"{name!r}" if is_plain and says_little else None


def _is_step(name: str) -> bool:
    """Whether it is `checkpoint-500`, or a version alone, or the like."""
    if name[:1] == "v" and name[1:].replace(".", "").isdigit():
        return True
    word = name.rstrip("0123456789")
    return word != name and word.rstrip("-_=") in shapes.STEP_NAMES


def odd_namespace(candidate: Candidate) -> str | None:
    """The namespace has an underscore, as folders often have and namespaces hardly ever."""
    first, slash, _ = candidate.mention.repo_id.partition("/")
    is_plain = candidate.mention.form not in ANY_ADDRESS
    return f"{first!r}" if slash and "_" in first and is_plain else None
