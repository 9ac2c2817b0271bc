"""How a test hears that something is wrong: the message, and no traceback of ours."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest


@contextlib.contextmanager
def failing() -> Iterator[None]:
    """Let what hfpin raises fail the test with its message."""
    __tracebackhide__ = True
    from hfpin.errors import HfpinError

    try:
        yield
    except HfpinError as error:
        raise pytest.fail.Exception(
            f"hfpin: {error}", pytrace=False
        ) from None  # told once, not as a cause too
