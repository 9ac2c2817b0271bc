"""Progress as a bar on a terminal. Elsewhere the line at the end of each pin is enough."""

from __future__ import annotations

from typing import Any, TextIO

from hfpin.lock import LockedPin


class ProgressBar:
    """One bar a pin, drawn by tqdm on a terminal and not at all in a log.

    Args:
        stream: Where to draw.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._bar: Any = None

    def begin(self, locked: LockedPin, total: int) -> None:
        """Draw an empty bar."""
        from tqdm import tqdm  # here: a fetch with nothing to do need not pay for it

        self._bar = tqdm(
            desc=f"   {locked.pin.name}",
            total=total,
            unit="B",
            unit_scale=True,
            file=self._stream,
            disable=not self._stream.isatty(),
            leave=False,
        )

    def waiting(self, holder: str) -> None:
        """Say whom we wait for."""
        self._stream.write(f"   waiting for {holder}, which fetches the same repo\n")

    def advance(self, count: int) -> None:
        """Move the bar."""
        if self._bar is not None:
            self._bar.update(count)

    def end(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None
