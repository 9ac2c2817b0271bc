"""What the doctor looks at, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from hfpin.dataclass import dataclass, field
from hfpin.errors import HfpinError


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """Something that needs doing.

    Args:
        seen: What was seen, and where.
        why: Why it matters.
        todo: What to do about it.
    """

    seen: str
    why: str
    todo: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What is still to be fetched to one file system.

    Args:
        place: A folder on it.
        needed: Bytes that are to be fetched.
        free: Bytes that this user may still write.
        quota: Bytes that this user's quota leaves; None where there is none, or nobody says.
        writable: Whether this user may write there.
    """

    place: Path
    needed: int
    free: int
    writable: bool
    quota: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Partial:
    """A file that a fetch left behind.

    Args:
        path: Where it is.
        size: Its bytes.
        age: Seconds since anybody wrote to it.
    """

    path: Path
    size: int
    age: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A folder of the cache.

    Args:
        path: Where it is.
        mode: Its permission bits, as `stat` gives them.
        uid: Its owner.
        gid: Its group.
    """

    path: Path
    mode: int
    uid: int
    gid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A pin whose files the Hub would not give.

    Args:
        name: The pin.
        error: What the Hub said.
    """

    name: str
    error: HfpinError


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that was seen.

    Args:
        cache_dir: The Hub cache of the project.
        default_cache: Where programs look that know nothing of hfpin.
        home: The user's home directory.
        uid: The user; -1 where the system has no such numbers.
        gid: Their group.
        variables: Those of the environment that have a say, none of them secret.
        file_system: The kind of file system the cache is on; None where it cannot be told.
        dead_link: A link on the way to the cache that leads nowhere, and where to; None where none does.
        has_flock: Whether a lock of one process keeps another out; None where it could not be tried.
        rooms: What is to be fetched, by file system.
        partials: Files that fetches left behind.
        folders: The folders of the cache that pins use.
        unreadable: Files of pins that are there and that this user may not read.
        second_cache: The `hub` folder of `HF_HOME`, where it holds repos and is not the cache.
        client: The version of huggingface_hub, by its first two numbers.
        has_token: Whether huggingface_hub finds a token.
        refusals: Which pins the Hub refused; empty where it was not asked.
    """

    cache_dir: Path
    default_cache: Path
    home: Path
    uid: int = -1
    gid: int = -1
    variables: Mapping[str, str] = field(default_factory=dict)
    file_system: str | None = None
    dead_link: tuple[Path, Path] | None = None
    has_flock: bool | None = None
    rooms: tuple[Room, ...] = ()
    partials: tuple[Partial, ...] = ()
    folders: tuple[Folder, ...] = ()
    unreadable: tuple[Path, ...] = ()
    second_cache: Path | None = None
    client: tuple[int, int] | None = None
    has_token: bool = False
    refusals: tuple[Refusal, ...] = ()

    @property
    def needed(self) -> int:
        """Bytes that are to be fetched."""
        return sum(room.needed for room in self.rooms)
