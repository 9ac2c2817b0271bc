"""What a reader makes of a plain scalar that is meant as a text.

Sources: the YAML 1.2 core schema (10.3.2), the YAML 1.1 types int, float, bool and timestamp that PyYAML
keeps to, JSON's literals, and TOML's integers, floats, booleans and dates. A text that any of them takes for
something else is no text that one can rely on.
"""

from __future__ import annotations

import re

from hfpin.regex import lazily
from hfpin.scan.tree import Scalar

_NUMBER = lazily(
    r"""[-+]?(?:
        0b[01_]+ | 0o?[0-7_]+ | 0x[0-9a-f_]+ | \.inf | inf | \.nan | nan
        | [0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?
        | (?:\.[0-9][0-9_]* | [0-9][0-9_]*(?:\.[0-9_]*)?)(?:e[-+]?[0-9]+)?
    )""",
    re.VERBOSE | re.ASCII,
)
_BOOLS = frozenset("yes no on off true false".split())
_DATE = lazily(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[t ].*)?", re.ASCII)


def reads_as(scalar: Scalar) -> str | None:
    """Say what a scalar is instead of a text: `a number`, `true or false`, `a date`; None where it is one."""
    if scalar.quote or scalar.tag or len(scalar.value) > _LONGEST:
        return None
    value = scalar.value.lower()
    if value in _BOOLS:
        return "true or false"
    may_be_number = not value.strip(_DIGITS) or value.lstrip("+-").startswith(_OTHER_NUMBERS)
    if may_be_number and _NUMBER.fullmatch(value):
        return "a number"
    return "a date" if value[4:5] == "-" and _DATE.fullmatch(value) else None


_DIGITS = "+-.:_0123456789e"
"""What numbers are written with; a commit has other letters, and is told from one without the expression."""
_OTHER_NUMBERS = ("0b", "0o", "0x", ".inf", "inf", ".nan", "nan")
"""How the others begin, behind their sign."""
_LONGEST = 100
"""No revision that is a number is longer."""
