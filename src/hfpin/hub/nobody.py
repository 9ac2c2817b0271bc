"""A Hub that is not asked: what `--offline` puts in the place of the real one."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, NoReturn

from hfpin.errors import OfflineError
from hfpin.hub.protocol import Resolved, Stream
from hfpin.lock import LockedFile
from hfpin.repo import Repo


class NoHub:
    """Answers nothing: every method raises an `OfflineError` that names the repo."""

    def resolve(self, repo: Repo, revision: str | None) -> Resolved:
        """Refuse."""
        del revision
        _refuse(repo)

    def files(self, repo: Repo, commit: str) -> tuple[LockedFile, ...]:
        """Refuse."""
        del commit
        _refuse(repo)

    def open(self, repo: Repo, commit: str, path: str, **options: Any) -> AbstractContextManager[Stream]:
        """Refuse."""
        del commit, path, options
        _refuse(repo)

    def check_access(self, repo: Repo) -> None:
        """Refuse."""
        _refuse(repo)


def _refuse(repo: Repo) -> NoReturn:
    raise OfflineError(
        f"--offline, so the Hub was not asked about {repo}",
        hint="Run it without --offline where there is a network.",
    )
