"""`hfpin.lock`: every pin and its files, as values and as text.

The format is JSON, so that anything can read it, laid out with one file a line, so that git can merge it:
an object with `lock_version` and `pins`, sorted by name. It holds no path of a machine, no endpoint and no
token.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeGuard, cast

from hfpin.digest import ALGORITHMS, Digest
from hfpin.errors import ConfigError, LockError
from hfpin.patterns import Patterns
from hfpin.pin import Pin, Target
from hfpin.repo import REPO_TYPES, Repo, RepoType, is_commit

FILE_NAME = "hfpin.lock"
VERSION = "1.0"
_MAJOR = VERSION.partition(".")[0]
_VERSION = re.compile(r"(\d+)\.(\d+)")
_SURROGATE = re.compile("[\ud800-\udfff]")
_DRIVE = re.compile(r"[A-Za-z]:")
_RELOCK = "Run `hfpin lock` to write it anew, or restore it from git."


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedFile:
    """One file of a commit.

    Args:
        path: Where it is in the repo, with forward slashes.
        size: Bytes.
        digest: What the Hub says its bytes hash to.
    """

    path: str
    size: int
    digest: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedPin:
    """A pin and the files that its patterns keep, sorted by path."""

    pin: Pin
    files: tuple[LockedFile, ...]

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(file.size for file in self.files)


@dataclass(frozen=True, slots=True)
class Lock:
    """All pins of a project, sorted by name."""

    pins: tuple[LockedPin, ...] = field(default=())

    def find(self, name: str) -> LockedPin:
        """Return the pin with this name, alias or repo id.

        Raises:
            LockError: There is none, or the repo id stands for several pins.
        """
        found = [locked for locked in self.pins if name in (locked.pin.name, *locked.pin.aliases)]
        found = found or [locked for locked in self.pins if locked.pin.repo.repo_id == name]
        if len(found) == 1:
            return found[0]
        if found:
            names = ", ".join(locked.pin.name for locked in found)
            raise LockError(f"{name} is pinned more than once", hint=f"Say which by its name: {names}.")
        names = ", ".join(locked.pin.name for locked in self.pins) or "none"
        raise LockError(
            f"{FILE_NAME} has no pin {name!r}",
            hint=f"It has: {names}. Declare a new one in config.yaml, then run `hfpin pin`.",
        )


def dumps(lock: Lock) -> str:
    """Write a lock as text: the same bytes for the same lock, on every machine."""
    pins = ",\n".join(_dump_pin(locked) for locked in sorted(lock.pins, key=lambda locked: locked.pin.name))
    return f'{{\n "lock_version": {_dump(VERSION)},\n "pins": [{_indented_block(pins, 1)}]\n}}\n'


def _dump_pin(locked: LockedPin) -> str:
    pin, target = locked.pin, locked.pin.target
    fields = {
        "name": pin.name,
        "aliases": pin.aliases,
        "repo_type": target.repo.repo_type,
        "repo_id": target.repo.repo_id,
        "revision": pin.revision,
        "commit": target.commit,
        "allow_patterns": target.patterns.allow,
        "ignore_patterns": target.patterns.ignore,
        "local_dir": target.local_dir,
        "size": locked.size,
    }
    lines = [f"   {_dump(key)}: {_dump(value)}," for key, value in fields.items()]
    files = ",\n".join(_dump_file(file) for file in sorted(locked.files, key=lambda file: file.path))
    return "\n".join(["  {", *lines, f'   "files": [{_indented_block(files, 3)}]', "  }"])


def _dump_file(file: LockedFile) -> str:
    return "    " + _dump({"path": file.path, "size": file.size, file.digest.algorithm: file.digest.hex})


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _indented_block(lines: str, indent: int) -> str:
    return f"\n{lines}\n{' ' * indent}" if lines else ""


def loads(text: str) -> Lock:
    """Read a lock.

    Nothing in it is trusted: a path that could leave its target, a name that is no identifier, a value of
    the wrong type are all refused, each with the place where it stands.

    Raises:
        LockError: The text is not a lock that this version of hfpin can use.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise LockError(f"{FILE_NAME} is not JSON: {error}", hint=_RELOCK) from None
    root = _Reader(document, FILE_NAME)
    _check_version(root.text("lock_version"))
    pins = tuple(_load_pin(reader) for reader in root.objects("pins"))
    _refuse_duplicates(
        (name for locked in pins for name in (locked.pin.name, *locked.pin.aliases)), "the name"
    )
    return Lock(tuple(sorted(pins, key=lambda locked: locked.pin.name)))


def _check_version(version: str) -> None:
    match = _VERSION.fullmatch(version)
    if match is None:
        raise LockError(f"{FILE_NAME}: lock_version {version!r} is not a version", hint=_RELOCK)
    if match[1] != _MAJOR:
        raise LockError(
            f"{FILE_NAME} has version {version}; this hfpin reads {_MAJOR}.x",
            hint="Upgrade hfpin (pip install -U hfpin), or run `hfpin lock` to write the lock anew.",
        )


