"""The two web servers of a hub, on a thread and an event loop of their own."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, TypeVar

from aiohttp import web

from hfpin.testing.delivery import Delivery
from hfpin.testing.routes import CDN_ROUTES, HUB_ROUTES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hfpin.testing.request_log import Origin
    from hfpin.testing.routes.route import Route
    from hfpin.testing.site import Site

T = TypeVar("T")

_LONGEST_REQUEST = 1 << 40
"""Bytes of a request's body: large files are streamed, so there is no limit that would help anybody."""

_LAST_PORT = (1 << 16) - 1

_GRACE = 0.05
"""Seconds that a request in progress gets when the server stops."""


def bind(host: str, port: int) -> socket.socket:
    """Return a socket that is bound to a loopback address.

    Args:
        host: An IPv4 address of this machine's loopback, such as ``127.0.0.1``.
        port: 0 for any that is free.

    Raises:
        ValueError: `host` is something else: whoever reaches the hub may write to it. Or `port` is none.
        OSError: The port is taken.
    """
    try:
        is_loopback = ipaddress.IPv4Address(host).is_loopback
    except ValueError:
        is_loopback = False
    if not is_loopback:
        raise ValueError(f"host={host!r}: an embedded Hub listens on loopback only. Use '127.0.0.1'.")
    if not 0 <= port <= _LAST_PORT:
        raise ValueError(f"port={port}: a port is 0 to {_LAST_PORT}.")
    return socket.create_server((host, port))


class ServerThread:
    """Serves a site until it is stopped. The loop's thread owns the site's storage: use `call` to reach it.

    Args:
        site: The hub's parts.
        hub_socket: Bound socket of the hub origin.
        cdn_socket: Bound socket of the CDN origin.
    """

    def __init__(self, site: Site, hub_socket: socket.socket, cdn_socket: socket.socket) -> None:
        self._site = site
        self._hub_socket = hub_socket
        self._cdn_socket = cdn_socket
        self._loop = asyncio.new_event_loop()
        self._closing = asyncio.Event()
        self._started: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, name="hfpin-local-hub", daemon=True)

    def start(self) -> None:
        """Serve; return once requests are answered, or raise what prevents it."""
        self._thread.start()
        self._started.result()

    def stop(self) -> None:
        """Stop serving, whatever requests are still in progress."""
        self._loop.call_soon_threadsafe(self._closing.set)
        self._thread.join()

    def call(self, function: Callable[[], T]) -> T:
        """Run a function on the loop's thread, and return or raise what it does."""

        async def run() -> T:
            return function()

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result()

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.run_until_complete(self._loop.shutdown_default_executor())
        except BaseException as error:
            if self._started.done():
                raise
            self._started.set_exception(error)
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        runners = [
            await self._start_origin("hub", HUB_ROUTES, self._hub_socket),
            await self._start_origin("cdn", CDN_ROUTES, self._cdn_socket),
        ]
        self._started.set_result(None)
        await self._closing.wait()
        await asyncio.gather(*(runner.cleanup() for runner in runners))
        self._site.store.close()

    async def _start_origin(
        self, origin: Origin, routes: Iterable[Route], bound: socket.socket
    ) -> web.AppRunner:
        delivery = Delivery(self._site, origin, self._closing)
        app = web.Application(client_max_size=_LONGEST_REQUEST)
        for route in routes:
            handler = delivery.wrap(route.handler)
            if route.method == "GET":
                app.router.add_get(route.path, handler)
            else:
                app.router.add_route(route.method, route.path, handler)
        # Cancelling a handler whose client left is what ends a stall.
        runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=_GRACE)
        await runner.setup()
        await web.SockSite(runner, bound).start()
        return runner
