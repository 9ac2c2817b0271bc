"""The Xet storage's own API, on the CDN origin. Its tokens are not checked: the hub's repos are the gate."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hfpin.testing.reply import Reply, file_reply, json_reply
from hfpin.testing.routes.route import Route
from hfpin.testing.storage.lfs import BLOCK
from hfpin.testing.xet.reconstruction import dump_v1, dump_v2, reconstruct

if TYPE_CHECKING:
    from aiohttp import web

    from hfpin.testing.site import Site

_BYTES = re.compile(r"bytes=(\d+)-(\d+)")


async def upload_xorb(site: Site, request: web.Request) -> Reply:
    """Answer ``POST /v1/xorbs/{prefix}/{hash}``: streamed to disk. The hash is taken on trust."""
    xorb_hash = request.match_info["hash"]
    is_new = not site.xet.has_xorb(xorb_hash)
    with site.xet.incoming_xorb(xorb_hash) as stream:
        async for block in request.content.iter_chunked(BLOCK):
            stream.write(block)
    return json_reply({"was_inserted": is_new})


async def upload_shard(site: Site, request: web.Request) -> Reply:
    """Answer ``POST /v1/shards`` and ``POST /v2/shards``, whose answer is one JSON object a line."""
    site.xet.add_shard(await request.read())
    if request.match_info["version"] == "v1":
        return json_reply({"result": 1})
    return json_reply({"type": "result"}, headers={"Content-Type": "application/x-ndjson"})


async def reconstruction(site: Site, request: web.Request) -> Reply:
    """Answer ``GET /v{1,2}/reconstructions/{file hash}``; a ``Range`` here means bytes of the file."""
    file = site.xet.file(request.match_info["hash"])
    wanted = _BYTES.fullmatch(request.headers.get("Range", ""))
    plan = reconstruct(file, (int(wanted[1]), int(wanted[2])) if wanted else None, site.xet.xorb)
    dump = dump_v1 if request.match_info["version"] == "v1" else dump_v2
    return json_reply(dump(plan, site.xet.xorb, lambda xorb_hash: f"{site.cdn_url}/xorbs/{xorb_hash}"))


async def download_xorb(site: Site, request: web.Request) -> Reply:
    """Answer ``GET /xorbs/{hash}``, where reconstructions send clients."""
    xorb_hash = request.match_info["hash"]
    return file_reply(site.xet.xorb(xorb_hash).path, {"ETag": f'"{xorb_hash}"'})


async def telemetry(_site: Site, _request: web.Request) -> Reply:
    """Answer ``POST /v1/telemetry``: thank you."""
    return Reply()


ROUTES = (
    Route(method="POST", path="/v1/xorbs/{prefix}/{hash}", handler=upload_xorb),
    Route(method="POST", path="/{version:v1|v2}/shards", handler=upload_shard),
    Route(method="GET", path="/{version:v1|v2}/reconstructions/{hash}", handler=reconstruction),
    Route(method="GET", path="/xorbs/{hash}", handler=download_xorb),
    Route(method="POST", path="/v1/telemetry", handler=telemetry),
)
