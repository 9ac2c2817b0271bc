"""The doctor's judgement: facts in, advice out."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from hfpin.errors import AccessError
from hfpin.operations.doctor import Advice, Facts, checks, examine
from hfpin.operations.doctor.facts import Folder, Partial, Refusal, Room
from hfpin.operations.mounts import file_system

HUB = Path("/scratch/hub")
WELL = Facts(
    cache_dir=HUB,
    default_cache=HUB,
    home=Path("/home/me"),
    uid=1000,
    gid=1000,
    file_system="lustre",
    has_flock=True,
    rooms=(
        Room(place=HUB, needed=5, free=5, writable=True),
        Room(place=HUB, needed=0, free=0, writable=False),
    ),
    partials=(Partial(path=HUB / "a.incomplete", size=1, age=3599),),
    folders=(
        Folder(path=HUB, mode=0o40775, uid=1000, gid=1000),
        Folder(path=HUB, mode=0o42775, uid=0, gid=7),
        Folder(path=HUB, mode=0o40755, uid=0, gid=7),
    ),
    client=(2, 4),
    variables={"HF_ENDPOINT": "https://hub", "HF_HUB_OFFLINE": "0"},
)
USE_ENV = 'In each shell and job script: eval "$(hfpin env)".'


def test_all_is_well() -> None:
    """Where nothing needs doing nothing is said: scratch on a network is what scratch is."""
    assert examine(WELL) == ()


CASES = {
    "network home": (
        replace(WELL, cache_dir=Path("/home/me/hub"), default_cache=Path("/home/me/hub"), file_system="nfs4"),
        Advice(
            seen="the cache /home/me/hub is in a home directory on nfs4",
            why="Homes on a network have small quotas, and every node of a job reads the weights through it.",
            todo='Put it on scratch: cache-dir = "${SCRATCH:-~/.cache/huggingface}/hub" in [tool.hfpin].',
        ),
    ),
    "purged cache": (
        replace(WELL, dead_link=(Path("/home/me/.cache/huggingface"), Path("/scratch/me/hf"))),
        Advice(
            seen="/home/me/.cache/huggingface is a link to /scratch/me/hf, which is not there",
            why="The cache is behind it: nothing is found there, and nothing can be fetched.",
            todo="Make that folder again (mkdir -p), replace the link, or choose another cache-dir.",
        ),
    ),
    "no room": (
        replace(WELL, rooms=(Room(place=HUB, needed=6000, free=5999, writable=True),)),
        Advice(
            seen="/scratch/hub has 5,999 bytes free, and 6,000 are to be fetched",
            why="The fetch would fill the disk, and fail for whoever else writes to it.",
            todo="Make room, drop files by ignore_patterns, or choose another cache-dir or local_dir.",
        ),
    ),
    "quota": (
        replace(WELL, rooms=(Room(place=HUB, needed=6000, free=9999, writable=True, quota=5999),)),
        Advice(
            seen="your quota on /scratch/hub leaves 5,999 bytes; 6,000 are to come",
            why="The disk has room, and you may not use it: the fetch is refused before it begins.",
            todo="Delete what you do not need there, ask for more, or choose another cache-dir.",
        ),
    ),
    "silent token": (
        replace(WELL, has_token=True, variables={"HF_HUB_DISABLE_IMPLICIT_TOKEN": "1"}),
        Advice(
            seen="there is a token, and HF_HUB_DISABLE_IMPLICIT_TOKEN keeps it from being sent",
            why="Gated and private repos are refused as if nobody had logged in.",
            todo="unset HF_HUB_DISABLE_IMPLICIT_TOKEN",
        ),
    ),
    "xet off and on": (
        replace(WELL, variables={"HF_HUB_DISABLE_XET": "1", "HF_XET_HIGH_PERFORMANCE": "1"}),
        Advice(
            seen="HF_XET_HIGH_PERFORMANCE is set, and HF_HUB_DISABLE_XET too",
            why="The second switches off what the first would make faster: files come over plain HTTP.",
            todo="unset one of the two.",
        ),
    ),
    "read-only": (
        replace(WELL, rooms=(Room(place=HUB, needed=1, free=5, writable=False),)),
        Advice(
            seen="/scratch/hub cannot be written to, and 1 bytes are to be fetched there",
            why="hfpin fetch will fail.",
            todo="Ask its owner to fetch, or choose another cache-dir.",
        ),
    ),
    "flock": (
        replace(WELL, has_flock=False),
        Advice(
            seen="flock does not work in /scratch/hub (lustre)",
            why="Two processes that fetch at once both do all the work, and huggingface_hub may hang there.",
            todo="Fetch in one process before the job starts, or mount it with flock (Lustre: -o flock).",
        ),
    ),
    "setgid": (
        replace(WELL, folders=(Folder(path=Path("/s/a b"), mode=stat.S_IFDIR | 0o775, uid=1000, gid=7),)),
        Advice(
            seen="/s/a b is writable for its group and has no setgid bit",
            why="What you put there belongs to your own group, and the others cannot go on with it.",
            todo="Its owner: chmod g+s '/s/a b'",
        ),
    ),
    "unreadable": (
        replace(WELL, unreadable=(HUB / "a", HUB / "b", HUB / "c")),
        Advice(
            seen="/scratch/hub/a cannot be read, and 2 more",
            why="Somebody else fetched it with permissions for nobody else: loading fails.",
            todo="Ask its owner for chmod -R a+rX on the cache, or use a cache of your own.",
        ),
    ),
    "our partial": (
        replace(WELL, partials=(Partial(path=HUB / "a.hfpin.incomplete", size=1234, age=3600),)),
        Advice(
            seen="/scratch/hub/a.hfpin.incomplete (1,234 bytes) is left of a fetch that broke off",
            why="hfpin fetch goes on from it, if the file is still wanted.",
            todo="hfpin fetch, or where it is not wanted any more: rm /scratch/hub/a.hfpin.incomplete",
        ),
    ),
    "their partial": (
        replace(WELL, partials=(Partial(path=HUB / "a.incomplete", size=1234, age=3600),)),
        Advice(
            seen="/scratch/hub/a.incomplete (1,234 bytes) is left of a fetch that broke off",
            why="huggingface_hub does not go on from it: it only takes room.",
            todo="rm /scratch/hub/a.incomplete",
        ),
    ),
    "other cache": (
        replace(WELL, default_cache=Path("/home/me/hub")),
        Advice(
            seen="hfpin uses /scratch/hub; here other programs look in /home/me/hub",
            why="They do not find what was fetched, and download it again.",
            todo=USE_ENV,
        ),
    ),
    "second cache": (
        replace(WELL, second_cache=Path("/hf/hub")),
        Advice(
            seen="HF_HOME has a cache with repos in it, /hf/hub, and is not the one in use",
            why="HF_HUB_CACHE outranks HF_HOME: what is there is not found, and takes room twice.",
            todo="Unset HF_HUB_CACHE to use that one, or delete the one that you do not use.",
        ),
    ),
    "offline": (
        replace(WELL, variables={"HF_HUB_OFFLINE": "yes"}),
        Advice(
            seen="HF_HUB_OFFLINE is set, and 5 bytes are to be fetched",
            why="hfpin fetch will ask nobody, and fail.",
            todo="Fetch where there is a network, in a shell without it: unset HF_HUB_OFFLINE.",
        ),
    ),
    "endpoint": (
        replace(WELL, variables={"HF_ENDPOINT": "user:secret@mirror.example"}),
        Advice(
            seen="HF_ENDPOINT has no http:// or https:// in front",
            why="huggingface_hub cannot ask it for anything.",
            todo="Set it to the whole address: export HF_ENDPOINT=https://…",
        ),
    ),
    "legacy": (
        replace(WELL, variables={"TRANSFORMERS_CACHE": "/t"}),
        Advice(
            seen="TRANSFORMERS_CACHE is set, an old name",
            why="Some versions follow it and some do not, so two programs can use two caches or tokens.",
            todo="unset TRANSFORMERS_CACHE; what is read now is HF_HUB_CACHE.",
        ),
    ),
    "client": (
        replace(WELL, client=(1, 26)),
        Advice(
            seen="huggingface_hub 1.26 is installed",
            why="Offline it refuses a pinned commit, though all files are there, if it has no list of them.",
            todo="Upgrade it (pip install -U huggingface_hub), or pass local_files_only=True.",
        ),
    ),
    "refused": (
        replace(WELL, refusals=(Refusal(name="llama", error=AccessError("it is gated", hint="Ask.")),)),
        Advice(seen="llama: it is gated", why="Its files cannot be fetched from here.", todo="Ask."),
    ),
}


@pytest.mark.parametrize(("facts", "advice"), CASES.values(), ids=CASES)
def test_each_thing_is_told_once(facts: Facts, advice: Advice) -> None:
    """What is wrong is told with why it matters and what to do, and nothing else is."""
    assert examine(facts) == (advice,)


def test_every_check_is_listed_and_tried() -> None:
    """No check is written and forgotten, and each has a case here that it alone speaks up for."""
    written = {
        value for name, value in vars(checks).items() if getattr(value, "__module__", "") == checks.__name__
    }
    assert {check for check in written if callable(check)} - {examine} == set(checks.CHECKS)
    spoke = {check for facts, _ in CASES.values() for check in checks.CHECKS if list(check(facts))}
    assert spoke == set(checks.CHECKS)


@pytest.mark.parametrize("client", [None, (1, 25), (1, 31), (2, 4)])
def test_other_clients_are_well(client: tuple[int, int] | None) -> None:
    """Only the releases that have the quirk are named."""
    assert examine(replace(WELL, client=client)) == ()


MOUNTS = r"""
/dev/sda1 / ext4 rw 0 0
nfs:/home /home nfs4 rw 0 0
mgs@tcp:/fs /scratch\040two lustre rw,flock 0 0
tmpfs /home/me/tmp tmpfs rw 0 0
/dev/sdb1 /home/me/tmp xfs rw 0 0
short line
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "ext4"),
        ("/var/hub", "ext4"),
        ("/home/me/hub", "nfs4"),
        ("/homes", "ext4"),
        ("/scratch two/hub", "lustre"),
        ("/home/me/tmp/a", "xfs"),
    ],
)
def test_file_system(path: str, kind: str) -> None:
    """The deepest mount that holds the path tells, and of two on one folder the later."""
    assert file_system(Path(path), MOUNTS) == kind


def test_no_mounts() -> None:
    """Where the table says nothing, nothing is told."""
    assert file_system(Path("/a"), "") is None
