"""A guard on look-ups of names and on connections, for a process that is told to stay offline.

What it refuses fails as it would on a machine without a network, so that code which copes with the one copes
with the other.
"""

from __future__ import annotations

import errno
import fnmatch
import ipaddress
import socket
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from types import FrameType
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from hfpin.watch.access import Access
from hfpin.watch.hook import Listener
from hfpin.watch.stack import asked_for, outward


class Attempt(NamedTuple):
    """A way out that was refused.

    Args:
        host: The host's name, or its address where only that is known.
        port: Its port; None where a name was looked up without one.
        asked: Which repo was asked for, where that can be told.
    """

    host: str
    port: int | None
    asked: Access | None


class NoLookUpError(socket.gaierror):
    """A name was not looked up: this process stays offline."""

    def __str__(self) -> str:
        return str(self.args[1])


class NoConnectionError(OSError):
    """A connection was not made: this process stays offline."""

    def __str__(self) -> str:
        return str(self.args[1])


class Guard:
    """Refuses every host but this machine and those that are allowed.

    Args:
        explain: Says in words what was refused and what to do.
        allowed: Names, patterns of names (`*.example.org`), addresses and networks (`10.0.0.0/8`).
        outlets: Addresses that are refused on loopback too, unless they are allowed, as they lead elsewhere:
            of the Hub, since a mirror is a Hub, and of proxies.
    """

    def __init__(
        self, explain: Callable[[Attempt], str], *, allowed: Sequence[str] = (), outlets: Iterable[str] = ()
    ) -> None:
        self._explain = explain
        self._networks, self._names = _sorted_out(allowed)
        self._addresses: set[str] = set()  # of the names that are allowed
        self._outlets = frozenset(map(loopback_port, outlets)) - {None}
        self._resolving = threading.local()
        self._own_name = socket.gethostname().lower()

    def listeners(self) -> dict[str, Listener]:
        """Give what has to hear which event."""
        return {
            "socket.getaddrinfo": self._look_up,
            "socket.gethostbyname": self._look_up,
            "socket.gethostbyaddr": self._name,
            "socket.getnameinfo": self._name,
            "socket.connect": self._connect,
            "socket.sendto": self._connect,
            "socket.sendmsg": self._connect,
        }

    def _look_up(self, args: tuple[Any, ...]) -> None:
        host = _text(args[0])
        if not host or _address(host) is not None or getattr(self._resolving, "now", False):
            return  # an address is not looked up; connecting to it is heard of as well
        if self._is_allowed_name(host):
            self._resolve([host])
            return
        port = args[1] if len(args) > 1 else None
        message = self._message(host, port)
        raise NoLookUpError(socket.EAI_AGAIN, message)

    def _name(self, args: tuple[Any, ...]) -> None:
        """Hear that the name of an address is asked for: somebody else's is known to its own servers only."""
        target = args[0]
        host, port = (
            (target[0], target[1]) if isinstance(target, tuple) and len(target) > 1 else (target, None)
        )
        address = _address(_text(host))
        if address is None:
            self._look_up((host, port))
        elif not getattr(self._resolving, "now", False) and not self._is_allowed(address, None):
            raise NoLookUpError(socket.EAI_AGAIN, self._message(str(address), port))

    def _connect(self, args: tuple[Any, ...]) -> None:
        sock, target = args[0], args[1]
        if getattr(sock, "family", None) not in (socket.AF_INET, socket.AF_INET6) or not target:
            return  # a unix socket and the like lead to nobody else; without a target it is connected already
        host, port = _text(target[0]), target[1]
        if getattr(self._resolving, "now", False):
            return
        address = _address(host)
        if address is None:  # a name: it is looked up by the system, unheard
            if self._is_allowed_name(host):
                return
        elif self._is_allowed(address, port):
            return
        raise NoConnectionError(errno.ENETUNREACH, self._message(host, port))

    def _is_allowed_name(self, host: str) -> bool:
        name = host.lower().rstrip(".")
        if name in ("localhost", self._own_name) or name.endswith(".localhost"):
            return True
        return any(fnmatch.fnmatchcase(name, pattern) for pattern in self._names)

    def _is_allowed(self, address: _Address, port: int | None) -> bool:
        if any(address in network for network in self._networks) or str(address) in self._addresses:
            return True
        if address.is_loopback or address.is_unspecified:
            return port not in self._outlets
        self._resolve(name for name in (self._own_name, *self._names) if "*" not in name)
        return str(address) in self._addresses

    def _resolve(self, names: Iterable[str]) -> None:
        """Learn the addresses of names that are allowed."""
        self._resolving.now = True
        try:
            for name in names:
                try:
                    found = socket.getaddrinfo(name, None)
                except OSError:
                    continue  # whoever asked will be told so
                addresses = (_address(str(entry[4][0])) for entry in found)
                self._addresses.update(
                    str(address) for address in addresses if address is not None and not address.is_loopback
                )
        finally:
            self._resolving.now = False

    def _message(self, host: str, port: Any) -> str:
        frame: FrameType | None = sys._getframe(2)  # noqa: SLF001  # what was running is what is asked about
        number = port if isinstance(port, int) else None
        return self._explain(Attempt(host, number, asked_for(outward(frame))))


_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _sorted_out(allowed: Sequence[str]) -> tuple[list[_Network], list[str]]:
    networks: list[_Network] = []
    names: list[str] = []
    for entry in allowed:
        if entry == "localhost":
            networks += map(ipaddress.ip_network, ("127.0.0.0/8", "::1"))
            continue
        try:
            networks.append(ipaddress.ip_network(entry, strict=False))
        except ValueError:
            names.append(entry.lower().rstrip("."))
    return networks, names


def _address(host: str) -> _Address | None:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped if mapped is not None else address


def loopback_port(address: str) -> int | None:
    """Give the port of an address on loopback (`http://localhost:3128`, `localhost:3128`); None elsewhere."""
    try:
        parts = urlsplit(address if "://" in address else f"http://{address}")
        port = parts.port or (80 if parts.scheme == "http" else 443)
    except ValueError:
        return None
    host = parts.hostname or ""
    found = _address(host)
    is_here = host == "localhost" or (found is not None and found.is_loopback)
    return port if is_here else None


def _text(host: Any) -> str:
    if isinstance(host, bytes | bytearray):
        return bytes(host).decode("ascii", "replace")
    return host if isinstance(host, str) else ""