def _load_pin(reader: _Reader) -> LockedPin:
    name = reader.text("name")
    aliases = reader.texts("aliases") or ()
    for key, one in (("name", name), *(("aliases", alias) for alias in aliases)):
        if not one.isidentifier():
            raise reader.error(key, f"{one!r} is not an identifier")
    commit = reader.text("commit")
    if not is_commit(commit):
        raise reader.error("commit", f"{commit!r} is not 40 lowercase hex digits")
    repo_id, repo_type = reader.text("repo_id"), reader.text("repo_type")
    try:
        repo = Repo(repo_id, cast("RepoType", repo_type))
    except ConfigError as error:
        key = "repo_id" if repo_type in REPO_TYPES else "repo_type"
        raise reader.error(key, error.message) from None
    local_dir = reader.optional_text("local_dir")
    if local_dir is not None and not is_safe_path(local_dir):
        raise reader.error("local_dir", f"{local_dir!r} is not a path inside the project")
    target = Target(
        repo=repo,
        commit=commit,
        patterns=Patterns(allow=reader.texts("allow_patterns"), ignore=reader.texts("ignore_patterns")),
        local_dir=local_dir,
    )
    files = tuple(_load_file(file) for file in reader.objects("files"))
    _refuse_duplicates((file.path for file in files), f"{name}: the path")
    _refuse_files_as_folders({file.path for file in files}, name)
    pin = Pin(name=name, aliases=aliases, target=target, revision=reader.text("revision"))
    return LockedPin(pin=pin, files=tuple(sorted(files, key=lambda file: file.path)))


def _load_file(reader: _Reader) -> LockedFile:
    path = reader.text("path")
    if not is_safe_path(path):
        raise reader.error("path", f"{path!r} would not stay inside its snapshot")
    given = [algorithm for algorithm in ALGORITHMS if reader.has(algorithm)]
    if len(given) != 1:
        raise reader.error(ALGORITHMS[0], f"a file needs one digest: {' or '.join(ALGORITHMS)}")
    try:
        digest = Digest(given[0], reader.text(given[0]))
    except ValueError as error:
        raise reader.error(given[0], str(error)) from None
    return LockedFile(path=path, size=reader.size("size"), digest=digest)


def is_safe_path(path: str) -> bool:
    """Whether a path is relative and stays below where it starts, on every system."""
    return (
        "\\" not in path
        and all(character.isprintable() for character in path)
        and not _DRIVE.match(path)
        and all(part not in ("", ".", "..") for part in path.split("/"))
    )


def _refuse_duplicates(values: Iterable[str], what: str) -> None:
    seen: set[str] = set()
    for value in values:
        if value in seen:
            raise LockError(f"{FILE_NAME}: {what} {value!r} stands twice", hint=_RELOCK)
        seen.add(value)


def _refuse_files_as_folders(paths: set[str], name: str) -> None:
    for path in paths:
        parent = path.rpartition("/")[0]
        while parent:
            if parent in paths:
                raise LockError(f"{FILE_NAME}: {name}: {parent!r} is a file and a folder", hint=_RELOCK)
            parent = parent.rpartition("/")[0]


def _is_text(value: object) -> TypeGuard[str]:
    """Whether a value is a string that UTF-8 can hold: JSON's escapes can spell half a character."""
    return isinstance(value, str) and not _SURROGATE.search(value)


class _Reader:
    """Reads the fields of one JSON object, and says where it stands when one is wrong."""

    def __init__(self, value: Any, context: str) -> None:
        self._context = context
        if not isinstance(value, dict):
            raise LockError(f"{context}: not an object", hint=_RELOCK)
        self._fields = value

    def error(self, key: str, message: str) -> LockError:
        return LockError(f"{self._context}.{key}: {message}", hint=_RELOCK)

    def has(self, key: str) -> bool:
        return key in self._fields

    def text(self, key: str) -> str:
        value = self.optional_text(key)
        if value is None:
            raise self.error(key, "missing")
        return value

    def optional_text(self, key: str) -> str | None:
        value = self._fields.get(key)
        if value is None or (_is_text(value) and value):
            return value
        raise self.error(key, f"{value!r} is not a text")

    def size(self, key: str) -> int:
        value = self._fields.get(key)
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        raise self.error(key, f"{value!r} is not a number of bytes")

    def texts(self, key: str) -> tuple[str, ...] | None:
        value = self._fields.get(key)
        if value is None:
            return None
        if isinstance(value, list) and all(_is_text(item) for item in value):
            return tuple(value)
        raise self.error(key, "not a list of texts")

    def objects(self, key: str) -> Iterable[_Reader]:
        value = self._fields.get(key)
        if not isinstance(value, list):
            raise self.error(key, "not a list")
        return [_Reader(item, f"{self._context}.{key}[{index}]") for index, item in enumerate(value)]
