"""Everything else: JSON 404, as clients expect of the Hub's API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hfpin.testing.refusal import HubRefusal
from hfpin.testing.routes.route import Route

if TYPE_CHECKING:
    from aiohttp import web

    from hfpin.testing.reply import Reply
    from hfpin.testing.site import Site


async def unknown(_site: Site, request: web.Request) -> Reply:
    """Refuse."""
    message = f"The embedded Hub does not answer {request.method} {request.rel_url.raw_path}"
    raise HubRefusal(message, status=404, code="NotFound")


ROUTES = (Route(method="*", path="/{path:.*}", handler=unknown),)
