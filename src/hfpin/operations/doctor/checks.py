"""The doctor's judgement: each check takes the facts and gives advice. None of them touches anything."""

from __future__ import annotations

import shlex
import stat
from collections.abc import Callable, Iterator
from typing import TypeAlias

from hfpin.operations.doctor.facts import Advice, Facts
from hfpin.operations.mounts import NETWORK
from hfpin.watch.offline import is_true

Check: TypeAlias = Callable[[Facts], Iterator[Advice]]

_ORPHANED = 3600.0
"""Seconds: whoever is still fetching writes more often."""

_USE_ENV = 'In each shell and job script: eval "$(hfpin env)".'


def cache_in_network_home(facts: Facts) -> Iterator[Advice]:
    """A home that other machines serve is small, backed up, and slow."""
    if facts.file_system in NETWORK and facts.cache_dir.is_relative_to(facts.home):
        yield Advice(
            seen=f"the cache {facts.cache_dir} is in a home directory on {facts.file_system}",
            why="Homes on a network have small quotas, and every node of a job reads the weights through it.",
            todo='Put it on scratch: cache-dir = "${SCRATCH:-~/.cache/huggingface}/hub" in [tool.hfpin].',
        )


def purged_cache(facts: Facts) -> Iterator[Advice]:
    """A home's cache is often a link to scratch, which is purged, or not mounted on every node."""
    if facts.dead_link is not None:
        link, target = facts.dead_link
        yield Advice(
            seen=f"{link} is a link to {target}, which is not there",
            why="The cache is behind it: nothing is found there, and nothing can be fetched.",
            todo="Make that folder again (mkdir -p), replace the link, or choose another cache-dir.",
        )


def room(facts: Facts) -> Iterator[Advice]:
    """What is to be fetched has to fit."""
    for one in facts.rooms:
        if one.needed > one.free:
            yield Advice(
                seen=f"{one.place} has {one.free:,} bytes free, and {one.needed:,} are to be fetched",
                why="The fetch would fill the disk, and fail for whoever else writes to it.",
                todo="Make room, drop files by ignore_patterns, or choose another cache-dir or local_dir.",
            )
        elif one.quota is not None and one.needed > one.quota:
            yield Advice(
                seen=f"your quota on {one.place} leaves {one.quota:,} bytes; {one.needed:,} are to come",
                why="The disk has room, and you may not use it: the fetch is refused before it begins.",
                todo="Delete what you do not need there, ask for more, or choose another cache-dir.",
            )
        if one.needed and not one.writable:
            yield Advice(
                seen=f"{one.place} cannot be written to, and {one.needed:,} bytes are to be fetched there",
                why="hfpin fetch will fail.",
                todo="Ask its owner to fetch, or choose another cache-dir.",
            )


def locks(facts: Facts) -> Iterator[Advice]:
    """Processes that fetch side by side keep out of each other's way by flock."""
    if facts.has_flock is False:
        yield Advice(
            seen=f"flock does not work in {facts.cache_dir} ({facts.file_system or 'file system unknown'})",
            why="Two processes that fetch at once both do all the work, and huggingface_hub may hang there.",
            todo="Fetch in one process before the job starts, or mount it with flock (Lustre: -o flock).",
        )


def shared_folders(facts: Facts) -> Iterator[Advice]:
    """In a folder for a group, what is new must belong to the group."""
    for folder in facts.folders:
        is_shared = folder.mode & stat.S_IWGRP and (folder.uid, folder.gid) != (facts.uid, facts.gid)
        if is_shared and not folder.mode & stat.S_ISGID:
            yield Advice(
                seen=f"{folder.path} is writable for its group and has no setgid bit",
                why="What you put there belongs to your own group, and the others cannot go on with it.",
                todo=f"Its owner: chmod g+s {shlex.quote(str(folder.path))}",
            )


def unreadable_files(facts: Facts) -> Iterator[Advice]:
    """A file that is there and cannot be read is neither used nor fetched again."""
    if facts.unreadable:
        first, more = facts.unreadable[0], len(facts.unreadable) - 1
        yield Advice(
            seen=f"{first} cannot be read" + (f", and {more} more" if more else ""),
            why="Somebody else fetched it with permissions for nobody else: loading fails.",
            todo="Ask its owner for chmod -R a+rX on the cache, or use a cache of your own.",
        )


def orphaned_partials(facts: Facts) -> Iterator[Advice]:
    """What a broken-off fetch left takes room until somebody goes on or deletes it."""
    for partial in facts.partials:
        if partial.age < _ORPHANED:
            continue
        ours = partial.path.name.endswith(".hfpin.incomplete")
        yield Advice(
            seen=f"{partial.path} ({partial.size:,} bytes) is left of a fetch that broke off",
            why="hfpin fetch goes on from it, if the file is still wanted."
            if ours
            else "huggingface_hub does not go on from it: it only takes room.",
            todo=("hfpin fetch, or where it is not wanted any more: " if ours else "")
            + f"rm {shlex.quote(str(partial.path))}",
        )


