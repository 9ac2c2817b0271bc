"""A lock from text. Nothing in it is trusted."""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, cast

from hfpin.digest import ALGORITHMS, Digest
from hfpin.errors import ConfigError, LockError
from hfpin.lock.entries import parse
from hfpin.lock.merging import sides
from hfpin.lock.needs import refuse_unserved
from hfpin.lock.reader import RELOCK, Reader
from hfpin.lock.values import (
    FILE_NAME,
    KINDS,
    ROLES,
    VERSION,
    Dependency,
    Dropped,
    Lock,
    LockedFile,
    LockedPin,
)
from hfpin.paths import folded, has_control, is_device, is_record_path, is_safe_path
from hfpin.patterns import Patterns
from hfpin.pin import Pin, Target
from hfpin.regex import lazily
from hfpin.repo import REPO_TYPES, Repo, RepoType, is_commit
from hfpin.weights import FORMATS

if TYPE_CHECKING:
    from hfpin.tensors import Tensor

_MAJOR, _MINOR = VERSION.split(".")
_DEPENDENCIES_SINCE = 1
_VERSION = lazily(r"([0-9]{1,9})\.([0-9]{1,9})")
_DROPPED_BY = ("allow_patterns", "ignore_patterns", "formats")


def loads(text: str) -> Lock:
    """Read a lock.

    A path that could leave its target, a name that is no identifier, a value of the wrong type are all
    refused, each with the place where it stands. Fields that a newer minor version added are passed over.

    Raises:
        LockError: The text is not a lock that this version of hfpin can use.
    """
    try:
        document = parse(text)
    except (ValueError, RecursionError) as error:
        if sides(text) is not None:
            raise LockError(
                f"{FILE_NAME} holds the marks of a merge that git could not finish",
                hint="Finish the merge of the configs, then run `hfpin lock`: it keeps what either side has.",
            ) from None
        raise LockError(f"{FILE_NAME} is not JSON: {error}", hint=RELOCK) from None
    root = Reader(document)
    minor = _check_version(root.text("lock_version"))
    is_newer = minor > int(_MINOR)
    pins = tuple(_load_pin(reader, is_newer=is_newer) for reader in root.objects("pins"))
    _refuse_shared_names(pins)
    _refuse_shared_folders(pins)
    refuse_unserved(pins)
    return Lock(
        tuple(sorted(pins, key=lambda locked: locked.pin.name)),
        newer_version=f"{_MAJOR}.{minor}" if is_newer else None,
        knows_dependencies=minor >= _DEPENDENCIES_SINCE,
    )


def _check_version(version: str) -> int:
    """Refuse what is no version of ours; give the minor one."""
    match = _VERSION.fullmatch(version)
    if match is None:
        raise LockError(f"{FILE_NAME}: lock_version {version!r} is not a version", hint=RELOCK)
    if match[1] != _MAJOR:
        raise LockError(
            f"{FILE_NAME} has version {version}; this hfpin reads {_MAJOR}.x",
            hint="Upgrade hfpin (pip install -U hfpin), or run `hfpin lock` to write the lock anew.",
        )
    return int(match[2])


def _load_pin(reader: Reader, *, is_newer: bool) -> LockedPin:
    name = reader.text("name")
    aliases = reader.texts("aliases") or ()
    for key, one in (("name", name), *(("aliases", alias) for alias in aliases)):
        if not one.isidentifier():
            raise reader.error(key, f"{one!r} is not an identifier")
    revision = reader.text("revision")
    if has_control(revision):
        raise reader.error("revision", f"{revision!r} holds control characters")
    target = _load_target(reader)
    files = [one if isinstance(one, LockedFile) else _load_file(one) for one in reader.files("files")]
    files.sort(key=attrgetter("path"))
    _refuse_crossing([file.path for file in files], name)
    if target.local_dir is not None:
        _refuse_record_paths(files, name)
    return LockedPin(
        pin=Pin(name=name, aliases=aliases, target=target, revision=revision),
        files=tuple(files),
        dropped=tuple(sorted(_load_dropped(one) for one in reader.objects("dropped", optional=True))),
        unmatched_patterns=reader.texts("unmatched_patterns") or (),
        incomplete=reader.plain_text("incomplete"),
        kind=_one_of(KINDS, reader, "kind", is_newer=is_newer) if reader.has("kind") else None,
        dependencies=_load_dependencies(reader, is_newer=is_newer),
        without_dependencies=reader.flag("without_dependencies"),
        is_dependency=reader.flag("is_dependency"),
    )


def _load_dependencies(reader: Reader, *, is_newer: bool) -> tuple[Dependency, ...]:
    if not reader.has("dependencies"):
        return ()
    found = (_load_dependency(one, is_newer=is_newer) for one in reader.objects("dependencies"))
    return tuple(sorted(found, key=lambda one: one.sort_key))


