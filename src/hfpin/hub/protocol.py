"""What hfpin asks of the Hub, and what it gets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

from hfpin.dataclass import dataclass
from hfpin.lock import LockedFile
from hfpin.repo import Repo

if TYPE_CHECKING:
    from datetime import datetime

DEFAULT_BRANCH = "main"
"""What the Hub means where no revision is given (`huggingface_hub.constants.DEFAULT_REVISION`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """What a revision is today.

    Args:
        revision: The branch or tag that was asked for.
        commit: The commit it points at.
        date: When that commit was made, as `YYYY-MM-DD`; None where the Hub does not say.
    """

    revision: str
    commit: str
    date: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedCommit:
    """A commit of a branch's history, and when it was made, with its zone."""

    commit: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """The bytes of a file as they arrive.

    Args:
        start: The offset of the first byte: what was asked for, or 0 where the server sends all of it.
        chunks: The bytes, in chunks of up to a few MiB.
        is_ranged: Whether it ends where it was asked to end; else it goes on to the end of the file.
    """

    start: int
    chunks: Iterator[bytes]
    is_ranged: bool = False


class Hub(Protocol):
    """What hfpin asks of the Hub. Every method may raise a `HubError`."""

    def resolve(self, repo: Repo, revision: str | None) -> Resolved:
        """Ask which commit a revision is today; None asks for the default branch."""

    def files(self, repo: Repo, commit: str) -> tuple[LockedFile, ...]:
        """List all files of a commit, with size and digest."""

    def open(  # noqa: PLR0913  # what, from where to where, and how
        self,
        repo: Repo,
        commit: str,
        path: str,
        *,
        start: int = 0,
        end: int | None = None,
        plain: bool = False,
    ) -> AbstractContextManager[Stream]:
        """Open a file of a commit for reading from byte `start`, with a single GET.

        Args:
            repo: The repo.
            commit: The commit.
            path: The file.
            start: The first byte that is wanted.
            end: The byte after the last that is wanted now; None for the rest of the file.
            plain: Whether it has to come over HTTP, because another way has just failed.
        """

    def check_access(self, repo: Repo) -> None:
        """Ask whether the files of a repo may be read; an `AccessError` or `RepoNotFoundError` says no."""


class HubWithHistory(Hub, Protocol):
    """A Hub that also tells what was before."""

    def commits(self, repo: Repo, revision: str) -> Iterable[DatedCommit]:
        """List the history of a branch or tag, newest first."""

    def tags(self, repo: Repo) -> frozenset[str]:
        """List the tags of a repo."""
