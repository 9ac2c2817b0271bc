"""A quota is read from what the system's own programs say of it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from hfpin.errors import DestinationError
from hfpin.operations.quota import Quota, find_quota, parse
from hfpin.operations.room import Room

KIB = 1024

# What the programs print: `quota --no-wrap --raw-grace` and `lfs quota -q`, which breaks a long line in two.
QUOTA = """\
Disk quotas for user ada (uid 1000):
     Filesystem  blocks   quota   limit   grace   files   quota   limit   grace
nas:/home/groups  900 800 1000 1700000000 20 0 0 0
"""
LUSTRE = """\
/lustre/scratch/with/a/long/name
                 5000*  4000  4500       6d23h59m58s      12       0      15       -
"""


@pytest.mark.parametrize(
    ("text", "quota"),
    [
        (QUOTA, Quota(left=100 * KIB, files_left=None)),
        (LUSTRE, Quota(left=0, files_left=3)),
        ("/l 10 40 0 - 1 0 0 -\n", Quota(left=30 * KIB, files_left=None)),
        ("/l [10] 40 50 - [1] 0 9 -\n", Quota(left=40 * KIB, files_left=8)),
        ("/l 10 0 0 - 1 0 0 -\n", None),
        ("Disk quotas for user ada (uid 1000): none\n", None),
        ("quota: Cannot find mountpoint for device /l\n", None),
        ("", None),
    ],
    ids=["quota", "lustre", "soft", "partly known", "no limit", "none", "other words", "silence"],
)
def test_what_is_left(text: str, quota: Quota | None) -> None:
    """The hard limit counts, or the soft one where there is no other; what says nothing limits nothing."""
    assert parse(text) == quota


@pytest.mark.skipif(sys.platform != "linux", reason="these programs are those of Linux")
def test_it_is_asked_of_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`quota` is asked about the folder; where there is no such program there is no quota."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_quota(tmp_path) is None
    program = tmp_path / "quota"
    program.write_text(
        f"#!/bin/sh\necho $4 >&2\n[ $4 = --filesystem={tmp_path} ] && echo /d 1 0 3 0 1 0 7 0\n"
    )
    program.chmod(0o755)
    assert find_quota(tmp_path) == Quota(left=2 * KIB, files_left=6)


@pytest.mark.parametrize(
    ("quota", "message"),
    [
        (
            Quota(left=9, files_left=None),
            "/c has no room for 10 bytes: 9 are left of your quota, 1 lack",
        ),
        (
            Quota(left=None, files_left=1),
            "/c has no room for 2 files (inodes): 1 are left of your quota, 1 lack",
        ),
    ],
)
def test_a_quota_is_refused_as_a_full_disk_is(quota: Quota, message: str) -> None:
    """A fetch that the quota has no room for does not begin."""
    room = Room(places=(Path("/c"),), needs=10, free=99, needs_files=2, free_files=None, quota=quota)
    with pytest.raises(DestinationError) as caught:
        room.refuse_shortage()
    assert caught.value.message == message
