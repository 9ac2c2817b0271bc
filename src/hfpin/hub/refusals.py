"""What the Hub says when it does not give what it was asked for, in words that say what to do."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, Literal
from urllib.parse import urlsplit

from hfpin.dataclass import dataclass
from hfpin.errors import (
    AccessError,
    HubError,
    NetworkError,
    OfflineError,
    RepoNotFoundError,
    RevisionNotFoundError,
)
from hfpin.hub.client import Client, find_token
from hfpin.hub.protocol import DEFAULT_BRANCH
from hfpin.regex import lazily
from hfpin.repo import Repo

_HALF = lazily("[\ud800-\udfff]")
"""Half a character."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusals:
    """Turns the errors of huggingface_hub into ours.

    Args:
        client: What raises them.
        endpoint: The Hub's address, for messages.
        token: As `HuggingFaceHub` has it, to say who was refused.
    """

    client: Client
    endpoint: str
    token: str | Literal[False] | None

    @contextlib.contextmanager
    def translated(self, repo: Repo, revision: str, path: str | None = None) -> Iterator[None]:
        """Turn what huggingface_hub and its HTTP client raise into errors that say what to do.

        None of the original text is kept: it can hold signed addresses.

        Args:
            repo: What is asked about.
            revision: At which commit, branch or tag.
            path: Of which file; None where the question is about no file.

        Raises:
            HubError: The Hub refused, or did not answer: one of its kinds.
        """
        errors = self.client.errors
        # httpx or httpx2, by the version of huggingface_hub: its errors derive from the client's base class.
        http_error: type[Exception] = errors.HfHubHTTPError.__bases__[0]
        if _HALF.search(revision):  # which JSON can say, and no address
            raise self._no_revision(repo, revision)
        try:
            yield
        except errors.GatedRepoError:
            raise AccessError(
                f"{repo} is gated, and {self._who()} may not read it",
                hint=f"Ask for access at {self._page(repo)}, then `hf auth login` or set HF_TOKEN.",
            ) from None
        except errors.RepositoryNotFoundError:
            raise RepoNotFoundError(
                f"the Hub has no {repo.repo_type} {repo.repo_id} that {self._who()} may see",
                hint="Check the spelling and the type; for a private one, `hf auth login` or set HF_TOKEN.",
            ) from None
        except errors.RevisionNotFoundError:
            raise self._no_revision(repo, revision) from None
        except errors.EntryNotFoundError:
            raise HubError(
                f"{repo} at {revision} has no file {path}" if path else f"{repo} at {revision} has no files",
                hint="Restore hfpin.lock from git; or delete it, and `hfpin lock` asks the Hub anew.",
            ) from None
        except errors.OfflineModeIsEnabled:
            raise OfflineError(
                f"HF_HUB_OFFLINE is set, so the Hub was not asked about {repo}",
                hint="Unset it where there is a network; what was fetched there is found here without it.",
            ) from None
        except errors.HfHubHTTPError as error:
            raise self._from_status(repo, error) from None
        except http_error as error:
            raise NetworkError(
                f"no answer from {self.address} about {repo} ({type(error).__name__})",
                hint="Check the network and HF_ENDPOINT, then run the same command again: nothing is lost.",
            ) from None

    @contextlib.contextmanager
    def understood(self) -> Iterator[None]:
        """Say so where an answer is no JSON, or not such as a Hub gives: a login page of the network, say.

        For the questions that huggingface_hub asks: it takes their answers apart as they come, unchecked.
        """
        try:
            yield
        except self.client.errors.HfHubHTTPError:  # some of those are a ValueError, too
            raise
        except (ValueError, TypeError, LookupError, AttributeError):
            raise NetworkError(
                f"{self.address} did not answer as a Hub does",
                hint="Check HF_ENDPOINT, and whether this network asks for a login first.",
            ) from None

    def _no_revision(self, repo: Repo, revision: str) -> RevisionNotFoundError:
        return RevisionNotFoundError(
            f"{repo} has no revision {revision!r}",
            hint=f"Its branches, tags and commits are at {self._page(repo)}/commits/{DEFAULT_BRANCH}.",
        )

    def _from_status(self, repo: Repo, error: Any) -> HubError:
        status = error.response.status_code
        if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            return AccessError(
                f"the Hub refused {self._who()} for {repo} (HTTP {status})",
                hint="Log in again with `hf auth login`, or set HF_TOKEN to a token that may read it.",
            )
        if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            reason = "asks to slow down" if status == HTTPStatus.TOO_MANY_REQUESTS else "is in trouble"
            return NetworkError(
                f"the Hub {reason} (HTTP {status}, {repo})",
                hint="Run the same command again later: what was fetched is kept.",
                retry_after=_seconds(error.response.headers.get("Retry-After")),
            )
        return HubError(f"the Hub answered HTTP {status} about {repo}", hint="Check HF_ENDPOINT.")

    def _who(self) -> str:
        has_token = self.token if self.token is not None else find_token(self.client)
        return "this token" if has_token else "someone without a token"

    @property
    def address(self) -> str:
        """The Hub's address without a user or password that may stand in it."""
        parts = urlsplit(self.endpoint)
        return f"{parts.scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "")

    def _page(self, repo: Repo) -> str:
        prefix = "" if repo.repo_type == "model" else f"{repo.repo_type}s/"
        return f"{self.address}/{prefix}{repo.repo_id}"


def _seconds(header: str | None) -> float | None:
    return float(header) if header is not None and header.isdecimal() else None
