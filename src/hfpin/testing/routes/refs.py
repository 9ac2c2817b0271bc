"""Branches, tags, pull requests' refs, and history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hfpin.testing.reply import Reply, json_reply
from hfpin.testing.routes.route import (
    API_REPO,
    Need,
    Route,
    is_true,
    iso_time,
    json_object,
    open_repo,
    page_of,
)
from hfpin.testing.storage.accounts import WRITER
from hfpin.testing.storage.ref_names import ref_of_branch, ref_of_tag

if TYPE_CHECKING:
    from aiohttp import web

    from hfpin.testing.site import Site

_KINDS = {"branches": "refs/heads/", "tags": "refs/tags/", "converts": "refs/convert/"}
_PULL_REQUESTS = {"pullRequests": "refs/pr/"}


async def refs(site: Site, request: web.Request) -> Reply:
    """Answer ``GET /api/{type}/{id}/refs[?include_prs=1]``."""
    repo = open_repo(site, request)
    kinds = _KINDS | (_PULL_REQUESTS if is_true(request.query.get("include_prs")) else {})
    known = repo.git.refs().items()
    return json_reply(
        {
            kind: [
                {"name": ref.removeprefix(prefix), "ref": ref, "targetCommit": commit_hash}
                for ref, commit_hash in known
                if ref.startswith(prefix)
            ]
            for kind, prefix in kinds.items()
        }
    )


async def commits(site: Site, request: web.Request) -> Reply:
    """Answer ``GET /api/{type}/{id}/commits/{rev}?limit=&cursor=``, newest first."""
    repo = open_repo(site, request)
    history = list(repo.git.history(repo.git.resolve(request.match_info["rev"])))
    chosen, headers = page_of(site, request, len(history), site.options.commits_page_size)
    document = [
        {
            "id": commit.commit_hash,
            "title": commit.title,
            "message": commit.description,
            "date": iso_time(commit.timestamp),
            "authors": [{"user": WRITER.name}],
        }
        for commit in history[chosen]
    ]
    return json_reply(document, headers={**headers, "X-Total-Count": str(len(history))})


async def create_tag(site: Site, request: web.Request) -> Reply:
    """Answer ``POST /api/{type}/{id}/tag/{rev} {tag, message?}``; the tag is a light one."""
    repo = open_repo(site, request, Need.WRITE)
    tag = str((await json_object(request)).get("tag"))
    repo.git.set_ref(ref_of_tag(tag), repo.git.resolve(request.match_info["rev"]).commit_hash)
    return json_reply({})


async def delete_tag(site: Site, request: web.Request) -> Reply:
    """Answer ``DELETE /api/{type}/{id}/tag/{tag}``."""
    repo = open_repo(site, request, Need.WRITE)
    repo.git.delete_ref(ref_of_tag(request.match_info["tag"]))
    return json_reply({})


async def create_branch(site: Site, request: web.Request) -> Reply:
    """Answer ``POST /api/{type}/{id}/branch/{branch} {startingPoint?}``."""
    repo = open_repo(site, request, Need.WRITE)
    document = await json_object(request) if request.can_read_body else {}
    start = repo.git.resolve(document.get("startingPoint") or "main")
    repo.git.set_ref(ref_of_branch(request.match_info["branch"]), start.commit_hash)
    return json_reply({})


async def delete_branch(site: Site, request: web.Request) -> Reply:
    """Answer ``DELETE /api/{type}/{id}/branch/{branch}``."""
    repo = open_repo(site, request, Need.WRITE)
    repo.git.delete_ref(ref_of_branch(request.match_info["branch"]))
    return json_reply({})


async def super_squash(site: Site, request: web.Request) -> Reply:
    """Answer ``POST /api/{type}/{id}/super-squash/{branch} {message}``: one commit is left."""
    repo = open_repo(site, request, Need.WRITE)
    message = str((await json_object(request)).get("message"))
    ref = ref_of_branch(request.match_info["branch"])
    head = repo.git.resolve(ref)
    files = repo.git.tree(head)
    repo.git.add_commit(ref, files, message=message, parent=None, timestamp=head.timestamp)
    return json_reply({})


ROUTES = (
    Route(method="GET", path=f"{API_REPO}/refs", handler=refs),
    Route(method="GET", path=f"{API_REPO}/commits/{{rev}}", handler=commits),
    Route(method="POST", path=f"{API_REPO}/tag/{{rev}}", handler=create_tag),
    Route(method="DELETE", path=f"{API_REPO}/tag/{{tag}}", handler=delete_tag),
    Route(method="POST", path=f"{API_REPO}/branch/{{branch}}", handler=create_branch),
    Route(method="DELETE", path=f"{API_REPO}/branch/{{branch}}", handler=delete_branch),
    Route(method="POST", path=f"{API_REPO}/super-squash/{{branch}}", handler=super_squash),
)
