"""Find weights that are staged for git itself, and say where they belong instead."""

from __future__ import annotations

import os
import re
import shlex
from collections import defaultdict
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from hfpin.dataclass import dataclass, replace
from hfpin.digest import digest_of
from hfpin.lock import Lock, LockedFile, LockedPin
from hfpin.operations.dvc import tracked_by
from hfpin.operations.files import no_such_file
from hfpin.operations.git import Blob, Git, chosen
from hfpin.pointer import LONGEST, read_pointer
from hfpin.tensors.kinds import HEAD, Kind, kind_of
from hfpin.weights import is_weights

Why = Literal["pinned", "dvc", "attributes", "nothing", "largefiles"]
"""Whose bytes these are, or what is missing: a pin's, DVC's, a clean filter that did not run, any tracking,
or the transfer agent that files over 5 GB need."""

LIMIT = 10_000_000
"""Bytes: what is larger the Hub itself takes by Git LFS only."""

_LARGEST_UPLOAD = 5_000_000_000
_WEIGHTS: frozenset[Kind] = frozenset(
    {"safetensors", "gguf", "ggml", "pickle", "torch", "hdf5", "onnx", "msgpack"}
)
_HUBS = re.compile(r"(?:.*\.)?(?:huggingface\.co|hf\.co)")
_MULTIPART = "lfs.customtransfer.multipart.path"


@dataclass(frozen=True, slots=True, kw_only=True)
class Large:
    """Weights that should not be committed as they are staged.

    Args:
        path: The file, relative to the top of the working tree.
        size: Its bytes.
        kind: What it is by its content, or its ending.
        why: What is the matter.
        commands: What to run, each a line.
        note: What else there is to say: the pin, or the file that tracks it.
    """

    path: str
    size: int
    kind: str
    why: Why
    commands: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Looks for weights that are staged for git itself.

    Args:
        git: The repository.
        lock: The pins that the bytes may be of.
        limit: Bytes that weights may have.
    """

    git: Git
    lock: Lock
    limit: int = LIMIT

    def look(self, names: Collection[str], here: Path, *, every: bool = False) -> list[Large]:
        """Look at what is staged. Reads sizes, then the first bytes of what is large.

        A whole file is read only where it is as long as one of the lock, to compare their digests.

        Args:
            names: Only these files, relative to `here`; none for all.
            here: The folder that one stands in.
            every: Look at every tracked file, not only at what is staged.

        Raises:
            ConfigError: git refused, or what is named is neither on disk nor among those files.
        """
        git = self.git
        tracked = git.tracked() if every else git.staged()
        for name in names:
            if not os.path.lexists(here / name) and not chosen(git, tracked, [name], here):
                raise no_such_file(name)
        blobs = chosen(git, tracked, names, here)
        found = []
        for blob, size in git.larger(blobs, self.limit):
            kind = kind_of(git.head(blob, HEAD), size)
            if kind in _WEIGHTS or is_weights(blob.path):
                name = kind or blob.path.rpartition(".")[2]
                found.append((blob, Large(path=blob.path, size=size, kind=name, why="nothing")))
        in_lfs = git.in_lfs([blob.path for blob, _ in found])
        edited = git.edited() if found else frozenset[str]()
        pinned = _by_size(self.lock)
        results = []
        for blob, one in found:
            # `git rm` refuses a file that was changed after it was staged
            unstage = "git reset --quiet --" if blob.path in edited else "git rm --cached"
            pins = pinned.get(one.size, ())
            results.append(self._judge(blob, one, pins, unstage, is_sent=blob.path in in_lfs))
        return sorted([*results, *_too_large_for_hub(git, blobs)], key=lambda one: one.path)

    def _judge(
        self,
        blob: Blob,
        one: Large,
        pins: Collection[tuple[LockedPin, LockedFile]],
        unstaging: str,
        *,
        is_sent: bool,
    ) -> Large:
        """Say whose the bytes are, or what should have them, and what to run."""
        path = blob.path
        quoted = shlex.quote(f"./{path}" if path.startswith("-") else path)  # no option
        unstage = f"{unstaging} {quoted}"
        for locked, file in pins:
            if self._is_of(blob, one.size, file):
                note = f"{file.path} of {locked.pin.repo.repo_id} at {locked.pin.commit}"
                return replace(one, why="pinned", commands=(unstage,), note=note)
        by = tracked_by(self.git.top, path)
        if by is not None:
            return replace(one, why="dvc", commands=(unstage,), note=by)
        if is_sent:
            return replace(
                one, why="attributes", commands=("git lfs install", f"git add --renormalize {quoted}")
            )
        if (self.git.top / ".dvc").is_dir():
            return replace(one, commands=(unstage, f"dvc add {quoted}"))
        track = f'"*.{path.rpartition(".")[2]}"' if is_weights(path) else f"--filename {shlex.quote(path)}"
        return replace(one, commands=(unstage, f"git lfs track {track}", f"git add .gitattributes {quoted}"))

    def _is_of(self, blob: Blob, size: int, file: LockedFile) -> bool:
        if file.digest.algorithm == "git-sha1":
            return file.digest.hex == blob.oid
        with self.git.reading(blob) as stream:
            return digest_of(stream, "sha256", size) == file.digest


def _by_size(lock: Lock) -> dict[int, list[tuple[LockedPin, LockedFile]]]:
    found: dict[int, list[tuple[LockedPin, LockedFile]]] = defaultdict(list)
    for locked in lock.pins:
        for file in locked.files:
            found[file.size].append((locked, file))
    return found


def _too_large_for_hub(git: Git, blobs: list[Blob]) -> Iterator[Large]:
    """Give the pointers to files over 5 GB that are headed for the Hub, where nothing would carry them."""
    if not blobs:
        return
    settings = git.settings(r"^(remote\..*\.url|lfs\.customtransfer\.multipart\.path)$")
    hosts = (_host(value) for key, value in settings.items() if key.startswith("remote."))
    if _MULTIPART in settings or not any(_HUBS.fullmatch(host) for host in hosts):
        return
    in_lfs = git.in_lfs([blob.path for blob in blobs])
    sent = [blob for blob in blobs if blob.path in in_lfs]
    sent = [blob for blob, size in zip(sent, git.sizes(sent), strict=True) if 0 < size <= LONGEST]
    for blob, content in zip(sent, git.contents(sent), strict=True):
        pointer = read_pointer(content)
        if pointer is not None and pointer.size > _LARGEST_UPLOAD:
            yield Large(
                path=blob.path,
                size=pointer.size,
                kind="Git LFS pointer",
                why="largefiles",
                commands=("hf lfs-enable-largefiles .",),
            )


def _host(url: str) -> str:
    """The host of a remote: of an address, or of `git@host:path`."""
    return urlsplit(url).hostname or "" if "://" in url else url.partition(":")[0].rpartition("@")[2]
