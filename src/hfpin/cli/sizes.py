"""Sizes as they are typed."""

from __future__ import annotations

import re

from hfpin.regex import lazily

_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "ki": 2**10, "mi": 2**20, "gi": 2**30}
_SIZE = lazily(r"(\d{1,15})\s*(|k|m|g|ki|mi|gi)b?", re.IGNORECASE)


def size(text: str) -> int:
    """Read `10MB`, `512KiB` or a number of bytes.

    Raises:
        argparse.ArgumentTypeError: It is neither.
    """
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        import argparse  # here: a size that is a default needs none

        raise argparse.ArgumentTypeError(f"{text!r} is no size: write 10MB, 512KiB or a number of bytes")
    return int(match[1]) * _UNITS[match[2].lower()]
