"""`--hf-offline`."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack

import pytest

_OFFLINE = pytest.StashKey[ExitStack]()


def start(config: pytest.Config) -> None:
    """Go offline, if that is asked for."""
    if config.known_args_namespace.hf_offline:
        from hfpin.hub.offline import offline

        stack = config.stash.setdefault(_OFFLINE, ExitStack())
        stack.enter_context(offline(os.environ, sys.modules))


def stop(config: pytest.Config) -> None:
    """Put back what `start` changed."""
    stack = config.stash.get(_OFFLINE, None)
    if stack is not None:
        stack.close()


def is_on(config: pytest.Config) -> bool:
    """Whether this run is offline."""
    return _OFFLINE in config.stash


def header(config: pytest.Config) -> list[str]:
    """Say that this run is offline."""
    return ["hfpin: offline"] if is_on(config) else []