def other_caches(facts: Facts) -> Iterator[Advice]:
    """Every program should look where hfpin puts things."""
    if facts.default_cache != facts.cache_dir:
        yield Advice(
            seen=f"hfpin uses {facts.cache_dir}; here other programs look in {facts.default_cache}",
            why="They do not find what was fetched, and download it again.",
            todo=_USE_ENV,
        )
    if facts.second_cache is not None:
        yield Advice(
            seen=f"HF_HOME has a cache with repos in it, {facts.second_cache}, and is not the one in use",
            why="HF_HUB_CACHE outranks HF_HOME: what is there is not found, and takes room twice.",
            todo="Unset HF_HUB_CACHE to use that one, or delete the one that you do not use.",
        )


def offline_fetch(facts: Facts) -> Iterator[Advice]:
    """Offline, nothing can be fetched."""
    if is_true(facts.variables.get("HF_HUB_OFFLINE")) and facts.needed:
        yield Advice(
            seen=f"HF_HUB_OFFLINE is set, and {facts.needed:,} bytes are to be fetched",
            why="hfpin fetch will ask nobody, and fail.",
            todo="Fetch where there is a network, in a shell without it: unset HF_HUB_OFFLINE.",
        )


def endpoint(facts: Facts) -> Iterator[Advice]:
    """An address without a scheme is none."""
    address = facts.variables.get("HF_ENDPOINT")
    if address and not address.startswith(("http://", "https://")):
        yield Advice(
            seen="HF_ENDPOINT has no http:// or https:// in front",
            why="huggingface_hub cannot ask it for anything.",
            todo="Set it to the whole address: export HF_ENDPOINT=https://…",
        )


def contradictions(facts: Facts) -> Iterator[Advice]:
    """Variables of which one undoes what another is for."""
    if facts.has_token and is_true(facts.variables.get("HF_HUB_DISABLE_IMPLICIT_TOKEN")):
        yield Advice(
            seen="there is a token, and HF_HUB_DISABLE_IMPLICIT_TOKEN keeps it from being sent",
            why="Gated and private repos are refused as if nobody had logged in.",
            todo="unset HF_HUB_DISABLE_IMPLICIT_TOKEN",
        )
    if all(is_true(facts.variables.get(one)) for one in ("HF_HUB_DISABLE_XET", "HF_XET_HIGH_PERFORMANCE")):
        yield Advice(
            seen="HF_XET_HIGH_PERFORMANCE is set, and HF_HUB_DISABLE_XET too",
            why="The second switches off what the first would make faster: files come over plain HTTP.",
            todo="unset one of the two.",
        )


_LEGACY = {
    "HUGGINGFACE_HUB_CACHE": "HF_HUB_CACHE",
    "PYTORCH_PRETRAINED_BERT_CACHE": "HF_HUB_CACHE",
    "PYTORCH_TRANSFORMERS_CACHE": "HF_HUB_CACHE",
    "TRANSFORMERS_CACHE": "HF_HUB_CACHE",
    "HUGGING_FACE_HUB_TOKEN": "HF_TOKEN",
    "HF_HUB_ENABLE_HF_TRANSFER": "nothing: hf_xet took its place",
}


def legacy_variables(facts: Facts) -> Iterator[Advice]:
    """Old names are read by some versions of some packages, and by others not."""
    for old, new in _LEGACY.items():
        if old in facts.variables:
            yield Advice(
                seen=f"{old} is set, an old name",
                why="Some versions follow it and some do not, so two programs can use two caches or tokens.",
                todo=f"unset {old}; what is read now is {new}.",
            )


_NO_TREE = ((1, 26), (1, 30))


def client_quirks(facts: Facts) -> Iterator[Advice]:
    """Releases of huggingface_hub that do not do what is meant."""
    first, last = _NO_TREE
    if facts.client is not None and first <= facts.client <= last:
        yield Advice(
            seen=f"huggingface_hub {'.'.join(map(str, facts.client))} is installed",
            why="Offline it refuses a pinned commit, though all files are there, if it has no list of them.",
            todo="Upgrade it (pip install -U huggingface_hub), or pass local_files_only=True.",
        )


def refused_pins(facts: Facts) -> Iterator[Advice]:
    """What the Hub will not give cannot be fetched. Asked only with `--online`."""
    for refusal in facts.refusals:
        yield Advice(
            seen=f"{refusal.name}: {refusal.error.message}",
            why="Its files cannot be fetched from here.",
            todo=refusal.error.hint or "Run hfpin fetch for more.",
        )


CHECKS: tuple[Check, ...] = (
    cache_in_network_home,
    purged_cache,
    room,
    locks,
    shared_folders,
    unreadable_files,
    orphaned_partials,
    other_caches,
    offline_fetch,
    endpoint,
    contradictions,
    legacy_variables,
    client_quirks,
    refused_pins,
)


def examine(facts: Facts) -> tuple[Advice, ...]:
    """Run every check, in the order of `CHECKS`."""
    return tuple(advice for check in CHECKS for advice in check(facts))
