"""Ages as people write them."""

from __future__ import annotations

import pytest

from hfpin.ages import seconds


@pytest.mark.parametrize(
    ("age", "expected"),
    [("12h", 43200), ("1d", 86400), ("30d", 2592000), ("8w", 4838400)]
    + [(wrong, None) for wrong in ("", "30", "d", "0d", "-1d", "1.5d", "30 d", "30m", "99999d")],
)
def test_seconds(age: str, expected: int | None) -> None:
    """Whole hours, days and weeks are read; anything else is none."""
    assert seconds(age) == expected
