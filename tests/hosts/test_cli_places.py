"""`hfpin path`, `hfpin env` and `hfpin cache-key`, by the real executable."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.support import Published, ResearchRepo

if TYPE_CHECKING:
    from hfpin.testing import LocalHub


@pytest.fixture
def pinned(online: ResearchRepo, tiny: Published) -> ResearchRepo:
    """A research repo with a pin and its lock."""
    online.write("config.yaml", f"tiny:\n  repo_id: acme/tiny\n  revision: {tiny.first}\n")
    online.lock()
    return online


def test_path(pinned: ResearchRepo, tiny: Published) -> None:
    """The folder of a pin is printed once it is complete; before, exit 2 and the command that brings it."""
    folder = pinned.places.cache_dir / "models--acme--tiny" / "snapshots" / tiny.first
    done = pinned.hfpin("path", "tiny")
    assert (done.returncode, done.stdout) == (
        2,
        (
            f"hfpin: tiny (acme/tiny at {tiny.first[:8]}) is not complete here: "
            f"4 of 4 files are not in {folder}\n"
            "  = Where there is a network, `doit fetch:tiny` or `hfpin fetch tiny` brings it.\n"
        ),
    )
    pinned.hfpin("fetch")
    done = pinned.hfpin("path", "acme/tiny")
    assert (done.returncode, done.stdout) == (0, f"{folder}\n")


def test_path_of_no_pin(pinned: ResearchRepo) -> None:
    """A name that the lock does not have: exit 2."""
    done = pinned.hfpin("path", "other")
    assert (done.returncode, done.stdout.splitlines()[0]) == (2, "hfpin: hfpin.lock has no pin 'other'")


def test_env_in_a_job(pinned: ResearchRepo, tiny: Published, hf_local_hub: LocalHub) -> None:
    """After `eval "$(hfpin env)"` huggingface_hub finds the pin offline, in a cache with an odd name."""
    pinned.write("pyproject.toml", '[tool.hfpin]\ncache-dir = "${SCRATCH:-odd}/it\'s a hub"\n')
    pinned.hfpin("fetch")
    hf_local_hub.clear_requests()
    job = (
        'eval "$(hfpin env)" && python -c \'from huggingface_hub import snapshot_download as s; '
        f'print(s("acme/tiny", revision="{tiny.first}"))\''
    )
    done = pinned.run("sh", "-c", job)
    folder = pinned.root / "odd" / "it's a hub" / "models--acme--tiny" / "snapshots" / tiny.first
    assert done.stdout.splitlines()[-1] == str(folder)
    assert hf_local_hub.requests == ()


@pytest.mark.parametrize(("form", "quote"), [("sh", ""), ("fish", "'")])
def test_env_formats(pinned: ResearchRepo, form: str, quote: str) -> None:
    """One variable a line, in the words of the shell."""
    verb, equals = {"sh": ("export", "="), "fish": ("set -gx", " ")}[form]
    cache = pinned.places.cache_dir
    assert pinned.hfpin("env", "--format", form).stdout == (
        f"{verb} HF_HUB_CACHE{equals}{quote}{cache}{quote}\n"
        f"{verb} HF_XET_CACHE{equals}{quote}{cache.parent / 'xet'}{quote}\n"
        f"{verb} HF_HUB_OFFLINE{equals}{quote}1{quote}\n"
    )


def test_env_json(pinned: ResearchRepo) -> None:
    """As JSON it is one object."""
    assert json.loads(pinned.hfpin("env", "--format", "json").stdout) == {
        "HF_HUB_CACHE": str(pinned.places.cache_dir),
        "HF_XET_CACHE": str(pinned.places.cache_dir.parent / "xet"),
        "HF_HUB_OFFLINE": "1",
    }


def test_env_is_absolute(pinned: ResearchRepo) -> None:
    """A cache that is named relative to here is named in full, for a job that goes elsewhere."""
    done = pinned.hfpin("env", "--format", "json", HF_HUB_CACHE="here/hub")
    assert json.loads(done.stdout)["HF_HUB_CACHE"] == str(pinned.root / "here" / "hub")


def test_cache_key(pinned: ResearchRepo, tiny: Published) -> None:
    """The key is the same on every machine for the same files, and another for another commit."""
    first = pinned.hfpin("cache-key").stdout
    assert len(first) == 65
    pinned.write("config.yaml", f"renamed:\n  repo_id: acme/tiny\n  revision: {tiny.first}\n")
    pinned.hfpin("lock")
    assert pinned.hfpin("cache-key", HF_HOME="/elsewhere").stdout == first
    pinned.write("config.yaml", f"tiny:\n  repo_id: acme/tiny\n  revision: {tiny.second}\n")
    pinned.hfpin("lock")
    assert pinned.hfpin("cache-key").stdout != first
