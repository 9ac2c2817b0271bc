"""Which audit events are heard (https://docs.python.org/3/library/audit_events.html)."""

from __future__ import annotations

OPENING = ("open", "os.listdir", "os.scandir")
"""A path is opened or listed. The system's `stat`, and files opened by native code, make no event."""

ADDRESS = "urllib.Request"
"""The standard library is about to ask for an address."""

LOOKING_UP = (
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "socket.gethostbyaddr",
    "socket.getnameinfo",
)
"""A name is about to be looked up, or the name of an address."""

CONNECTING = ("socket.connect", "socket.sendto", "socket.sendmsg")
"""Something is about to be sent to another address."""
