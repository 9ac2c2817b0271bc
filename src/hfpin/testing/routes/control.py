"""Steering a hub over HTTP, for one that runs in another process: faults and the request log.

These paths are never recorded and no fault hits them. They ask for no token: the hub is on loopback only.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from hfpin.testing.faults import Fault
from hfpin.testing.refusal import bad_request
from hfpin.testing.reply import Reply, json_reply
from hfpin.testing.routes.route import Route, json_object

if TYPE_CHECKING:
    from aiohttp import web

    from hfpin.testing.site import Site


async def faults(site: Site, _request: web.Request) -> Reply:
    """Answer ``GET /_test/fault``: the faults that still wait."""
    return json_reply([fault.to_json() for fault in site.faults.waiting()])


async def inject(site: Site, request: web.Request) -> Reply:
    """Answer ``POST /_test/fault`` with an object of `Fault`'s fields."""
    try:
        site.faults.add(Fault.from_json(await json_object(request)))
    except ValueError as error:
        raise bad_request(str(error)) from error
    return await faults(site, request)


async def clear_faults(site: Site, request: web.Request) -> Reply:
    """Answer ``DELETE /_test/fault``."""
    site.faults.clear()
    return await faults(site, request)


async def requests(site: Site, _request: web.Request) -> Reply:
    """Answer ``GET /_test/requests``: an object of `RequestRecord`'s fields for each request."""
    return json_reply([asdict(record) for record in site.log.records()])


async def clear_requests(site: Site, request: web.Request) -> Reply:
    """Answer ``DELETE /_test/requests``."""
    site.log.clear()
    return await requests(site, request)


ROUTES = (
    Route(method="GET", path="/_test/fault", handler=faults),
    Route(method="POST", path="/_test/fault", handler=inject),
    Route(method="DELETE", path="/_test/fault", handler=clear_faults),
    Route(method="GET", path="/_test/requests", handler=requests),
    Route(method="DELETE", path="/_test/requests", handler=clear_requests),
)
