"""How hypothesis runs here: the same examples every time, and no limit on how long one may take."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("unit", derandomize=True, deadline=None, max_examples=75, database=None)
settings.load_profile("unit")
