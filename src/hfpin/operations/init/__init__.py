"""Bring hfpin into a repo that is there: decided as texts first, then written."""

from __future__ import annotations

from hfpin.operations.init.change import Change, Refused
from hfpin.operations.init.init import Initialized, decide, write

__all__ = ["Change", "Initialized", "Refused", "decide", "write"]
