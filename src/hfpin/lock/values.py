"""What a lock holds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from hfpin.dataclass import dataclass, field
from hfpin.digest import Digest
from hfpin.errors import LockError
from hfpin.glance import VERSIONS
from hfpin.paths import DECLARING_FILE, LOCK_FILE
from hfpin.pin import Pin
from hfpin.repo import Repo

if TYPE_CHECKING:  # few locks name tensors, and the readers of headers take a while to load
    from hfpin.tensors import Tensor

FILE_NAME = LOCK_FILE
VERSION = VERSIONS[-1]

ADAPTER: Final = "adapter"
KINDS = (ADAPTER,)
"""What a pin may be beside a plain repo: an adapter is weights to put on those of another model."""

BASE_MODEL: Final = "base_model"
TOKENIZER: Final = "tokenizer"
COMPONENT: Final = "component"
CODE: Final = "code"
ROLES = (BASE_MODEL, TOKENIZER, COMPONENT, CODE)
"""What a pin may need of another repo."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedFile:
    """One file of a commit.

    Args:
        path: Where it is in the repo, with forward slashes.
        size: Bytes.
        digest: What the Hub says its bytes hash to.
        tensors: What its safetensors header names, in that order; None where it is not recorded.
    """

    path: str
    size: int
    digest: Digest
    tensors: tuple[tuple[str, Tensor], ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Dropped:
    """Files of a commit that are left out, and why.

    Args:
        by: The field that leaves them out: `allow_patterns`, `ignore_patterns` or `formats`.
        pattern: The ignore pattern, or the ending of another format; empty for `allow_patterns`, where it is
            that no pattern matches.
        files: How many.
        size: Bytes of all together.
    """

    by: str
    pattern: str
    files: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependency:
    """Another repo that a pin cannot be loaded without.

    Args:
        role: What it is needed for, one of `ROLES`; of a lock that is newer than this hfpin, any text.
        repo: The other repo.
        revision: The revision of it that the pin's own files ask for; None where they say none.
        name: The pin of the same lock that serves it: which commit it is, and its files.
        source: The file of the pin that names it, as a path in its repo.
    """

    role: str
    repo: Repo
    revision: str | None = None
    name: str
    source: str

    @property
    def sort_key(self) -> tuple[str, Repo, str, str, str]:
        """Orders dependencies the same way on every machine."""
        return (self.role, self.repo, self.revision or "", self.name, self.source)


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedPin:
    """A pin and the files that its patterns keep, sorted by path.

    Args:
        pin: The pin.
        files: What is kept.
        dropped: What is left out, sorted.
        unmatched_patterns: Patterns that match no file of the commit, as `ignore_patterns '*.h5'`.
        incomplete: Why what is kept cannot be loaded; None where it can, as far as names tell.
        kind: `adapter` where its `adapter_config.json` says so; None for a plain repo.
        dependencies: What it cannot be loaded without, sorted by `Dependency.sort_key`.
        without_dependencies: Whether they are left out because the project says so (`without-dependencies`).
        is_dependency: Whether it is here because others need it alone, and no config declares it.
    """

    pin: Pin
    files: tuple[LockedFile, ...]
    dropped: tuple[Dropped, ...] = ()
    unmatched_patterns: tuple[str, ...] = ()
    incomplete: str | None = None
    kind: str | None = None
    dependencies: tuple[Dependency, ...] = ()
    without_dependencies: bool = False
    is_dependency: bool = False

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(file.size for file in self.files)


@dataclass(frozen=True, slots=True)
class Lock:
    """All pins of a project, sorted by name.

    Args:
        pins: The pins.
        newer_version: The version of the text it was read from, where that is a minor one that this hfpin
            does not know: what it added was passed over.
        knows_dependencies: Whether the text it was read from says what pins depend on: from 1.1 on. Of an
            older one nothing can be told from there being none.
    """

    pins: tuple[LockedPin, ...] = field(default=())
    newer_version: str | None = field(default=None, compare=False)
    knows_dependencies: bool = field(default=True, compare=False)

    def find(self, name: str) -> LockedPin:
        """Return the pin with this name, alias or repo id.

        Args:
            name: One of them, or a key as a config writes it. An own name goes first, then a repo id.

        Raises:
            LockError: There is none, or the repo id stands for several pins.
        """
        found = [locked for locked in self.pins if name in (locked.pin.name, *locked.pin.aliases)]
        found = found or [locked for locked in self.pins if locked.pin.repo.repo_id == name]
        found = found or [locked for locked in self.pins if locked.pin.answers_to(name)]
        if len(found) == 1:
            return found[0]
        if found:
            names = ", ".join(locked.pin.name for locked in found)
            raise LockError(f"{name} is pinned more than once", hint=f"Say which by its name: {names}.")
        names = ", ".join(locked.pin.name for locked in self.pins) or "none"
        raise LockError(
            f"{FILE_NAME} has no pin {name!r}",
            hint=f"It has: {names}. Declare a new one {DECLARING_FILE}, then run `hfpin pin`.",
        )

    def puts(self, name: str) -> bool:
        """Tell whether a file of the project is one that a pin puts there, in its `local_dir`.

        Args:
            name: Its path from the root of the project, with forward slashes.
        """
        return any(
            file.path == name[len(folder) + 1 :]
            for locked in self.pins
            if (folder := locked.pin.target.local_dir) is not None and name.startswith(f"{folder}/")
            for file in locked.files
        )

    def with_dependencies(self, pins: Iterable[LockedPin]) -> tuple[LockedPin, ...]:
        """Give pins and all that they cannot be loaded without, each once, the needed before the needing.

        Among pins that do not need each other the order is the one that was given.
        """
        by_name = {locked.pin.name: locked for locked in self.pins}
        done: dict[str, LockedPin] = {}
        waiting = [(locked, False) for locked in reversed(tuple(pins))]
        while waiting:  # a lock may be deeper than Python's stack
            locked, is_ready = waiting.pop()
            if is_ready:
                done.setdefault(locked.pin.name, locked)
            elif locked.pin.name not in done:
                waiting.append((locked, True))
                waiting += [(by_name[one.name], False) for one in reversed(locked.dependencies)]
        return tuple(done.values())
