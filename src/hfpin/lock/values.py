"""What a lock holds."""

from __future__ import annotations

from hfpin.dataclass import dataclass, field
from hfpin.digest import Digest
from hfpin.errors import LockError
from hfpin.paths import LOCK_FILE
from hfpin.pin import Pin
from hfpin.tensors import Tensor

FILE_NAME = LOCK_FILE
VERSION = "1.0"


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
class LockedPin:
    """A pin and the files that its patterns keep, sorted by path.

    Args:
        pin: The pin.
        files: What is kept.
        dropped: What is left out, sorted.
        unmatched_patterns: Patterns that match no file of the commit, as `ignore_patterns '*.h5'`.
        incomplete: Why what is kept cannot be loaded; None where it can, as far as names tell.
    """

    pin: Pin
    files: tuple[LockedFile, ...]
    dropped: tuple[Dropped, ...] = ()
    unmatched_patterns: tuple[str, ...] = ()
    incomplete: str | None = None

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
    """

    pins: tuple[LockedPin, ...] = field(default=())
    newer_version: str | None = field(default=None, compare=False)

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
