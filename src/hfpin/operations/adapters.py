"""Look at the adapters of the working tree: what they are, who has them, and what is wrong with them."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from hfpin.dataclass import dataclass, replace
from hfpin.errors import ConfigError, HfpinError
from hfpin.finding import Finding
from hfpin.operations.dvc import tracked_by
from hfpin.operations.files import name_in
from hfpin.operations.git import Blob, Git, open_git
from hfpin.operations.inspect.files import files_of
from hfpin.operations.project import Project, read_lock_if_any
from hfpin.operations.scanning import scan_file
from hfpin.pointer import LONGEST, read_pointer
from hfpin.reference import Reference
from hfpin.rules.adapter_rules import ADAPTER_RULES
from hfpin.rules.adapters import AdapterFile, AdapterFolder, Tracking
from hfpin.rules.selection import Selection
from hfpin.tensors import MalformedError, Tensor
from hfpin.tensors.kinds import HEAD, PICKLES, kind_of
from hfpin.tensors.safetensors import read_layout
from hfpin.vocabulary.keys import ADAPTER_CONFIG, BASE_KEY

LIMIT = 100_000_000
"""Bytes that a file may have that neither Git LFS nor DVC has: what GitHub takes at most."""

_SKIPPED = frozenset({"node_modules", "site-packages", "__pycache__"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapter:
    """An adapter of the working tree.

    Args:
        folder: The folder.
        findings: What is wrong with it.
    """

    folder: AdapterFolder
    findings: tuple[Finding, ...]

    @property
    def size(self) -> int:
        """Bytes of its files."""
        return sum(file.size for file in self.folder.files)

    def said(self, key: str) -> str | None:
        """A text of its config; None where there is none."""
        value = self.folder.config.get(key)
        return value if isinstance(value, str) and value else None


def find_adapters(paths: Collection[Path], here: Path) -> list[Path]:
    """Find the folders of adapters: those that files are in, or of everything below folders.

    Args:
        paths: Files or folders, relative to `here`; none for all below it.
        here: The folder that one stands in.

    Raises:
        ConfigError: A path does not exist.
    """
    found: set[Path] = set()
    for path in paths or (Path(),):
        full = here / path
        if full.is_dir():
            found.update(_below(full))
        elif full.exists() or full.is_symlink():
            found.update([full.parent] if (full.parent / ADAPTER_CONFIG).is_file() else [])
        else:
            raise ConfigError(f"there is no {path}", hint="Check the path.")
    return sorted(found)


def look_at_adapters(
    project: Project, folders: Collection[Path], selection: Selection, *, here: Path, limit: int = LIMIT
) -> Iterator[Adapter]:
    """Look at adapters. Reads configs and headers; no weights, and never a pickle.

    Args:
        project: What they are held against: its lock, and what it says about its own values.
        folders: Their folders.
        selection: Which rules speak.
        here: The folder that names in messages are relative to.
        limit: Bytes that a file may have that neither Git LFS nor DVC has.
    """
    try:
        git = open_git(here)
    except HfpinError:
        git = None
    lock = read_lock_if_any(project, must_be_sound=False)
    for path in folders:
        folder = replace(_read(path, git, here, limit), lock=lock)
        folder = replace(folder, base=_base(folder, path, project, here))
        findings = [finding for rule in ADAPTER_RULES for finding in rule.check(folder)]
        kept = (one for one in findings if one.code in selection.of(one.path))
        yield Adapter(folder=folder, findings=tuple(sorted(kept, key=lambda one: (one.path, one.code))))


def _below(top: Path) -> Iterator[Path]:
    for folder, names, files in os.walk(top):
        names[:] = [name for name in names if not name.startswith(".") and name not in _SKIPPED]
        if ADAPTER_CONFIG in files:
            yield Path(folder)


def _base(folder: AdapterFolder, path: Path, project: Project, here: Path) -> Reference | None:
    """Find the mention of the base in a config that could be read: a repo's, and no folder's that is here.

    What a pin put there is not the project's to change, and the lock says of itself what its base is.
    """
    said = folder.config.get(BASE_KEY)
    if not isinstance(said, str) or any((top / said).is_dir() for top in (here, project.root, path)):
        return None
    if folder.lock is not None and folder.lock.puts(name_in(project, path / ADAPTER_CONFIG, here)):
        return None
    name = folder.name_of(ADAPTER_CONFIG)
    scanned = scan_file(path / ADAPTER_CONFIG, name, project.taught, root=project.root)
    return next((one for one in scanned.references if one.role == "base_model"), None)


def _read(path: Path, git: Git | None, here: Path, limit: int) -> AdapterFolder:
    files = files_of(path, sorted(entry.name for entry in path.iterdir()))
    unreadable: dict[str, str] = {}
    config: dict[str, Any] = {}
    try:
        config = files.config(ADAPTER_CONFIG) or {}
    except MalformedError as error:
        unreadable[ADAPTER_CONFIG] = error.reason
    tensors: dict[str, Tensor] = {}
    found = []
    tracking = _tracking(git, path, list(files.sizes))
    for name, size in files.sizes.items():
        pointer, is_pickle = None, False
        try:
            with files.reading(name) as read:
                head = read(0, min(HEAD, size))
                pointer = read_pointer(head) if size <= LONGEST else None
                is_pickle = kind_of(head, size) in PICKLES
                if name.endswith(".safetensors") and pointer is None:
                    tensors |= read_layout(name, read, size).tensors
        except MalformedError as error:
            unreadable[name] = error.reason
        found.append(
            AdapterFile(
                name=name,
                size=size if pointer is None else pointer.size,
                is_pickle=is_pickle,
                tracking=tracking[name] if pointer is None else "git-lfs",
            )
        )
    return AdapterFolder(
        path=Path(os.path.relpath(path, here)).as_posix(),
        config=config,
        files=tuple(found),
        tensors=tensors,
        unreadable=unreadable,
        limit=limit,
    )


def _tracking(git: Git | None, path: Path, names: list[str]) -> dict[str, Tracking]:
    """Tell who has each file of a folder, in three questions to git."""
    if git is None or not names:
        return dict.fromkeys(names, "none")
    prefix = Path(os.path.relpath(path.resolve(), git.top.resolve())).as_posix()
    full = {name: name if prefix == "." else f"{prefix}/{name}" for name in names}
    index = {blob.path: blob for blob in git.tracked_below(prefix)}
    in_lfs = git.in_lfs(list(full.values()))
    ignored = git.ignored([one for one in full.values() if one not in index])
    return {name: _who(git, one, index.get(one), in_lfs, ignored) for name, one in full.items()}


def _who(git: Git, path: str, blob: Blob | None, in_lfs: frozenset[str], ignored: frozenset[str]) -> Tracking:
    if blob is not None and path in in_lfs:
        (size,) = git.sizes([blob])
        is_pointer = size <= LONGEST and any(read_pointer(data) is not None for data in git.contents([blob]))
        return "git-lfs" if is_pointer else "git"
    if blob is None and tracked_by(git.top, path) is not None:
        return "dvc"
    if path in in_lfs:
        return "git-lfs"
    return "ignored" if path in ignored else "git"
