"""Ages as people write them: `12h`, `30d`, `8w`."""

from __future__ import annotations

from hfpin.regex import lazily

_AGE = lazily(r"([1-9][0-9]{0,3})([hdw])")
_SECONDS = {"h": 3600, "d": 86400, "w": 7 * 86400}


def seconds(age: str) -> int | None:
    """Read an age of whole hours, days or weeks, in seconds; None where it is none."""
    match = _AGE.fullmatch(age)
    return int(match[1]) * _SECONDS[match[2]] if match else None
