"""What other programs are told of where files are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hfpin.digest import Digest
from hfpin.lock import Lock, LockedFile, LockedPin
from hfpin.operations.cache_key import cache_key
from hfpin.operations.environment import environment
from hfpin.patterns import Patterns
from hfpin.pin import Pin, Target
from hfpin.places import Places
from hfpin.repo import Repo

FILE = LockedFile(path="a.bin", size=7, digest=Digest("sha256", "0" * 64))
TARGET = Target(repo=Repo("org/tiny"), commit="1" * 40)
LOCKED = LockedPin(pin=Pin(name="tiny", target=TARGET, revision="main"), files=(FILE,))


def locked(*, target: Target = TARGET, file: LockedFile = FILE, name: str = "tiny") -> LockedPin:
    """A pin with one file."""
    return LockedPin(pin=Pin(name=name, target=target, revision="main"), files=(file,))


def test_environment() -> None:
    """The cache is named, Xet's beside it, and nobody is asked; HF_HOME and with it the token stay."""
    places = Places(root=Path("/project"), cache=Path("/scratch/hf/hub"))
    assert environment(places, {"HF_HOME": "/home/me/hf", "HF_HUB_CACHE": "/other"}) == {
        "HF_HUB_CACHE": "/scratch/hf/hub",
        "HF_XET_CACHE": "/scratch/hf/xet",
        "HF_HUB_OFFLINE": "1",
    }


def test_a_place_for_xet_is_kept() -> None:
    """Somebody who has a place for Xet's cache keeps it."""
    places = Places(root=Path("/project"), cache=Path("/scratch/hf/hub"))
    assert environment(places, {"HF_XET_CACHE": "/fast/xet"})["HF_XET_CACHE"] == "/fast/xet"


@pytest.mark.parametrize(
    "other",
    [
        locked(name="other"),
        replace(LOCKED, pin=replace(LOCKED.pin, revision="v1", aliases=("alias",))),
        locked(target=replace(TARGET, patterns=Patterns(ignore=("*.h5",)))),
    ],
    ids=["name", "revision", "patterns"],
)
def test_the_key_stays(other: LockedPin) -> None:
    """What fetches the same files has the same key."""
    assert cache_key(Lock((other,))) == cache_key(Lock((LOCKED,)))


@pytest.mark.parametrize(
    "other",
    [
        locked(target=replace(TARGET, repo=Repo("org/other"))),
        locked(target=replace(TARGET, repo=Repo("org/tiny", "dataset"))),
        locked(target=replace(TARGET, commit="2" * 40)),
        locked(file=replace(FILE, path="b.bin")),
        locked(file=replace(FILE, size=8)),
        locked(file=replace(FILE, digest=Digest("sha256", "1" * 64))),
        replace(LOCKED, files=()),
        locked(target=replace(TARGET, local_dir="data")),
    ],
    ids=["repo", "type", "commit", "path", "size", "digest", "no file", "local_dir"],
)
def test_the_key_changes(other: LockedPin) -> None:
    """What fetches other files has another key."""
    assert cache_key(Lock((other,))) != cache_key(Lock((LOCKED,)))


def test_the_key_is_of_files() -> None:
    """The same file by two pins counts once, and what goes to a local_dir not at all."""
    elsewhere = locked(target=replace(TARGET, commit="3" * 40, local_dir="data"), name="elsewhere")
    assert cache_key(Lock((LOCKED, locked(name="twin"), elsewhere))) == cache_key(Lock((LOCKED,)))
