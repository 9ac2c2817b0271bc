"""Repos as a whole: create, delete, move, settings, and what is known of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hfpin.testing.refusal import bad_request, conflict
from hfpin.testing.reply import Reply, json_reply, refusal_reply
from hfpin.testing.routes.route import (
    API_REPO,
    Need,
    Route,
    is_true,
    iso_time,
    json_object,
    open_repo,
    writer_of,
)
from hfpin.testing.storage.accounts import Access, Account
from hfpin.testing.storage.repo_name import RepoName

if TYPE_CHECKING:
    from aiohttp import web

    from hfpin.testing.site import Site
    from hfpin.testing.storage.git_repo import GitRepo


async def create(site: Site, request: web.Request) -> Reply:
    """Answer ``POST /api/repos/create {name, organization?, type?, visibility? | private?}``."""
    account = writer_of(site, request)
    document = await json_object(request)
    name = _named(document, account)
    url = f"{site.hub_url}/{name.url_path}"
    if site.store.find(name) is not None:
        refusal = conflict(f"You already created this {name.repo_type} repo: {name.repo_id}")
        return refusal_reply(refusal, url=url, name=name.repo_id)
    repo = site.store.create(name, Access(private=_is_private(document) or False))
    return json_reply({"url": url, "name": name.repo_id, "id": repo.internal_id})


async def delete(site: Site, request: web.Request) -> Reply:
    """Answer ``DELETE /api/repos/delete {name, organization?, type?}``."""
    account = writer_of(site, request)
    site.store.delete(_named(await json_object(request), account))
    return json_reply({})


async def move(site: Site, request: web.Request) -> Reply:
    """Answer ``POST /api/repos/move {fromRepo, toRepo, type?}``."""
    writer_of(site, request)
    document = await json_object(request)
    repo_type = document.get("type") or "model"
    old = RepoName(repo_type=repo_type, repo_id=str(document.get("fromRepo")))
    new = RepoName(repo_type=repo_type, repo_id=str(document.get("toRepo")))
    site.store.rename(old, new)
    return json_reply({})


async def settings(site: Site, request: web.Request) -> Reply:
    """Answer ``PUT /api/{type}/{id}/settings {gated?, visibility? | private?}``."""
    repo = open_repo(site, request, Need.WRITE)
    document = await json_object(request)
    try:
        access = repo.access.changed(gated=document.get("gated"), private=_is_private(document))
    except ValueError as error:
        raise bad_request(str(error)) from error
    site.store.set_access(repo, access)
    return json_reply({})


async def grant(site: Site, request: web.Request) -> Reply:
    """Answer ``POST /api/{type}/{id}/user-access-request/grant {user}``."""
    repo = open_repo(site, request, Need.WRITE)
    user = str((await json_object(request)).get("user"))
    site.store.set_access(repo, repo.access.changed(granted=repo.access.granted | {user}))
    return json_reply({})


async def auth_check(site: Site, request: web.Request) -> Reply:
    """Answer ``GET /api/{type}/{id}/auth-check``: 200 if the asker may read the files."""
    open_repo(site, request, Need.READ)
    return json_reply({})


async def info(site: Site, request: web.Request) -> Reply:
    """Answer ``GET /api/{type}/{id}[/revision/{rev}][?blobs=true]``.

    A gated repo's file names are not hidden.
    """
    repo = open_repo(site, request)
    commit = repo.git.resolve(request.match_info.get("rev", "main"))
    with_blobs = is_true(request.query.get("blobs"))
    siblings = [
        {"rfilename": path, **(_blob(repo.git, blob_hash) if with_blobs else {})}
        for path, blob_hash in repo.git.tree(commit).items()
    ]
    document = {
        "_id": repo.internal_id,
        "id": repo.name.repo_id,
        "author": repo.name.namespace,
        "sha": commit.commit_hash,
        "lastModified": iso_time(commit.timestamp),
        "createdAt": iso_time(repo.created),
        "private": repo.access.private,
        "gated": repo.access.gated,
        "disabled": False,
        "downloads": 0,
        "likes": 0,
        "tags": [],
        "siblings": siblings,
        "usedStorage": 0,
    }
    if repo.name.repo_type == "model":
        document["modelId"] = repo.name.repo_id
    return json_reply(document)


def _blob(git: GitRepo, blob_hash: str) -> dict[str, Any]:
    file = git.file(blob_hash)
    blob: dict[str, Any] = {"blobId": blob_hash, "size": file.size}
    if file.pointer:
        blob["lfs"] = {"sha256": file.pointer.oid, "size": file.size, "pointerSize": file.blob_size}
    return blob


def _named(document: dict[str, Any], account: Account) -> RepoName:
    """Return the repo that a body names: without an organization it is the asker's own."""
    name = str(document.get("name"))
    repo_id = name if "/" in name else f"{document.get('organization') or account.name}/{name}"
    return RepoName(repo_type=document.get("type") or "model", repo_id=repo_id)


def _is_private(document: dict[str, Any]) -> bool | None:
    """Return what a body says of the repo's visibility, None if nothing. Older clients send ``private``."""
    if "visibility" in document:
        return bool(document["visibility"] == "private")
    return bool(document["private"]) if document.get("private") is not None else None


ROUTES = (
    Route(method="POST", path="/api/repos/create", handler=create),
    Route(method="DELETE", path="/api/repos/delete", handler=delete),
    Route(method="POST", path="/api/repos/move", handler=move),
    Route(method="PUT", path=f"{API_REPO}/settings", handler=settings),
    Route(method="POST", path=f"{API_REPO}/user-access-request/grant", handler=grant),
    Route(method="GET", path=f"{API_REPO}/auth-check", handler=auth_check),
    Route(method="GET", path=f"{API_REPO}/revision/{{rev}}", handler=info),
    Route(method="GET", path=API_REPO, handler=info),
)
