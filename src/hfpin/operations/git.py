"""Asks git, in few calls, about what is staged: the index, never the working tree."""

from __future__ import annotations

import os
import subprocess
import zlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from hfpin.dataclass import dataclass
from hfpin.errors import ConfigError

_GIT = "git"
_MOST_DEFLATED = 1032
_FILES = ("100644", "100755")
_LINK = b"120000 "
_LEFT_OUT = "S "
_ONLY_RENAMED = "R100"
_NOTHING = frozenset("0")
"""What the name of no content is made of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blob:
    """A file as the index has it.

    Args:
        path: Relative to the top of the working tree, with forward slashes.
        oid: The name of its content.
    """

    path: str
    oid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Git:
    """A repository.

    Args:
        top: The top of its working tree.
        objects: Where its loose objects are.
    """

    top: Path
    objects: Path

    def staged(self) -> list[Blob]:
        """List the files that a commit would add or change.

        A file that is only renamed adds nothing, a link and a submodule's commit are no files, and what
        `git add --intent-to-add` announced has no content yet.
        """
        out = self.run(
            *("diff", "--cached", "--raw", "-z", "--no-abbrev", "-M100%", "--diff-filter=ACMRT"),
            *("--no-ext-diff", "--no-relative", "--ignore-submodules=all"),
        )
        fields = iter(out.decode("utf-8", "surrogateescape").split("\0"))
        found = []
        for head in fields:
            if not head:
                break
            _, mode, _, oid, status = head.split(" ")
            path = next(fields)
            if status[0] in "RC":
                path = next(fields)
            if mode in _FILES and status != _ONLY_RENAMED and not _NOTHING.issuperset(oid):
                found.append(Blob(path=path, oid=oid))
        return found

    def tracked(self) -> list[Blob]:
        """List every file of the index."""
        return self.tracked_below(".")

    def tracked_below(self, path: str) -> list[Blob]:
        """List the files of the index below a folder, relative to the top."""
        place = f":(top,literal){'' if path == '.' else path}"
        out = self.run("ls-files", "--stage", "-z", "--", place).decode("utf-8", "surrogateescape")
        entries = (entry.partition("\t") for entry in out.split("\0") if entry)
        fields = ((head.split(" "), path) for head, _, path in entries)
        return [
            Blob(path=path, oid=oid)
            for (mode, oid, _), path in fields
            if mode in _FILES and not _NOTHING.issuperset(oid)
        ]

    def left_out(self, path: Path) -> list[str]:
        """List what a sparse checkout leaves out below a folder, relative to it."""
        place = path.resolve().relative_to(self.top.resolve()).as_posix()
        prefix = "" if place == "." else f"{place}/"
        out = self.run("ls-files", "-t", "-z", "--", f":(top,literal){'' if place == '.' else place}")
        entries = out.decode("utf-8", "surrogateescape").split("\0")
        return [entry[2:].removeprefix(prefix) for entry in entries if entry.startswith(_LEFT_OUT)]

    def has_link(self, path: Path) -> bool:
        """Tell whether the index has a symbolic link at a place in the working tree."""
        out = self.run(
            "ls-files", "--stage", "-z", "--", f":(top,literal){path.relative_to(self.top).as_posix()}"
        )
        return out.startswith(_LINK)

    def sizes(self, blobs: Sequence[Blob]) -> list[int]:
        """Give the bytes of each; 0 for one whose content is not here."""
        if not blobs:
            return []
        given = "".join(f"{blob.oid}\n" for blob in blobs).encode()
        lines = self.run("cat-file", "--batch-check=%(objectsize)", given=given).decode().splitlines()
        return [int(line) if line.isdecimal() else 0 for line in lines]

    def larger(self, blobs: Sequence[Blob], limit: int) -> list[tuple[Blob, int]]:
        """Give the files of more bytes than a limit, with their sizes.

        zlib makes nothing more than 1032 times smaller (https://zlib.net/zlib_tech.html): of most loose
        objects their own size on disk is proof enough, and git need not open them.
        """
        prefix, least = f"{self.objects}{os.sep}", limit // _MOST_DEFLATED
        open_ = [blob for blob in blobs if not 0 < _size_of(f"{prefix}{blob.oid[:2]}/{blob.oid[2:]}") < least]
        return [(blob, size) for blob, size in zip(open_, self.sizes(open_), strict=True) if size > limit]

    def contents(self, blobs: Sequence[Blob]) -> Iterator[bytes]:
        """Read small files at once."""
        if not blobs:
            return
        given = "".join(f"{blob.oid}\n" for blob in blobs).encode()
        out, at = self.run("cat-file", "--batch", given=given), 0
        for _ in blobs:
            end = out.index(b"\n", at)
            size = out[at:end].rpartition(b" ")[2]
            count = int(size) if size.isdigit() else -1  # `… missing` has no content and no line after it
            yield out[end + 1 : end + 1 + max(count, 0)]
            at = end + 2 + count

    def in_lfs(self, paths: Sequence[str]) -> frozenset[str]:
        """Tell which paths `.gitattributes`, as it is staged, sends to Git LFS."""
        if not paths:
            return frozenset()
        given = "".join(f"{path}\0" for path in paths).encode("utf-8", "surrogateescape")
        out = self.run("check-attr", "--cached", "-z", "--stdin", "filter", given=given)
        fields = out.decode("utf-8", "surrogateescape").split("\0")
        return frozenset(
            path for path, value in zip(fields[0::3], fields[2::3], strict=False) if value == "lfs"
        )

    def ignored(self, paths: Sequence[str]) -> frozenset[str]:
        """Tell which paths git is told to ignore."""
        if not paths:
            return frozenset()
        given = "".join(f"{path}\0" for path in paths).encode("utf-8", "surrogateescape")
        out = self.run("check-ignore", "-z", "--stdin", given=given, may_fail=True)
        return frozenset(out.decode("utf-8", "surrogateescape").split("\0")) - {""}

    def edited(self) -> frozenset[str]:
        """Tell which files of the index are there, and others, in the working tree."""
        out = self.run("diff-files", "--name-only", "--diff-filter=d", "--ignore-submodules", "-z")
        return frozenset(out.decode("utf-8", "surrogateescape").split("\0")) - {""}

    def head(self, blob: Blob, count: int) -> bytes:
        """Read the first bytes of a file, of a loose object without the rest of it."""
        try:
            with (self.objects / blob.oid[:2] / blob.oid[2:]).open("rb") as opened:
                inflated = zlib.decompressobj().decompress(opened.read(count + 1024), count + 64)
                return inflated.partition(b"\0")[2][:count]
        except (OSError, zlib.error):
            with self.reading(blob) as stream:
                return stream.read(count)

    @contextmanager
    def reading(self, blob: Blob) -> Iterator[BinaryIO]:
        """Open the content of a file, and stop git when enough was read."""
        process = subprocess.Popen(  # noqa: S603  # git, with the name of an object
            [_GIT, "cat-file", "blob", blob.oid],
            cwd=self.top,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        with process:
            assert process.stdout is not None  # noqa: S101  # as it was asked for
            try:
                yield process.stdout  # type: ignore[misc]  # typeshed calls it IO[bytes]
            finally:
                process.kill()

    def settings(self, pattern: str) -> dict[str, str]:
        """Read the settings whose names match a pattern; of several values the last."""
        out = self.run("config", "-z", "--get-regexp", pattern, may_fail=True).decode("utf-8", "replace")
        pairs = (entry.partition("\n") for entry in out.split("\0") if entry)
        return {key: value for key, _, value in pairs}

    def run(self, *args: str, given: bytes = b"", may_fail: bool = False) -> bytes:
        """Run git.

        Raises:
            ConfigError: It failed; its own words are the message.
        """
        return _run(args, self.top, given, may_fail=may_fail)


def open_git(here: Path) -> Git:
    """Find the repository that a folder is in.

    Raises:
        ConfigError: It is in none, or there is no git.
    """
    out = _run(("rev-parse", "--show-toplevel", "--git-path", "objects"), here, b"")
    top, objects = out.decode("utf-8", "surrogateescape").splitlines()
    return Git(top=Path(top), objects=here / objects)


def chosen(git: Git, blobs: Collection[Blob], names: Collection[str], here: Path) -> list[Blob]:
    """Keep the files that are named, and those below folders that are; all where none is.

    Args:
        git: The repository.
        blobs: The files.
        names: Paths as people write them: relative to `here`, with or without dots, or absolute.
        here: The folder that one stands in.
    """
    if not names:
        return list(blobs)
    top, start = git.top.resolve(), here.resolve()
    wanted = {_below(top, start, name) for name in names}
    return [blob for blob in blobs if _is_in(wanted, blob.path)]


def _below(top: Path, start: Path, name: str) -> str:
    """Give a path relative to the top, by its words: what it names may be gone from the working tree."""
    path = Path(name)
    full = path.parent.resolve() / path.name if path.is_absolute() else start / path
    try:
        return os.path.relpath(full, top).replace(os.sep, "/")
    except ValueError:  # on another drive
        return name


def _is_in(wanted: Collection[str], path: str) -> bool:
    while path:
        if path in wanted:
            return True
        path = path.rpartition("/")[0]
    return os.curdir in wanted


def _size_of(path: str) -> int:
    try:
        return os.stat(path).st_size  # noqa: PTH116  # ten thousand of them
    except OSError:
        return 0  # in a pack


def _run(args: Sequence[str], cwd: Path, given: bytes, *, may_fail: bool = False) -> bytes:
    try:
        done = subprocess.run([_GIT, *args], cwd=cwd, input=given, capture_output=True, check=False)  # noqa: S603  # git, with our own arguments
    except FileNotFoundError:
        raise ConfigError("there is no git on this machine", hint="Install git.") from None
    if done.returncode and not may_fail:
        words = done.stderr.decode("utf-8", "replace").strip().splitlines() or [f"git {args[0]} failed"]
        raise ConfigError(f"git {args[0]}: {words[0]}", hint=_hint(args[0], words[1:]))
    return done.stdout


def _hint(verb: str, more: Sequence[str]) -> str:
    """What git itself says to do, which it indents: where a repository is another user's. Else what may."""
    for line in more:
        if line.startswith("\t"):
            return f"git says what helps: {line.strip()}"
    return "Run it in a git repository." if verb == "rev-parse" else "`git status` may say more."
