"""The vocabulary is data that keeps to its own rules."""

from __future__ import annotations

import pytest

from hfpin.repo import REPO_TYPES
from hfpin.vocabulary import FILE_SUFFIXES, ID_KEYS, LOCAL_FIRST_PARTS, IdKey

ENTRIES = [pytest.param(key, entry, id=key) for key, entry in ID_KEYS.items()]


@pytest.mark.parametrize(("key", "entry"), ENTRIES)
def test_an_entry_is_one_that_can_be_used(key: str, entry: IdKey) -> None:
    """Every key names a type that exists, and has revision keys, each once, that name no repo themselves."""
    assert key == key.strip()
    assert entry.repo_type in REPO_TYPES
    assert entry.revision_keys
    assert len(set(entry.revision_keys)) == len(entry.revision_keys)
    assert ID_KEYS.keys().isdisjoint(entry.revision_keys)


def test_one_key_declares() -> None:
    """There is one recommended form: the arguments of snapshot_download."""
    assert [key for key, entry in ID_KEYS.items() if entry.declares] == ["repo_id"]
    assert ID_KEYS["repo_id"] == IdKey(revision_keys=("revision",), one_word=True, declares=True)


def test_folders_and_suffixes_are_spelled_as_they_are_compared() -> None:
    """Values are compared in lower case: an entry that is not could never match."""
    assert all(part == part.lower() and "/" not in part for part in LOCAL_FIRST_PARTS)
    assert all(suffix == suffix.lower() and suffix.startswith(".") for suffix in FILE_SUFFIXES)
    assert len(set(FILE_SUFFIXES)) == len(FILE_SUFFIXES)
