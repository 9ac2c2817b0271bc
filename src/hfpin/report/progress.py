"""How a fetch gets on: a bar on a terminal, or events for a program.

In a log, where there is neither, the line at the end of each pin is enough.
"""

from __future__ import annotations

import contextlib
import json
import time
from typing import Any, TextIO

from hfpin.lock import LockedPin
from hfpin.operations.fetched import Fetched

_EVERY = 0.5
"""Seconds between two events that tell how many bytes have come."""


class ProgressBar:
    """A bar for each pin, and one for all of them, drawn by tqdm on a terminal and not at all in a log.

    Args:
        stream: Where to draw.
        total: Bytes of all pins together; 0 where one pin is all.
    """

    def __init__(self, stream: TextIO, total: int = 0) -> None:
        self._stream = stream
        self._total = total
        self._bar: Any = None
        self._all: Any = None

    def begin(self, locked: LockedPin, total: int) -> None:
        """Draw an empty bar."""
        if self._total > total and self._all is None:
            self._all = self._draw("   all pins", self._total, 1)
        self._bar = self._draw(f"   {locked.pin.name}", total, 0)

    def _draw(self, name: str, total: int, position: int) -> Any:
        if not self._stream.isatty():
            return None
        from tqdm import tqdm  # here: a log need not pay for it

        return tqdm(
            desc=name,
            total=total,
            unit="B",
            unit_scale=True,
            file=self._stream,
            position=position,
            leave=False,
        )

    def waiting(self, holder: str) -> None:
        """Say whom we wait for."""
        self._stream.write(f"   waiting for {holder}, which fetches the same repo\n")

    def advance(self, count: int) -> None:
        """Move the bars."""
        for bar in (self._bar, self._all):
            if bar is not None:
                bar.update(count)

    def end(self) -> None:
        """Take the pin's bar away."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None


class JsonEvents:
    """Events as lines of JSON, each with `event` and `pin`.

    `begin` has `total`, the bytes to come; `progress` has `bytes`, those that have come, twice a second;
    `waiting` has `holder`; `result` has `files`, `fetched` and `kept` (in bytes), and `error`, null where the
    pin is complete.

    Args:
        stream: Where to write.
    """

    def __init__(self, stream: TextIO) -> None:
        import threading  # here: a bar, and a fetch with nothing to do, need none

        self._stream = stream
        self._guard = threading.Lock()
        self._pin = ""
        self._bytes = 0
        self._told = 0.0

    def begin(self, locked: LockedPin, total: int) -> None:
        """Tell what is to come."""
        self._pin, self._bytes, self._told = locked.pin.name, 0, time.monotonic()
        self._write("begin", total=total)

    def waiting(self, holder: str) -> None:
        """Tell whom we wait for."""
        self._write("waiting", holder=holder)

    def advance(self, count: int) -> None:
        """Tell now and then how far it came."""
        with self._guard:
            self._bytes += count
            if time.monotonic() - self._told >= _EVERY:
                self._told = time.monotonic()
                with contextlib.suppress(OSError):  # called while a file is written, which did not fail
                    self._write("progress", bytes=self._bytes)

    def end(self) -> None:
        """Tell how far it came."""
        self._write("progress", bytes=self._bytes)

    def result(self, fetched: Fetched) -> None:
        """Tell what came of a pin."""
        self._pin = fetched.locked.pin.name
        error = None if fetched.error is None else fetched.error.message
        self._write("result", files=fetched.files, fetched=fetched.fetched, kept=fetched.kept, error=error)

    def _write(self, event: str, **fields: object) -> None:
        line = json.dumps({"event": event, "pin": self._pin, **fields}, ensure_ascii=False)
        self._stream.write(f"{line}\n")
        self._stream.flush()
