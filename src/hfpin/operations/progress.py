"""How an operation tells that it is getting on. What a person sees of it is made elsewhere."""

from __future__ import annotations

from typing import Protocol

from hfpin.lock import LockedPin


class Progress(Protocol):
    """Takes events, from several threads; must be quick."""

    def begin(self, locked: LockedPin, total: int) -> None:
        """Tell that `total` bytes of a pin are about to be brought."""

    def waiting(self, holder: str) -> None:
        """Tell that another process is at it, and is waited for."""

    def advance(self, count: int) -> None:
        """Tell that `count` more of them are there; negative where bytes turned out to be wrong."""

    def end(self) -> None:
        """Tell that no more will come for this pin."""


class Silent:
    """Progress that nobody watches."""

    def begin(self, locked: LockedPin, total: int) -> None:
        """Ignore it."""

    def waiting(self, holder: str) -> None:
        """Ignore it."""

    def advance(self, count: int) -> None:
        """Ignore it."""

    def end(self) -> None:
        """Ignore it."""
