"""JSON from strangers: read only where it cannot cost much memory."""

from __future__ import annotations

import json
from typing import Any

MOST_VALUES = 1_000_000
"""Values that a document may hold: the header of a file of 125,000 tensors, the index of a million."""


def load_object(data: bytes) -> dict[str, Any]:
    """Parse a JSON object.

    Raises:
        ValueError: It is none, or holds too much; the message says which.
    """
    found = _load(data)
    if not isinstance(found, dict):
        raise ValueError("is no JSON object")  # noqa: TRY004  # the text is wrong, not the argument
    return found


def load_list(data: bytes) -> list[Any]:
    """Parse a JSON list.

    Raises:
        ValueError: It is none, or holds too much; the message says which.
    """
    found = _load(data)
    if not isinstance(found, list):
        raise ValueError("is no JSON list")  # noqa: TRY004  # as above
    return found


def _load(data: bytes) -> Any:
    """Parse JSON.

    A value in a list or an object costs up to a hundred times its text, and every one but the first is behind
    a comma, a bracket or a brace: they are counted before anything is parsed. One in a text counts too.
    """
    if sum(map(data.count, (b",", b"[", b"{"))) > MOST_VALUES:
        raise ValueError(f"holds more than {MOST_VALUES} values")
    try:
        return json.loads(
            data.decode()
        )  # bytes it would take in UTF-16 too, and behind a BOM; nobody else does
    except (ValueError, RecursionError):
        raise ValueError("is not JSON") from None
