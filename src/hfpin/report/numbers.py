"""Sizes and counts as people read them."""

from __future__ import annotations

_STEP = 1000
_UNITS = ("B", "kB", "MB", "GB", "TB", "PB")


def human_size(size: int) -> str:
    """Render bytes in SI units, with three digits at most: `613 B`, `90.9 MB`, `14.5 GB`."""
    value, power = float(size), 0
    while abs(value) >= _STEP and power + 1 < len(_UNITS):
        value, power = value / _STEP, power + 1
    unit = _UNITS[power]
    digits = 0 if unit == "B" or abs(value) >= _STEP / 10 else 1
    return f"{value:.{digits}f} {unit}"


def counted(number: int, what: str) -> str:
    """Render a count with its noun: `1 file`, `2 files`."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def human_count(number: int) -> str:
    """Render a large count with three digits at most: `512`, `22.7 M`, `7.2 B`."""
    for power, unit in ((12, "T"), (9, "B"), (6, "M"), (3, "k")):
        value = number / 10**power
        if value >= 1:
            return f"{value:.{0 if value >= _STEP / 10 else 1}f} {unit}"
    return str(number)
