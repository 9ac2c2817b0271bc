"""What is known of the programs that people configure: keys, shapes of values, names. Data, not code."""

from __future__ import annotations

from hfpin.vocabulary import elsewhere, keys, programs, services, shapes
from hfpin.vocabulary.keys import ID_KEYS, IdKey
from hfpin.vocabulary.shapes import FILE_SUFFIXES, LOCAL_FIRST_PARTS
from hfpin.vocabulary.taught import NOTHING, Taught

__all__ = [
    "FILE_SUFFIXES",
    "ID_KEYS",
    "LOCAL_FIRST_PARTS",
    "NOTHING",
    "IdKey",
    "Taught",
    "elsewhere",
    "keys",
    "programs",
    "services",
    "shapes",
]
