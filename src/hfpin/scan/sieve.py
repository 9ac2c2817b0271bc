"""Tells from a file's bytes alone that nothing in it can be a reference, nor anything else that is reported.

Most config files hold none, and what tells so is a few searches at the speed of C. A no is a proof, by the
ways in which a scan finds anything (`tests/unit/scan/test_sieve.py` tries to refute it); all else is read.

What is found is always written out in the file, but for escapes, so these are what to look for:

- an id with a namespace: between the characters that no id has, one slash, and no first part or ending of
  what is vetoed whatever stands around it. Longer paths hold an id only in an address, after `vllm serve` and
  its like, or between `|`;
- an id without one: it is one of the oldest, or stands under a key that takes such;
- the words `repo_id`, `revision` and `hfpin:`, for what is wrong without an id.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from hfpin.regex import lazily
from hfpin.vocabulary import Taught, keys, shapes

_ADDRESSES_OR_WORDS = (
    b"hf: hf-hub: hf_hub: hf_clip: hf-snapshot: hf.co hf-mirror huggingface local: hg: remote: //pretrained"
    b" gguf/ hf/ repo_id revision hfpin:"
).split()
"""In lower case: each is looked for by itself, which takes a fraction of what an expression takes."""
_WORD = lazily(rb"[A-Za-z0-9_.-]+")
# What may write an id's characters in other ones, or go on with it in the next line. The last is the one
# character beyond ASCII that is an ASCII letter in lower case.
_ESCAPE = lazily(rb"\\[xuU/]|\\\r?\n|\\[ \t]*\r?\n|\xe2\x84\xaa")
_ESCAPED = lazily(rb"\\.")
_ID = lazily(
    rb"(?<![A-Za-z0-9_./-])([A-Za-z0-9_][A-Za-z0-9_.-]*)/([A-Za-z0-9_][A-Za-z0-9_.-]*)(?![A-Za-z0-9_./-])"
)
_LONGER = lazily(rb"[A-Za-z0-9_.-]/[A-Za-z0-9_][A-Za-z0-9_.-]*/")
_SERVED = lazily(rb"(?:serve|download)(?:\s+\S+)?[^A-Za-z0-9_./-]+[A-Za-z0-9_][^\s/]*/[A-Za-z0-9_]")
_BLOCK_HEADER = lazily(rb"(?:[:?]|^[ \t]*-|[ \t]-)[ \t]+\|[-+0-9]*[ \t]*(?=\r?$)", re.MULTILINE)
_FRACTION = lazily(rb"[\d.,:x-]+/[\d.,:x-]+")
_NO_NAMESPACES = frozenset(
    part.encode() for part in (*shapes.LOCAL_FIRST_PARTS, *shapes.MIME_TYPES, *shapes.OTHER_FIRST_PARTS)
)
_SUFFIXES = tuple(suffix.encode() for suffix in shapes.FILE_SUFFIXES)


def may_hold_words(data: bytes, taught: Taught) -> bool:
    """Tell whether a file may hold an id without a namespace, or a key that takes one.

    Args:
        data: Its content.
        taught: What the project says about its own keys.
    """
    if _hides(data):
        return True
    plain = _plain(data)
    lower = plain.lower()
    spelled = _keys_of_words((*taught.model_keys, *taught.dataset_keys, *taught.revision_keys))
    return (
        (any(part in plain for part in _OLD_PARTS) and _old_ids().search(plain) is not None)
        or any(first in lower and pattern.search(lower) is not None for first, pattern in spelled.items())
        or any(not _OLD_DATASETS.isdisjoint(_WORD.findall(part)) for part in _parts(plain))
    )


def _parts(data: bytes) -> Iterator[bytes]:
    """Parts of a file, each up to the end of a line: all its words at once would take many times its size."""
    start = 0
    while start < len(data):
        end = data.find(b"\n", start + _LARGE) + 1 or len(data)
        yield data[start:end]
        start = end


_LARGE = 1 << 20


def may_hold_more(data: bytes) -> bool:
    """Tell whether a file may hold anything else that a scan reports.

    Args:
        data: Its content.
    """
    lower = data.lower()
    if _hides(data) or any(one in lower for one in _ADDRESSES_OR_WORDS):
        return True
    if b"/" not in data:
        return False
    has_pipes = b"|" in data and b"|" in _BLOCK_HEADER.sub(b"", data)
    plain = _plain(data)
    return (
        any(map(_may_be_id, _ids(plain)))
        or ((b"serve" in plain or b"download" in plain) and _SERVED.search(plain) is not None)
        or (has_pipes and _LONGER.search(plain) is not None)
    )


def _ids(data: bytes) -> Iterator[re.Match[bytes]]:
    """What has the shape of an id; of a large file, from the lines alone that have a slash."""
    if len(data) < _LARGE:
        return _ID.finditer(data)
    lines = (line for line in data.splitlines() if b"/" in line)
    return (match for line in lines for match in _ID.finditer(line))


def _hides(data: bytes) -> bool:
    return (b"\\" in data or b"\xe2" in data) and _ESCAPE.search(data) is not None


def _plain(data: bytes) -> bytes:
    """The bytes without escapes, all of which stand for what is in no id."""
    return _ESCAPED.sub(b" ", data) if b"\\" in data else data


def _may_be_id(match: re.Match[bytes]) -> bool:
    """Whether none of the pieces of evidence that nothing outweighs speaks against a text."""
    first, whole = match[1].lower(), match[0].lower()
    return not (
        first in _NO_NAMESPACES
        or b"." in first
        or whole.endswith(_SUFFIXES)
        or _FRACTION.fullmatch(whole) is not None
    )


_OLD_PARTS = tuple(part.encode() for part in shapes.OLD_PARTS)
"""They are looked for first: no search is faster."""
_OLD_DATASETS = frozenset(name.encode() for name in shapes.LEGACY_DATASETS)


@functools.cache
def _old_ids() -> re.Pattern[bytes]:
    one = f"{shapes.LEGACY_ID.pattern}|{shapes.SENTENCE_TRANSFORMER.pattern}"
    return lazily(f"(?<![A-Za-z0-9_.-])(?:{one})".encode())


@functools.cache
def _keys_of_words(own: tuple[str, ...]) -> dict[bytes, re.Pattern[bytes]]:
    """Patterns of those keys, by their first words."""
    known = (key for key, entry in keys.ID_KEYS.items() if entry.one_word or entry.repo_type == "dataset")
    found: dict[bytes, list[str]] = {}
    for key in (*known, *own):
        words = [word for word in re.split(r"[^a-z0-9]+", key.lower()) if word]
        if words:
            found.setdefault(words[0].encode(), []).append("[^a-z0-9]*".join(words))
    return {
        first: lazily(f"(?<![a-z0-9])(?:{'|'.join(spelled)})".encode()) for first, spelled in found.items()
    }
