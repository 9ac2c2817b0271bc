"""Who am I, and other things that clients ask of a Hub before they do anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hfpin.testing.refusal import HubRefusal
from hfpin.testing.reply import Reply, json_reply
from hfpin.testing.routes.route import Route, account_of

if TYPE_CHECKING:
    from aiohttp import web

    from hfpin.testing.site import Site


async def whoami(site: Site, request: web.Request) -> Reply:
    """Answer ``GET /api/whoami-v2``."""
    account = account_of(site, request)
    if account is None:
        raise HubRefusal("Invalid username or password.", status=401, code="Unauthorized")
    role = "write" if account.can_write else "read"
    return json_reply(
        {
            "type": "user",
            "id": account.name,
            "name": account.name,
            "fullname": account.name,
            "isPro": False,
            "orgs": [],
            "auth": {"type": "access_token", "accessToken": {"displayName": account.name, "role": role}},
        }
    )


async def agent_harnesses(_site: Site, _request: web.Request) -> Reply:
    """Answer ``GET /api/agent-harnesses``, which clients since 2.x fetch once a day for their User-Agent."""
    return json_reply({"standardEnvVars": [], "harnesses": {}})


async def validate_yaml(_site: Site, _request: web.Request) -> Reply:
    """Answer ``POST /api/validate-yaml``, sent before a README.md is uploaded: it is always valid."""
    return json_reply({"errors": [], "warnings": []})


ROUTES = (
    Route(method="GET", path="/api/whoami-v2", handler=whoami),
    Route(method="GET", path="/api/agent-harnesses", handler=agent_harnesses),
    Route(method="POST", path="/api/validate-yaml", handler=validate_yaml),
)
