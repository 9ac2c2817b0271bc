"""What a key's name says about its value: by the vocabulary, and by how such names are put together."""

from __future__ import annotations

import enum
import functools
import re

from hfpin.regex import lazily
from hfpin.repo import RepoType
from hfpin.vocabulary import elsewhere, keys, programs, services, shapes

_CAMEL = lazily(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_BETWEEN = lazily(r"[\s.:/_-]+")
_DIGITS = lazily(r"(?<=[a-z])\d+$")
_ALIKE = {
    "modelname": "model_name",
    "modelid": "model_id",
    "modelpath": "model_path",
    "datasetname": "dataset_name",
}
_SPELLINGS = (("hugging_face", "huggingface"), ("tokeniser", "tokenizer"))
_HUB_WORDS = frozenset({"hf", "huggingface"})


class KeyKind(enum.Enum):
    """How far a key says that its value is a repo id."""

    TAUGHT = "taught"
    CERTAIN = "certain"
    MODEL = "model"
    DATASET = "dataset"
    ROLE = "role"
    GENERAL = "general"
    ELSEWHERE = "elsewhere"
    NONE = "none"


@functools.lru_cache(maxsize=4096)
def normal(key: str) -> str:
    """Spell a key as the vocabulary does: `--modelName` and `MODEL_NAME` are both `model_name`."""
    if len(key) > 100:  # noqa: PLR2004  # no program has such a key
        return ""
    words = _CAMEL.sub("_", key.strip("-+@$ ")) if key != key.upper() else key
    found = _BETWEEN.sub("_", words).strip("_").lower()
    for other, usual in _SPELLINGS:
        found = found.replace(other, usual)
    found = _ALIKE.get(found, found)
    if key.startswith("_"):
        return f"_{found}_" if key.endswith("_") else f"_{found}"
    return found


@functools.lru_cache(maxsize=4096)
def kind(key: str) -> KeyKind:
    """Tell what a key in its normal spelling says."""
    if key in elsewhere.ELSEWHERE_KEYS:
        return KeyKind.ELSEWHERE
    words = key.split("_")
    if not elsewhere.ELSEWHERE_WORDS.isdisjoint(words):
        return KeyKind.ELSEWHERE
    found = _own_kind(key, words)
    if found is KeyKind.NONE:
        found = _mentioned_kind(words)
    is_image = "image" in (words[-1], _stem(words)[-1]) and not key.endswith("_repo_id")
    return KeyKind.ELSEWHERE if is_image and found is not KeyKind.NONE else found


def _own_kind(key: str, words: list[str]) -> KeyKind:
    if key in keys.CERTAIN_KEYS or key.endswith(keys.CERTAIN_ENDINGS):
        return KeyKind.CERTAIN
    if not _HUB_WORDS.isdisjoint(words) and (words[-1] in keys.TAILS or words[-1] in keys.MODEL_NOUNS):
        return KeyKind.CERTAIN
    is_of_hub = words[0] in _HUB_WORDS and len(words) > 1
    if is_of_hub and words[-1] not in keys.HUB_SETTINGS and words[-1] not in keys.PROPERTIES:
        return KeyKind.CERTAIN
    if key in keys.GENERAL_KEYS or key == "data":
        return KeyKind.GENERAL
    if key.endswith(keys.MIXTURE_ENDINGS):
        return KeyKind.DATASET
    return _noun_kind(_stem(words), words)


def _noun_kind(subject: list[str], words: list[str]) -> KeyKind:
    """Tell a key by the word that its tail follows: `model` of `reward_model_path`."""
    if subject[-1] == "base" and len(subject) > 1 and subject[-2] not in keys.LOADED_NOUNS:
        return KeyKind.NONE  # a `knowledge_base`
    if "_".join(subject[-2:]) in keys.DATASET_NOUNS:
        return KeyKind.DATASET
    one = _DIGITS.sub("", subject[-1])
    # The last word itself, too: what may be a tail may be a noun, as in `init_checkpoint`.
    for last in (one, one.removesuffix("s"), subject[-1], words[-1]):
        if last in keys.DATASET_NOUNS:
            return KeyKind.DATASET
        if last in keys.LOADED_NOUNS or (last in keys.MODEL_NOUNS and len(subject) < len(words)):
            return KeyKind.MODEL
        if last in keys.MODEL_NOUNS:
            return KeyKind.ROLE
    return KeyKind.NONE


def _mentioned_kind(words: list[str]) -> KeyKind:
    """Tell a key that has such a word anywhere, and ends in none that says what else it holds."""
    if words[-1] in keys.PROPERTIES:
        is_kept = words[-1] in keys.FOLDER_WORDS and words[-2:-1] and words[-2] in keys.KEPT_NOUNS
        return KeyKind.ROLE if is_kept else KeyKind.NONE  # `model_dir: org/name`
    is_address = words[-1] in keys.ADDRESS_TAILS and len(words) > 1
    is_about = is_address or "_".join(words) in keys.START_KEYS or not keys.MENTIONED_NOUNS.isdisjoint(words)
    return KeyKind.ROLE if is_about else KeyKind.NONE


def _stem(words: list[str]) -> list[str]:
    """The words of a key without what only says how the value is spelled: `X_model` of `X_model_id`."""
    end = len(words)
    while end > 1 and (words[end - 1] in keys.TAILS or words[end - 1].isdigit()) and end > len(words) - 2:
        end -= 1
    return words[:end]


def stem(key: str) -> str:
    """What a key and its revision's key have in common: `reward_model` of `reward_model_name_or_path`."""
    for ending in keys.CERTAIN_ENDINGS:
        if key.endswith(ending):
            return key[: -len(ending)]
    return "_".join(_stem(key.split("_")))


def revision_flags(key: str, *, below: str = "") -> frozenset[str]:
    """The flags, or names of arguments, that may carry the revision of what another one names.

    Args:
        key: What names it.
        below: The flag that `key=value` is one of the values of, if it is.
    """
    own = frozenset(f"{stem(key)}_{word}" for word in ("revision", "rev"))
    is_main = not any(word in key or word in below for word in programs.OWN_REVISION)
    return own.union(programs.PLAIN_REVISION if is_main else ())


def is_plural(key: str) -> bool:
    """Whether a key holds several models or datasets."""
    return kind(key) in (KeyKind.MODEL, KeyKind.DATASET, KeyKind.ROLE) and key.endswith("s")


def is_property(key: str) -> bool:
    """Whether a key ends in a word for something else than what is loaded."""
    last = key.rpartition("_")[2]
    return last in keys.PROPERTIES and last not in keys.KIND_WORDS


def is_table(key: str) -> bool:
    """Whether a key holds a table from short names to ids."""
    is_about = any(word in key for word in ("model", "path", "hf", "llm", "tokenizer", "dataset", "zoo"))
    return is_about and key.endswith(keys.TABLE_ENDINGS)


@functools.lru_cache(maxsize=4096)
def repo_type(key: str) -> RepoType:
    """The type of repo that a key names."""
    entry = keys.ID_KEYS.get(key)
    if entry is not None:
        return entry.repo_type
    words = key.split("_")
    is_dataset = any(word in ("dataset", "datasets", "corpus", "corpora", "data") for word in words)
    return "dataset" if is_dataset or key.endswith(keys.MIXTURE_ENDINGS) else "model"


@functools.lru_cache(maxsize=4096)
def provider(value: str) -> str:
    """Spell a provider as the vocabulary does: `openai_completions` and `OpenAI` are both `openai`."""
    if len(value) > 100:  # noqa: PLR2004  # as above
        return ""
    first, _, last = value.partition("/")
    words = normal((last if first == "proxy" else first).partition(":")[0]).split("_")
    for end in range(len(words), 0, -1):
        for name in ("_".join(words[:end]), "".join(words[:end])):
            if name in services.PROVIDERS:
                return name
    return "_".join(words)


def is_sold(name: str) -> bool:
    """Whether a model of this name is sold by API only."""
    if name.startswith(shapes.API_MODELS):
        return "tokenizer" not in name  # which others have written for it, and share
    may_be = name.startswith(shapes.API_MODEL_STARTS) or "-Instruct-" in name
    return may_be and shapes.API_MODEL.match(name) is not None


def is_loader(name: str) -> bool:
    """Whether a class or function, by its path, loads from the Hub."""
    return re.search(programs.LOADER_CLASS, name) is not None


def names_the_hub(key: str) -> bool:
    """Whether a key says by its first word that it is about the Hub, whatever is said beside it."""
    return key.partition("_")[0] in _HUB_WORDS