def _load_dependency(reader: Reader, *, is_newer: bool) -> Dependency:
    revision = reader.optional_text("revision")
    if revision is not None and has_control(revision):
        raise reader.error("revision", f"{revision!r} holds control characters")
    source = reader.text("source")
    if not is_safe_path(source):
        raise reader.error("source", f"{source!r} would not stay inside its snapshot")
    return Dependency(
        role=_one_of(ROLES, reader, "role", is_newer=is_newer),
        repo=_load_repo(reader),
        revision=revision,
        name=reader.text("name"),
        source=source,
    )


def _one_of(known: tuple[str, ...], reader: Reader, key: str, *, is_newer: bool) -> str:
    """Read a word that is known; a newer lock may have others, which a terminal can show."""
    word = reader.text(key)
    if not (word.isidentifier() if is_newer else word in known):
        raise reader.error(key, f"{word!r} is not one of {', '.join(known)}")
    return word


def _load_target(reader: Reader) -> Target:
    commit = reader.text("commit")
    if not is_commit(commit):
        raise reader.error("commit", f"{commit!r} is not 40 lowercase hex digits")
    repo = _load_repo(reader)
    local_dir = reader.optional_text("local_dir")
    if local_dir is not None and (not is_safe_path(local_dir) or is_device(local_dir)):
        raise reader.error("local_dir", f"{local_dir!r} is not a path inside the project")
    formats = reader.optional_text("formats")
    if formats is not None and formats not in FORMATS:
        raise reader.error("formats", f"{formats!r} is not one of {', '.join(FORMATS)}")
    return Target(
        repo=repo,
        commit=commit,
        patterns=Patterns(allow=reader.texts("allow_patterns"), ignore=reader.texts("ignore_patterns")),
        formats=formats,
        local_dir=local_dir,
    )


def _load_repo(reader: Reader) -> Repo:
    repo_id, repo_type = reader.text("repo_id"), reader.text("repo_type")
    try:
        return Repo(repo_id, cast("RepoType", repo_type))
    except ConfigError as error:
        key = "repo_id" if repo_type in REPO_TYPES else "repo_type"
        raise reader.error(key, error.message) from None


def _load_file(reader: Reader) -> LockedFile:
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
    return LockedFile(
        path=path,
        size=reader.count("size", "bytes"),
        digest=digest,
        tensors=_load_tensors(reader, path) if reader.has("tensors") else None,
    )


def _load_tensors(reader: Reader, path: str) -> tuple[tuple[str, Tensor], ...]:
    from hfpin.tensors import tensor_of  # here: few locks name tensors

    tensors = []
    for name, value in reader.mapping("tensors"):
        match value:
            case [dtype, shape]:
                tensor = tensor_of(path, dtype, shape)
            case _:
                tensor = None
        if tensor is None:
            raise reader.error("tensors", f"{name!r} has no dtype and shape")
        tensors.append((name, tensor))
    return tuple(tensors)


def _load_dropped(reader: Reader) -> Dropped:
    by = reader.text("by")
    if by not in _DROPPED_BY:
        raise reader.error("by", f"{by!r} is not one of {', '.join(_DROPPED_BY)}")
    return Dropped(
        by=by,
        pattern=reader.plain_text("pattern") or "",
        files=reader.count("files", "files"),
        size=reader.count("size", "bytes"),
    )


def _refuse_shared_names(pins: Iterable[LockedPin]) -> None:
    seen: set[str] = set()
    for locked in pins:
        for name in (locked.pin.name, *locked.pin.aliases):
            if name in seen:
                raise LockError(f"{FILE_NAME}: the name {name!r} stands twice", hint=RELOCK)
            seen.add(name)


def _refuse_crossing(paths: Sequence[str], name: str) -> None:
    """Refuse a path that stands twice, or is a file and a folder.

    Args:
        paths: Sorted, so that what begins with a path comes right after it.
        name: The pin that they are of.
    """
    for path, following in itertools.pairwise(paths):
        if not following.startswith(path):
            continue
        if following == path:
            raise LockError(f"{FILE_NAME}: {name}: the path {path!r} stands twice", hint=RELOCK)
        inside = f"{path}/"
        place = bisect_left(paths, inside)
        if place < len(paths) and paths[place].startswith(inside):
            raise LockError(f"{FILE_NAME}: {name}: {path!r} is a file and a folder", hint=RELOCK)


def _refuse_record_paths(files: Iterable[LockedFile], name: str) -> None:
    for file in files:
        if is_record_path(file.path):
            raise LockError(
                f"{FILE_NAME}: {name}: {file.path!r} would replace what is recorded about its local_dir",
                hint=RELOCK,
            )


def _refuse_shared_folders(pins: Iterable[LockedPin]) -> None:
    """Refuse two pins in one folder, or in a folder of one another: files would replace each other."""
    owners = {folded(one.pin.target.local_dir): one.pin.name for one in pins if one.pin.target.local_dir}
    for locked in pins:
        folder = locked.pin.target.local_dir and folded(locked.pin.target.local_dir)
        while folder:
            other = owners.get(folder, locked.pin.name)
            if other != locked.pin.name:
                raise LockError(
                    f"{FILE_NAME}: {locked.pin.name} and {other} share the local_dir {folder!r}", hint=RELOCK
                )
            folder = folder.rpartition("/")[0]
