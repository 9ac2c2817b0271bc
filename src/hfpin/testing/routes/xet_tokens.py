"""Tokens for the Xet storage: the hub says where it is, and lets in who may read or write the repo."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from hfpin.testing.refusal import HubRefusal
from hfpin.testing.reply import Reply, json_reply
from hfpin.testing.routes.route import API_REPO, Need, Route, open_repo

if TYPE_CHECKING:
    from aiohttp import web

    from hfpin.testing.site import Site

_LIFETIME = 3600


async def token(site: Site, request: web.Request) -> Reply:
    """Answer ``GET /api/{type}/{id}/xet-{read|write}-token/{rev}``, in headers and in the body."""
    kind = request.match_info["kind"]
    open_repo(site, request, Need.WRITE if kind == "write" else Need.READ)
    if not site.options.xet:
        message = "Xet is off on this hub: set HF_HUB_DISABLE_XET=1, or start it with xet."
        raise HubRefusal(message, status=404, code="NotFound")
    access_token, expires = f"xet-{kind}", int(time.time()) + _LIFETIME
    headers = {
        "X-Xet-Cas-Url": site.cdn_url,
        "X-Xet-Access-Token": access_token,
        "X-Xet-Token-Expiration": str(expires),
    }
    document = {"casUrl": site.cdn_url, "accessToken": access_token, "exp": expires}
    return json_reply(document, headers=headers)


ROUTES = (Route(method="GET", path=f"{API_REPO}/xet-{{kind:read|write}}-token/{{rev}}", handler=token),)
