"""The Hub, by huggingface_hub.

Everything goes through that package's own session and headers, so proxies, tokens, mirrors (`HF_ENDPOINT`)
and offline mode mean here what they mean there. Its errors are translated at this door. It is imported inside
functions: 0.2 s that a command with nothing to ask should not pay.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote

from hfpin.dataclass import dataclass
from hfpin.errors import HubError, IntegrityError, NetworkError
from hfpin.hub import xet
from hfpin.hub.answers import impossible_path, locked_file, no_passwords
from hfpin.hub.client import Client, check_token, find_token, open_client
from hfpin.hub.protocol import DEFAULT_BRANCH, DatedCommit, Resolved, Stream
from hfpin.hub.refusals import Refusals
from hfpin.lock import LockedFile
from hfpin.repo import Repo, is_commit

if TYPE_CHECKING:
    from huggingface_hub import HfApi

_CHUNK = 1 << 19


@dataclass(frozen=True, kw_only=True)
class HuggingFaceHub:
    """The Hub behind huggingface_hub.

    Args:
        endpoint: Its address; that of `HF_ENDPOINT` where None.
        token: A token, False for none; where None the one that huggingface_hub finds.
    """

    endpoint: str | None = None
    token: str | Literal[False] | None = None

    def resolve(self, repo: Repo, revision: str | None) -> Resolved:
        """Ask which commit a revision is today, with one request."""
        asked = revision or DEFAULT_BRANCH
        with self._asking(repo, asked), self._refusals.understood():
            info: Any = self._api().repo_info(repo.repo_id, repo_type=repo.repo_type, revision=asked)
        if not isinstance(info.sha, str) or not is_commit(info.sha):
            raise HubError(f"{repo}: the Hub gave no commit for {asked!r}", hint="Ask again later.")
        modified = getattr(info, "last_modified", None)
        date = modified.date().isoformat() if modified is not None else None
        return Resolved(revision=asked, commit=info.sha, date=date)

    def commits(self, repo: Repo, revision: str) -> tuple[DatedCommit, ...]:
        """List the history of a branch or tag, newest first: one request for each page of it."""
        with self._asking(repo, revision), self._refusals.understood():
            listed = self._api().list_repo_commits(repo.repo_id, repo_type=repo.repo_type, revision=revision)
            return tuple(DatedCommit(commit=one.commit_id, created_at=one.created_at) for one in listed)

    def tags(self, repo: Repo) -> frozenset[str]:
        """List the tags of a repo, with one request."""
        with self._asking(repo, DEFAULT_BRANCH), self._refusals.understood():
            refs = self._api().list_repo_refs(repo.repo_id, repo_type=repo.repo_type)
            return frozenset(tag.name for tag in refs.tags)

    def files(self, repo: Repo, commit: str) -> tuple[LockedFile, ...]:
        """List all files of a commit: one request for each thousand."""
        with self._asking(repo, commit), self._refusals.understood():
            from huggingface_hub.hf_api import RepoFile

            entries = self._api().list_repo_tree(
                repo.repo_id, repo_type=repo.repo_type, revision=commit, recursive=True
            )
            files = [locked_file(entry) for entry in entries if isinstance(entry, RepoFile)]
        impossible = impossible_path([file.path for file in files])
        if impossible is not None:
            raise HubError(
                f"{repo}: the Hub lists a file that no folder can hold: {impossible!r}",
                hint="Check HF_ENDPOINT, and ask whoever keeps the repo or the mirror.",
            )
        return tuple(sorted(files, key=lambda file: file.path))

    @contextlib.contextmanager
    def open(  # noqa: PLR0913  # what, from where to where, and how
        self,
        repo: Repo,
        commit: str,
        path: str,
        *,
        start: int = 0,
        end: int | None = None,
        plain: bool = False,
    ) -> Iterator[Stream]:
        """Open a file of a commit for reading from byte `start`: one GET, and what it redirects to.

        A large file that the Hub has in Xet comes from there, where hf_xet is installed and not switched off,
        in parallel, from the same offset and to the file's end.
        """
        session = self._client.get_session()
        last = "" if end is None else end - 1
        ranged = {"Range": f"bytes={start}-{last}"} if start or end is not None else {}
        place = (repo, commit, path)
        with self._asking(repo, commit, path), contextlib.ExitStack() as stack:

            def send(request: Any) -> Any:
                response = self._send(request)
                stack.callback(response.close)
                return response

            known = self._locations.get(place) if plain and end is not None else None
            if known is not None:  # another range of the same file: the Hub need not be asked again
                headers = {"Accept-Encoding": "identity", **ranged}
                response = send(session.build_request("GET", known, headers=headers, timeout=self._timeout))
            if known is None or response.status_code != HTTPStatus.PARTIAL_CONTENT:
                response = send(self._get(self._url(repo, commit, path), ranged))
                headers = {**self._headers, **ranged}
                chunks = (
                    None
                    if plain
                    else xet.open_stream(
                        response,
                        headers,
                        start,
                        endpoint=self.endpoint,
                        session=lambda: self._xet_session,
                        stack=stack,
                    )
                )
                if chunks is not None:
                    yield Stream(start=start, chunks=chunks)
                    return
            hops = 0
            while response.next_request is not None:  # it drops the token where another host is meant
                hops += 1
                if hops > session.max_redirects:
                    raise HubError(
                        f"{path} of {repo}: {self._refusals.address} redirects without end",
                        hint="Check HF_ENDPOINT, and any proxy or mirror in between.",
                    )
                response = send(response.next_request)
            if response.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                raise IntegrityError(
                    f"{path}: the Hub has no more than {start} bytes of it, hfpin.lock says there are",
                    hint="Restore hfpin.lock from git, or ask whoever keeps the proxy or mirror in between.",
                )
            if response.status_code >= HTTPStatus.BAD_REQUEST:
                response.read()
                self._client.hf_raise_for_status(response)
            is_partial = response.status_code == HTTPStatus.PARTIAL_CONTENT
            if is_partial and end is not None:
                self._locations[place] = str(response.request.url)
            yield Stream(
                start=start if is_partial else 0,
                chunks=response.iter_bytes(_CHUNK),
                is_ranged=is_partial and end is not None,
            )

    def _send(self, request: Any) -> Any:
        """Send a request, and read no more than the head of the answer."""
        try:
            return self._client.get_session().send(request, stream=True, follow_redirects=False)
        except UnicodeError:  # a host's name that no system can ask about
            raise NetworkError(
                f"{self._refusals.address} redirects to what is no address",
                hint="Check HF_ENDPOINT, and any proxy or mirror in between.",
            ) from None

    @cached_property
    def _locations(self) -> dict[tuple[Repo, str, str], str]:
        """Where large files are, by repo, commit and path: until an address has expired."""
        return {}

    def _url(self, repo: Repo, commit: str, path: str) -> str:
        """Give what `hf_hub_url` gives, without the 50 ms that the module of that function takes to load."""
        constants = self._client.constants
        prefix = "" if repo.repo_type == "model" else f"{repo.repo_type}s/"
        url: str = constants.HUGGINGFACE_CO_URL_TEMPLATE.format(
            repo_id=f"{prefix}{repo.repo_id}", revision=commit, filename=quote(path)
        )
        return self._endpoint + url.removeprefix(constants.ENDPOINT)

    @cached_property
    def _xet_session(self) -> Any:
        return xet.open_session()

    def _get(self, url: str, headers: dict[str, str]) -> Any:
        """Make a GET after the model of the first: merging a client's settings anew takes ¼ ms."""
        model = self._first_get
        # with a stream, though an empty one: else the headers that the model has are worked out again
        request = type(model)(
            "GET", url, headers=model.headers, extensions=model.extensions, stream=model.stream
        )
        if headers:
            request.headers.update(headers)
        return request

    @cached_property
    def _first_get(self) -> Any:
        return self._client.get_session().build_request(
            "GET", self._endpoint, headers=self._headers, timeout=self._timeout
        )

    @cached_property
    def _client(self) -> Client:
        return open_client(self.endpoint)

    @cached_property
    def _checked_token(self) -> None:
        check_token(find_token(self._client) if self.token is None else self.token or None)

    @property
    def _timeout(self) -> Any:
        return self._client.constants.HF_HUB_DOWNLOAD_TIMEOUT

    @property
    def _endpoint(self) -> str:
        return self.endpoint or str(self._client.constants.ENDPOINT)

    @cached_property
    def _headers(self) -> dict[str, str]:
        """The headers of a download: made once, as the token is read from disk for them."""
        from huggingface_hub.utils import (  # type: ignore[attr-defined]  # public, but lazily exported
            build_hf_headers,
        )

        # identity: what is hashed and counted must be the file's own bytes, not a compressed form of them
        return build_hf_headers(token=self.token) | {"Accept-Encoding": "identity"}

    def check_access(self, repo: Repo) -> None:
        """Ask whether the files of a repo may be read, with one request."""
        # What `HfApi.auth_check` asks, without the sixth of a second that importing it takes.
        url = f"{self._endpoint}/api/{repo.repo_type}s/{repo.repo_id}/auth-check"
        with self._asking(repo, DEFAULT_BRANCH):
            response = self._client.get_session().send(self._get(url, {}), follow_redirects=True)
            self._client.hf_raise_for_status(response)

    def _api(self) -> HfApi:
        from huggingface_hub import HfApi

        return HfApi(endpoint=self.endpoint, token=self.token, library_name="hfpin")

    @contextlib.contextmanager
    def _asking(self, repo: Repo, revision: str, path: str | None = None) -> Iterator[None]:
        """Ask about a repo: what goes wrong is said in our words, and no password reaches a log."""
        with self._refusals.translated(repo, revision, path):
            _ = self._checked_token
            with no_passwords(self._endpoint):
                yield

    @cached_property
    def _refusals(self) -> Refusals:
        return Refusals(client=self._client, endpoint=self._endpoint, token=self.token)
