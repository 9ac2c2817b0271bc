"""What could be a repo id in the text of one value, by its shape and by the words right beside it."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator

from hfpin.dataclass import dataclass
from hfpin.regex import lazily
from hfpin.repo import RepoType, is_repo_id
from hfpin.vocabulary import shapes

ID = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,95}/[A-Za-z0-9_][A-Za-z0-9_.-]{0,95}"

_WHOLE = lazily(
    rf"\s*(?P<id>{ID})(?:@(?P<revision>[\w./-]+)|(?<=GGUF):[\w.-]+|(?::\w+=[\w.-]+)+)?\s*", re.ASCII
)
_WORD = lazily(r"\s*(?P<id>[A-Za-z0-9_][A-Za-z0-9_.-]{0,95})\s*", re.ASCII)
_GGUF_FILE = lazily(r"\s*(?P<id>[\w][\w.-]{0,95}/[\w][\w.-]{0,90}GGUF)/[\w./-]+\.gguf\s*", re.ASCII)
"""A file of a repo, by the repo's id and its path in there."""
_BY_HUB = lazily(rf"\s*(?:hf|huggingface)/(?P<id>{ID})\s*", re.ASCII)
_AUTO_MAP = lazily(rf"(?P<id>{ID})--[\w.]+", re.ASCII)
_SEPARATOR = lazily(r"[,;|+\s]+")
_ADDRESS = lazily(
    r"(?P<scheme>hf://|HF://|hf-snapshot://|huggingface://|hg://|(?<![\w-])REMOTE:|(?<!\S)//pretrained/|(?<![\w.-])(?:hf|hf-hub|hf_clip|hf_hub|huggingface|local):|https?://(?:www\.)?(?:huggingface\.co|hf\.co|hf-mirror\.com)/"
    r"|(?<![\w/.])hf\.co/)(?:huggingface\.co/)?(?P<type>datasets/|spaces/|models/)?"
    rf"(?P<id>{ID})(?:@(?P<at>[\w.-]+)|:(?P<colon>[\w.-]+))?"
    r"(?:/(?P<verb>resolve|raw|blob|tree|commit)/(?P<revision>refs(?:/|%2F)[\w-]+(?:/|%2F)[\w-]+|[\w.-]+))?"
    r"(?P<more>/[\w.-]+)?",
    re.ASCII,
)
_SHARE = lazily(r"\d*\.\d+")
_SITE_PAGES = frozenset("docs blog papers collections api settings join pricing learn tasks chat".split())
_SPLITS = lazily(r"(?:train|test|val|valid|validation|dev|eval|all|default)\b.*")
_LOADERS = lazily(r"(?:hf|huggingface|transformers)(?:_\w+)?")
_CLONE = lazily(r"\bgit (?:lfs )?clone\b[^;&|]*$")
_COMMENT = lazily(r"(?:^|\s)#")
_LONG_LIST = 10_000
_LONG_LINE = 500


class Form(enum.Enum):
    """How an id stands in its value."""

    WHOLE = "whole"
    """It is the value."""
    WORD = "word"
    """It is the value, without a namespace."""
    ITEM = "item"
    """It is one of several in the value."""
    URI = "uri"
    """`hf://…`, `huggingface://…`."""
    FILE_URL = "file-url"
    """An address of the Hub with a revision in it."""
    PAGE_URL = "page-url"
    """An address of a repo's page."""
    ARGUMENT = "argument"
    """`pretrained=org/name`, in a command or alone."""
    FLAG = "flag"
    """`--model org/name`, or the two as items of a list."""
    COMMAND = "command"
    """`vllm serve org/name`."""
    CALL = "call"
    """`from_pretrained("org/name")`."""
    LINE = "line"
    """`model: org/name` within a text of several lines."""
    CONFIG = "config"
    """Such a line, of a text that is a config as a whole: a ConfigMap's file, Ray's `serveConfigV2`."""
    KEY = "key"
    """A mapping key."""
    CODE = "code"
    """`org/name--module.Class`, as `auto_map` has it."""


ADDRESSES = (Form.URI, Form.FILE_URL)
"""Addresses that programs load from."""
ANY_ADDRESS = (*ADDRESSES, Form.PAGE_URL)
"""Those that may be for people, too."""
WITH_OWN_KEY = (Form.FLAG, Form.ARGUMENT, Form.LINE, Form.CONFIG)
"""Parts of a text that have a key there."""
WITHIN = (*WITH_OWN_KEY, Form.COMMAND, Form.CALL, Form.KEY)
"""All that is not what the mapping around it gives to a key: parts of a text, and the key itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A text that could be a repo id.

    Args:
        repo_id: The id.
        start: Where it starts in its text, in characters.
        form: How it stands there.
        key: The flag, argument or call that it belongs to; empty where that is the value's own key.
        repo_type: The type, where the text says it.
        revision: The revision, where the text says it.
        revision_start: Where that starts; -1 where it is not beside the id.
        program: The command that it stands in; empty outside of one.
    """

    repo_id: str
    start: int
    form: Form
    key: str = ""
    repo_type: RepoType | None = None
    revision: str | None = None
    revision_start: int = -1
    program: str = ""


