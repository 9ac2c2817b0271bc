"""Planning: what would come, what is there, and whether there is room. No request is ever made."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from hfpin.errors import DestinationError
from hfpin.lock import Dropped, LockedPin
from hfpin.operations.plan import Plan, plan
from hfpin.operations.room import Room, find_room, to_bring
from hfpin.places import Places
from hfpin.report.plan import render_plan
from hfpin.testing import LocalHub
from tests.support import MIB, Published, ResearchRepo

WEIGHTS = 3 * MIB
Lay = Callable[[Places, LockedPin], None]


def paths(repo: ResearchRepo, planned: Plan) -> list[str]:
    """Give what a plan would bring."""
    return [file.path for file in to_bring(repo.places, planned)]


def test_all_none_and_some(
    repo: ResearchRepo, lay: Lay, locked: Callable[..., LockedPin], hf_local_hub: LocalHub
) -> None:
    """What is missing is to come; what is there is not; a purged file is to come again."""
    pin = locked()
    everything = ["config.json", "model.safetensors", "sub/tokenizer.json"]
    hf_local_hub.clear_requests()
    assert paths(repo, plan(repo.places, pin)) == everything
    lay(repo.places, pin)
    hf_local_hub.clear_requests()
    assert plan(repo.places, pin) == Plan(locked=pin, states=())
    (repo.places.snapshot(pin.pin.target) / "model.safetensors").resolve().unlink()
    assert paths(repo, plan(repo.places, pin)) == ["model.safetensors"]
    assert hf_local_hub.requests == ()


def test_a_blob_of_another_commit_does_not_come_again(
    repo: ResearchRepo, lay: Lay, tiny: Published, locked: Callable[..., LockedPin]
) -> None:
    """Where the cache has the bytes under another commit only a link is missing."""
    lay(repo.places, locked())
    planned = plan(repo.places, locked(commit=tiny.second))
    assert len(planned.states) == 3
    assert paths(repo, planned) == ["config.json"]
    (room,) = find_room(repo.places, [planned])
    assert (room.needs, room.needs_files) == (9, 3 + 2 + 1)  # links, their folders, a blob


def test_room_adds_up(repo: ResearchRepo, tiny: Published, locked: Callable[..., LockedPin]) -> None:
    """On one file system needs add up, and a blob that two commits share counts once."""
    cached = [plan(repo.places, locked(commit=commit)) for commit in (tiny.first, tiny.second)]
    in_folder = plan(repo.places, locked(local_dir="data/m"))
    (room,) = find_room(repo.places, [*cached, in_folder])
    counts = os.statvfs(repo.root)
    assert room.places == (repo.places.cache_dir, repo.root / "data" / "m")
    assert room.needs == 2 * (WEIGHTS + 3) + 3 * 9
    assert room.free == pytest.approx(counts.f_bavail * counts.f_frsize, rel=0.05)
    assert find_room(repo.places, []) == ()


@pytest.mark.parametrize("local_dir", [None, "data/m"])
def test_what_a_broken_off_fetch_left_counts_as_there(
    repo: ResearchRepo, locked: Callable[..., LockedPin], local_dir: str | None
) -> None:
    """Bytes on disk under a digest's name are not needed again; a hole in a file is no bytes."""
    pin = locked(local_dir=local_dir)
    workshop = repo.places.workshop(pin.pin.target)
    workshop.mkdir(parents=True)
    partial = workshop / f"{pin.files[1].digest.hex}.incomplete"
    partial.write_bytes(bytes(MIB))
    os.truncate(partial, WEIGHTS)
    (room,) = find_room(repo.places, [plan(repo.places, pin)])
    assert room.needs == 9 + (WEIGHTS - partial.stat().st_blocks * 512) + 3
    assert partial.stat().st_blocks * 512 < 2 * MIB


@pytest.mark.parametrize(
    ("needs", "needs_files", "message"),
    [
        (1001, 1, "/scratch/hub has no room for 1,001 bytes: 1,000 are free, 1 lack"),
        (1, 12, "/scratch/hub has no room for 12 files (inodes): 10 are free, 2 lack"),
    ],
)
def test_a_shortage_is_refused_with_its_figures(
    repo: ResearchRepo, needs: int, needs_files: int, message: str
) -> None:
    """Needed, free and lacking are said, and what to do."""
    room = Room(
        places=(repo.root / "/scratch/hub",), needs=needs, free=1000, needs_files=needs_files, free_files=10
    )
    with pytest.raises(DestinationError) as caught:
        room.refuse_shortage()
    assert (caught.value.message, caught.value.hint) == (
        message,
        (
            "Make room, narrow the patterns (`hfpin plan` shows what is largest), "
            "or set [tool.hfpin] cache-dir to a larger disk."
        ),
    )
    replace(room, needs=1000, needs_files=10).refuse_shortage()
    replace(room, needs=0, needs_files=12, free_files=None).refuse_shortage()


def test_table(repo: ResearchRepo, lay: Lay, locked: Callable[..., LockedPin]) -> None:
    """A row for each pin; where it goes, what is needed and free; then patterns that match nothing."""
    here = locked()
    lay(repo.places, here)
    (repo.places.snapshot(here.pin.target) / "config.json").resolve().unlink()
    away = replace(
        locked(local_dir="data/m"),
        dropped=(
            Dropped(by="allow_patterns", pattern="", files=1, size=612),
            Dropped(by="formats", pattern="*.h5", files=2, size=9_943_028_044),
            Dropped(by="ignore_patterns", pattern="*.bin", files=3, size=13_500_000_000),
        ),
        unmatched_patterns=("ignore_patterns '*.msgpack'",),
    )
    plans = [plan(repo.places, here), plan(repo.places, away)]
    lines = list(render_plan(repo.places, plans, find_room(repo.places, plans)))
    commit = here.pin.commit[:8]
    assert lines[:3] == [
        "  pin   commit    fetch             present           dropped",
        f"  tiny  {commit}  9 B (1 file)      3.1 MB (2 files)  -",
        (
            f"  tiny  {commit}  3.1 MB (3 files)  -                 "
            "612 B outside allow_patterns (1 file), 9.9 GB *.h5 by formats (2 files), 13.5 GB *.bin (3 files)"
        ),
    ]
    place = f"to {repo.places.cache_dir}, {repo.root}/data/m: needs 3.1 MB and 8 inodes, free "
    assert re.fullmatch(rf"{re.escape(place)}[\d.]+ [A-Z]?B( and [\d,]+ inodes)?\.", lines[3])
    assert lines[4:] == ["warning: tiny: ignore_patterns '*.msgpack' matches no file"]
