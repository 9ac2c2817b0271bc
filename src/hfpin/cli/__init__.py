"""The command `hfpin`."""

from __future__ import annotations

from hfpin.cli.main import main

__all__ = ["main"]