def in_value(text: str) -> Iterator[Mention]:
    """Give what a value is as a whole: an id, a word, or several ids with something between them."""
    match = _WHOLE.fullmatch(text)
    if match is not None:
        if is_repo_id(match["id"]):
            yield _with_revision(match)
        elif code := _AUTO_MAP.fullmatch(text.strip()):
            yield Mention(repo_id=code["id"], start=text.index(code["id"]), form=Form.CODE)
        return
    word = _WORD.fullmatch(text)
    if word is not None:
        if is_repo_id(word["id"]):
            yield Mention(repo_id=word["id"], start=word.start("id"), form=Form.WORD)
        return
    within = _GGUF_FILE.fullmatch(text) or _BY_HUB.fullmatch(text)
    if within is not None and is_repo_id(within["id"]):
        yield Mention(repo_id=within["id"], start=within.start("id"), form=Form.WHOLE)
        return
    if "/" in text and "://" not in text and "=" not in text and len(text) <= _LONG_LIST:
        yield from _in_list(text)


def _with_revision(match: re.Match[str]) -> Mention:
    revision = match["revision"]
    if revision is None:
        is_quantized = match["id"].endswith("GGUF") and match.end("id") < len(match[0].rstrip())
        kind: RepoType | None = "model" if is_quantized else None
        return Mention(repo_id=match["id"], start=match.start("id"), form=Form.WHOLE, repo_type=kind)
    if _LOADERS.fullmatch(revision):
        return Mention(repo_id=match["id"], start=match.start("id"), form=Form.WHOLE, repo_type="model")
    if _SPLITS.fullmatch(revision):
        return Mention(repo_id=match["id"], start=match.start("id"), form=Form.WHOLE, repo_type="dataset")
    return Mention(
        repo_id=match["id"],
        start=match.start("id"),
        form=Form.WHOLE,
        revision=revision,
        revision_start=match.start("revision"),
    )


def _in_list(text: str) -> Iterator[Mention]:
    """Give the ids of `a/b,c/d` and `fp16|a/b/file`; of prose, where most words are no ids, none."""
    parts: list[tuple[int, str]] = []
    at = 0
    for separator in _SEPARATOR.finditer(text):
        parts.append((at, text[at : separator.start()]))
        at = separator.end()
    parts.append((at, text[at:]))
    parts = [(start, part) for start, part in parts if part and not _SHARE.fullmatch(part)]
    ids = [(start, part) for start, part in parts if re.fullmatch(ID, part, re.ASCII) and is_repo_id(part)]
    if "|" in text and not ids:
        ids = [
            (start, "/".join(part.split("/")[:2]))
            for start, part in parts
            if re.fullmatch(rf"{ID}/[\w./-]+", part, re.ASCII)
        ]
    spaced = any(character.isspace() for character in text.strip().replace(", ", ","))
    if ids and len(ids) * (1 if spaced else 2) >= len(parts):
        for start, repo_id in ids:
            yield Mention(repo_id=repo_id, start=start, form=Form.ITEM)


def addresses(text: str) -> Iterator[Mention]:
    """Give every repo that a text names by an address: `hf://` and its like, and URLs of the Hub."""
    for match in _ADDRESS.finditer(text):
        repo_id = match["id"].rstrip(".")
        first = repo_id.partition("/")[0]
        if not is_repo_id(repo_id) or (match["type"] is None and first in _SITE_PAGES):
            continue
        line = _line_before(text, match.start())
        if _COMMENT.search(line):
            continue
        if _CLONE.search(line):
            yield Mention(repo_id=repo_id, start=match.start("id"), form=Form.COMMAND, key="git clone")
            continue
        is_url = match["scheme"].startswith("http")
        is_uri = not is_url and match["scheme"] != "hf.co/"
        group = "at" if match["at"] else "revision" if match["revision"] else ""
        if not group and is_uri and match["colon"] and match["scheme"].lower() == "hf://":
            group = "colon"
        form = Form.PAGE_URL if is_url else Form.URI
        if is_url and match["verb"] in ("resolve", "raw", "commit"):
            form = Form.FILE_URL
        yield Mention(
            repo_id=repo_id,
            start=match.start("id"),
            form=form,
            repo_type=_TYPES.get(match["type"] or ""),
            revision=match[group].replace("%2F", "/") if group else None,
            revision_start=match.start(group) if group else -1,
        )


_TYPES: dict[str, RepoType] = {"datasets/": "dataset", "spaces/": "space", "models/": "model"}


def is_local(repo_id: str) -> bool:
    """Whether an id's first part is what folders are called."""
    first = repo_id.partition("/")[0].lower()
    return first in shapes.LOCAL_FIRST_PARTS or first.endswith(shapes.LOCAL_ENDINGS)


def _line_before(text: str, at: int) -> str:
    """What stands before a place in its line, a fixed length of it at most."""
    start = max(0, at - _LONG_LINE)
    return text[max(start, text.rfind("\n", start, at) + 1) : at]


def is_legacy(word: str) -> bool:
    """Whether a word is an id that the Hub or sentence-transformers kept from before namespaces."""
    if not any(part in word for part in shapes.OLD_PARTS):  # as hardly any word of a config has one
        return False
    return bool(shapes.LEGACY_ID.fullmatch(word) or shapes.SENTENCE_TRANSFORMER.fullmatch(word))


def names_nothing_else(word: str) -> bool:
    """Whether one of those words is surely meant as an id: `gpt2` is a kind of model, too."""
    return "-" in word or word.startswith("distil")
