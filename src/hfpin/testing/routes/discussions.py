"""Pull requests, as far as uploads need them: open one, look at it. Neither discussions nor merges exist."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hfpin.testing.refusal import HubRefusal, bad_request
from hfpin.testing.reply import Reply, json_reply
from hfpin.testing.routes.route import API_REPO, Need, Route, iso_time, json_object, open_repo
from hfpin.testing.storage.accounts import WRITER

if TYPE_CHECKING:
    from aiohttp import web

    from hfpin.testing.site import Site


async def create(site: Site, request: web.Request) -> Reply:
    """Answer ``POST /api/{type}/{id}/discussions {title, description, pullRequest}``."""
    repo = open_repo(site, request, Need.WRITE)
    document = await json_object(request)
    if not document.get("pullRequest"):
        raise bad_request("The embedded Hub has no discussions: open a pull request.")
    number = site.store.next_pull_request(repo)
    repo.git.set_ref(f"refs/pr/{number}", repo.git.resolve("main").commit_hash)
    return json_reply({"num": number})


async def details(site: Site, request: web.Request) -> Reply:
    """Answer ``GET /api/{type}/{id}/discussions/{number}``."""
    repo = open_repo(site, request)
    number = request.match_info["number"]
    if not repo.git.has_ref(f"refs/pr/{number}"):
        raise HubRefusal(f"There is no pull request {number!r}.", status=404, code="NotFound")
    head = repo.git.resolve(f"refs/pr/{number}")
    document: dict[str, Any] = {
        "num": int(number),
        "title": head.title,
        "status": "draft",
        "author": {"name": WRITER.name},
        "createdAt": iso_time(head.timestamp),
        "repo": {"name": repo.name.repo_id, "type": repo.name.repo_type},
        "isPullRequest": True,
        "changes": {"base": "refs/heads/main"},
        "filesWithConflicts": [],
        "events": [],
        "diff": "",
    }
    return json_reply(document)


ROUTES = (
    Route(method="POST", path=f"{API_REPO}/discussions", handler=create),
    Route(method="GET", path=f"{API_REPO}/discussions/{{number}}", handler=details),
)
