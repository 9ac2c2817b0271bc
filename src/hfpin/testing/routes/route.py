"""A route as a value, and what every handler needs to know of its request."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from hfpin.testing.refusal import HubRefusal, bad_request
from hfpin.testing.storage.repo_name import REPO_TYPES, RepoName

if TYPE_CHECKING:
    from aiohttp import web

    from hfpin.testing.delivery import Handler
    from hfpin.testing.site import Site
    from hfpin.testing.storage.accounts import Account
    from hfpin.testing.storage.hub_store import HubRepo

_PLURALS = "|".join(f"{repo_type}s" for repo_type in REPO_TYPES)
_REPO_ID = "{repo_id:[^/]+(?:/[^/]+)?}"

API_REPO = f"/api/{{plural:{_PLURALS}}}/{_REPO_ID}"
"""Where the API speaks of one repo."""

REPO_PAGES = (f"/{{plural:{_PLURALS}}}/{_REPO_ID}", f"/{_REPO_ID}")
"""Where a repo's pages are: models have no prefix, so theirs has to be tried last."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """A method (``*`` for any), a path as aiohttp writes it, and who answers. GET stands for HEAD too."""

    method: str
    path: str
    handler: Handler


class Need(Enum):
    """What a request wants of a repo."""

    SEE = "see"
    READ = "read"
    WRITE = "write"


class RepoMoved(HubRefusal):
    """The repo has another name now; the answer is a redirect (status 307), which keeps method and body."""

    def __init__(self, old: RepoName, new: RepoName, raw_path: str) -> None:
        # The id is the last of its kind in front of the rest of the path: /api/models/models/tree/main.
        head = rf"^(/(?:api/(?:resolve-cache/)?)?(?:{old.plural}/)?){re.escape(old.repo_id)}(?=[/.?]|$)"
        location = re.sub(head, lambda match: match[1] + new.repo_id, raw_path, count=1)
        super().__init__(
            f"Repository {old.repo_id} moved to {new.repo_id}",
            status=307,
            code="RepoMoved",
            headers={"Location": location},
        )


def account_of(site: Site, request: web.Request) -> Account | None:
    """Return who asks, None without a token.

    Raises:
        HubRefusal: The token is not one of this hub's (status 401).
    """
    token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    if not token:
        return None
    for account in site.accounts:
        if account.token == token:
            return account
    raise HubRefusal("Invalid credentials in Authorization header", status=401, code="InvalidCredentials")


def writer_of(site: Site, request: web.Request) -> Account:
    """Return who asks, if that is a writer.

    Raises:
        HubRefusal: Nobody signed in (status 401), or a reader (403).
    """
    account = account_of(site, request)
    if account is None:
        raise HubRefusal("Invalid username or password.", status=401, code="Unauthorized")
    if not account.can_write:
        message = f"User {account.name} has no right to create or modify this repo: use the writer's token."
        raise HubRefusal(message, status=403, code="Forbidden")
    return account


def repo_name(request: web.Request) -> RepoName:
    """Return the repo that the path speaks of."""
    return RepoName.from_plural(request.match_info.get("plural", "models"), request.match_info["repo_id"])


def open_repo(site: Site, request: web.Request, need: Need = Need.SEE) -> HubRepo:
    """Return the repo that the path speaks of, if the asker may do there what is needed.

    Raises:
        RepoMoved: It has another name now.
        HubRefusal: There is no such repo, or none that the asker may see (404 ``RepoNotFound``, 401 when
            nobody signed in); it is gated (403 ``GatedRepo``, or 401); or writing needs another token (403,
            or 401).
    """
    account = account_of(site, request)
    name = repo_name(request)
    repo = site.store.find(name)
    if repo is None or not repo.access.sees(account):
        message = f"Repository not found: {name.url_path}" if account else "Invalid username or password."
        raise HubRefusal(message, status=404 if account else 401, code="RepoNotFound")
    if repo.name != name:
        raise RepoMoved(name, repo.name, request.raw_path)
    if need is Need.WRITE:
        writer_of(site, request)
    if need is Need.READ and not repo.access.reads(account):
        raise HubRefusal(
            f"Access to {name.repo_type} {name.repo_id} is restricted and you are not in the"
            " authorized list.",
            status=403 if account else 401,
            code="GatedRepo",
        )
    return repo


async def json_object(request: web.Request) -> dict[str, Any]:
    """Return the request's JSON object.

    Raises:
        HubRefusal: The body is something else (status 400).
    """
    try:
        document = await request.json()
    except ValueError as error:
        raise bad_request(f"The body is not JSON: {error}") from error
    if not isinstance(document, dict):
        raise bad_request("The body is not a JSON object.")
    return document


def page_of(site: Site, request: web.Request, count: int, size: int) -> tuple[slice, dict[str, str]]:
    """Return which of `count` items this request gets, and the ``Link`` to the next page if there is one.

    Args:
        site: The hub.
        request: Its query may hold ``limit`` and ``cursor``.
        count: How many items there are.
        size: How many a page holds, at most.

    Raises:
        HubRefusal: ``limit`` or ``cursor`` is no positive number (status 400).
    """
    limit, cursor = request.query.get("limit", str(size)), request.query.get("cursor", "0")
    if not (limit.isdecimal() and cursor.isdecimal() and int(limit)):
        raise bad_request(f"limit={limit!r} and cursor={cursor!r} have to be numbers, and limit above 0.")
    start = int(cursor)
    stop = start + min(int(limit), size)
    if stop >= count:
        return slice(start, count), {}
    following = request.rel_url.update_query(cursor=str(stop))
    return slice(start, stop), {"Link": f'<{site.hub_url}{following}>; rel="next"'}


def is_true(value: object) -> bool:
    """Tell whether a query or form value means yes."""
    return str(value).lower() in {"1", "true"}


def iso_time(timestamp: int) -> str:
    """Return seconds since 1970 as the Hub writes times."""
    return time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(timestamp))
