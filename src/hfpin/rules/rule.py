"""What a rule is, and what it may know.

A rule is started once a run and then shown one file after the other. It says what it finds in each while that
is in memory, and at the end what only all of them show; between files it keeps small values, never a text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from hfpin.config import Config
from hfpin.dataclass import dataclass, field
from hfpin.errors import LockError
from hfpin.finding import Finding
from hfpin.paths import LOCK_FILE
from hfpin.scan import Scan

if TYPE_CHECKING:  # most runs of a hook find no use for the lock, and should not pay for it
    from hfpin.lock import Lock


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """One file, as a rule is shown it.

    Args:
        scan: What it says.
        name: What the project calls it: its path from the root, with forward slashes.
        declares: Whether it is one of the files that declare the project's pins.
        codes: The rules that are asked about it.
        said: What the rules before this one found in it.
    """

    scan: Scan
    name: str = ""
    declares: bool = False
    codes: frozenset[str] = frozenset()
    said: tuple[Finding, ...] = ()


def _no_lock() -> Lock | None:
    return None


@dataclass(frozen=True, kw_only=True)
class Context:
    """What is the same for a whole run.

    Args:
        config: The project's settings.
        is_whole: Whether every declaring file is shown, so that what none of them says is said nowhere.
        known: The codes of all rules.
        judged: Those of them whose silence about a line is known once its file was seen.
        lock_path: What to call the lock.
        read_lock: Reads it; gives None where there is none. Raises a LockError where it cannot be used.
    """

    config: Config = field(default_factory=Config)
    is_whole: bool = False
    known: frozenset[str] = frozenset()
    judged: frozenset[str] = frozenset()
    lock_path: str = LOCK_FILE
    read_lock: Callable[[], Lock | None] = _no_lock

    @cached_property
    def lock(self) -> Lock | LockError | None:
        """The lock, read when a rule first asks for it; the error where it cannot be used."""
        try:
            return self.read_lock()
        except LockError as error:
            return error


class Watch(Protocol):
    """A rule in one run."""

    def file(self, examined: Examined) -> Iterable[Finding]:
        """Say what is wrong in one file. Files that say nothing (`Scan.says_nothing`) are not shown."""

    def end(self) -> Iterable[Finding]:
        """Say what only all files together show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule.

    Args:
        code: `HFP` and three digits; never used again for anything else.
        title: What it finds, in a few words.
        start: Starts it for one run.
        sees_other_files: Whether what it says of a file depends on files that may not be shown.
    """

    code: str
    title: str
    start: Callable[[Context], Watch]
    sees_other_files: bool = False


@dataclass(frozen=True, slots=True)
class EachFile:
    """The watch of a rule that looks at one file at a time.

    Args:
        check: Gives the findings of a file.
    """

    check: Callable[[Examined], Iterable[Finding]]

    def file(self, examined: Examined) -> Iterable[Finding]:
        """Say what is wrong in one file."""
        return self.check(examined)

    def end(self) -> Iterable[Finding]:
        """Say nothing: nothing was kept."""
        return ()


def each_file(check: Callable[[Scan], Iterable[Finding]]) -> Callable[[Context], Watch]:
    """Start a rule that needs one scan and nothing else."""

    def start(context: Context) -> Watch:
        del context
        return EachFile(lambda examined: check(examined.scan))

    return start
