"""Git LFS: the batch API (docs/api/batch.md of git-lfs) on the hub, the objects themselves on the CDN."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from hfpin.testing.refusal import HubRefusal
from hfpin.testing.reply import Reply, file_reply, json_reply
from hfpin.testing.routes.route import REPO_PAGES, Need, Route, json_object, open_repo
from hfpin.testing.storage.lfs import BLOCK

if TYPE_CHECKING:
    from aiohttp import web

    from hfpin.testing.site import Site


async def batch(site: Site, request: web.Request) -> Reply:
    """Answer ``POST {repo}.git/info/lfs/objects/batch``: an upload without actions is already here."""
    document = await json_object(request)
    uploads = document.get("operation") == "upload"
    open_repo(site, request, Need.WRITE if uploads else Need.READ)
    by_xet = uploads and site.options.xet and "xet" in document.get("transfers", ())
    objects = [
        _batch_object(site, item["oid"], item["size"], uploads=uploads) for item in document["objects"]
    ]
    answer = {"transfer": "xet" if by_xet else "basic", "objects": objects}
    return json_reply(answer, headers={"Content-Type": "application/vnd.git-lfs+json"})


def _batch_object(site: Site, oid: str, size: int, *, uploads: bool) -> dict[str, Any]:
    known = site.bridge.size(oid) is not None
    href = f"{site.cdn_url}/lfs/{oid}"
    answer: dict[str, Any] = {"oid": oid, "size": size, "authenticated": True}
    if uploads and not known:
        verify_href = f"{site.hub_url}/_lfs/verify"
        answer["actions"] = {
            "upload": {"href": href, "header": {}},
            "verify": {"href": verify_href, "header": {}},
        }
    elif not uploads and known:
        answer["actions"] = {"download": {"href": href, "header": {}}}
    elif not uploads:
        answer["error"] = {"code": 404, "message": f"LFS object not found: {oid}"}
    return answer


async def verify(site: Site, request: web.Request) -> Reply:
    """Answer ``POST /_lfs/verify {oid, size}``, sent after an upload."""
    document = await json_object(request)
    if site.bridge.size(str(document.get("oid"))) != document.get("size"):
        raise _not_found(str(document.get("oid")))
    return json_reply({})


async def download(site: Site, request: web.Request) -> Reply:
    """Answer ``GET /lfs/{oid}`` on the CDN."""
    oid = request.match_info["oid"]
    path = await asyncio.to_thread(site.bridge.path, oid)  # it may have to rebuild the file from xorbs
    if path is None:
        raise _not_found(oid)
    return file_reply(path, {"ETag": f'"{oid}"'})


async def upload(site: Site, request: web.Request) -> Reply:
    """Answer ``PUT /lfs/{oid}`` on the CDN: streamed to disk, kept only if its sha256 is the oid."""
    oid = request.match_info["oid"]
    site.objects.path(oid)  # refuses what is no sha256
    with site.objects.incoming() as incoming:
        async for block in request.content.iter_chunked(BLOCK):
            incoming.write(block)
        incoming.keep(expected_oid=oid)
    return Reply(headers={"ETag": f'"{oid}"'})


def _not_found(oid: str) -> HubRefusal:
    return HubRefusal(f"LFS object not found: {oid!r}", status=404, code="NotFound")


HUB_ROUTES = (
    *(Route(method="POST", path=f"{page}.git/info/lfs/objects/batch", handler=batch) for page in REPO_PAGES),
    Route(method="POST", path="/_lfs/verify", handler=verify),
)
CDN_ROUTES = (
    Route(method="GET", path="/lfs/{oid}", handler=download),
    Route(method="PUT", path="/lfs/{oid}", handler=upload),
)
