"""The one door to the wire: every answer is cut, spoiled, recorded and sent here."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from aiohttp import web

from hfpin.testing.refusal import HubRefusal
from hfpin.testing.reply import Reply, cut, json_reply, refusal_reply
from hfpin.testing.request_log import Origin, RequestRecord

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from hfpin.testing.faults import Fault
    from hfpin.testing.site import Site

    Handler = Callable[[Site, web.Request], Awaitable[Reply]]

CONTROL_PREFIX = "/_test/"
"""Paths below it steer the hub: no fault hits them and no record is kept."""

_BODILESS = (204, 304)
"""Statuses whose answers have no body, and so no length (RFC 9110, 8.6)."""

_logger = logging.getLogger(__name__)


class Delivery:
    """Turns handlers, which return a `Reply`, into what aiohttp calls.

    Args:
        site: The hub's parts.
        origin: The origin whose requests come here.
        closing: Set when the hub shuts down: nobody waits any longer.
    """

    def __init__(self, site: Site, origin: Origin, closing: asyncio.Event) -> None:
        self._site = site
        self._origin: Origin = origin
        self._closing = closing

    def wrap(self, handler: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """Return the aiohttp handler."""

        async def handle(request: web.Request) -> web.StreamResponse:
            if request.path.startswith(CONTROL_PREFIX):
                return _small_response(await self._reply(handler, request))
            return await self._exchange(handler, request)

        return handle

    async def _exchange(self, handler: Handler, request: web.Request) -> web.StreamResponse:
        entry = _Entry(self._site, self._origin, request)
        fault = self._site.faults.take(origin=self._origin, method=request.method, path=request.raw_path)
        try:
            if fault and fault.kind == "delay":
                await self._wait(fault.seconds)
            if fault and fault.kind == "status":
                reply = _status_reply(fault)
            else:
                reply = await self._reply(handler, request)
            return await self._send(request, reply, fault, entry)
        finally:
            entry.complete()  # only what was cut short is not complete by now

    async def _reply(self, handler: Handler, request: web.Request) -> Reply:
        try:
            return cut(await handler(self._site, request), request.headers)
        except HubRefusal as refusal:
            return refusal_reply(refusal)
        except (ConnectionError, asyncio.CancelledError):
            raise
        except Exception:
            _logger.exception("The embedded Hub failed to answer %s %s", request.method, request.path)
            failure = HubRefusal("The embedded Hub failed: see its log.", status=500, code="InternalError")
            return refusal_reply(failure)

    async def _send(
        self, request: web.Request, reply: Reply, fault: Fault | None, entry: _Entry
    ) -> web.StreamResponse:
        has_body = request.method != "HEAD" and len(reply.body) > 0
        size = len(reply.body) if has_body else 0
        breaks = fault is not None and fault.kind in {"drop", "stall"}
        limit = min(fault.after, size) if fault and breaks else size
        if breaks and not has_body:
            entry.complete()
            return await self._break(request, web.Response(), fault)
        entry.status = reply.status
        flip_at = fault.offset if fault and fault.kind == "flip" else None
        if not breaks and (isinstance(reply.body.source, bytes) or not has_body):
            entry.bytes_sent = size
            entry.complete()
            return _small_response(reply, flip_at=flip_at)
        response = web.StreamResponse(status=reply.status, headers=reply.headers)
        response.content_length = size
        await response.prepare(request)
        for block in reply.body.part(reply.body.start, reply.body.start + limit).blocks(flip_at=flip_at):
            if entry.bytes_sent + len(block) == limit:
                entry.complete(bytes_sent=limit)  # before the client can have the last byte
            await response.write(block)
            entry.bytes_sent += len(block)
        entry.complete()
        return await self._break(request, response, fault) if breaks else response

    async def _break(
        self, request: web.Request, response: web.StreamResponse, fault: Fault | None
    ) -> web.StreamResponse:
        """Close the connection: at once, or after a stall. A client that leaves cancels this."""
        if fault and fault.kind == "stall":
            await self._closing.wait()
        if request.transport is not None:
            request.transport.close()
        return response

    async def _wait(self, seconds: float) -> None:
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._closing.wait(), seconds)


class _Entry:
    """The record of one exchange while it is still growing."""

    def __init__(self, site: Site, origin: Origin, request: web.Request) -> None:
        self._site = site
        self._origin: Origin = origin
        self._request = request
        self._started = time.perf_counter()
        self._completed = False
        self.status = 0
        self.bytes_sent = 0

    def complete(self, bytes_sent: int | None = None) -> None:
        """Append the record, once."""
        if self._completed:
            return
        self._completed = True
        self._site.log.append(
            RequestRecord(
                origin=self._origin,
                method=self._request.method,
                path=self._request.raw_path,
                range=self._request.headers.get("Range"),
                authorized="Authorization" in self._request.headers,
                status=self.status,
                bytes_sent=self.bytes_sent if bytes_sent is None else bytes_sent,
                seconds=time.perf_counter() - self._started,
            )
        )


def _status_reply(fault: Fault) -> Reply:
    reply = json_reply({"error": f"Injected fault: status {fault.status}"}, status=fault.status)
    headers = {"X-Error-Code": "InjectedFault", "X-Error-Message": "Injected fault", **reply.headers}
    return Reply(status=reply.status, headers={**headers, **fault.headers}, body=reply.body)


def _small_response(reply: Reply, *, flip_at: int | None = None) -> web.StreamResponse:
    """Return a response that aiohttp sends in one piece; a body in a file is only announced, for HEAD."""
    if isinstance(reply.body.source, bytes) and len(reply.body):
        body = b"".join(reply.body.blocks(flip_at=flip_at))
        return web.Response(status=reply.status, headers=reply.headers, body=body)
    headers = dict(reply.headers)
    if reply.status not in _BODILESS:  # aiohttp says no length of an empty file, and old clients ask for one
        headers["Content-Length"] = str(len(reply.body))
    return web.Response(status=reply.status, headers=headers)
