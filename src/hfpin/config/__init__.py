"""`[tool.hfpin]` in pyproject.toml: what a project decided, as values; and where the Hub cache is."""

from __future__ import annotations

from hfpin.config.cache_dir import find_cache_dir
from hfpin.config.load import is_ours, loads
from hfpin.config.values import DECLARING_FILES, FILE_NAME, LINKS, REQUIREMENTS, Config, Link, Requirement

__all__ = [
    "DECLARING_FILES",
    "FILE_NAME",
    "LINKS",
    "REQUIREMENTS",
    "Config",
    "Link",
    "Requirement",
    "find_cache_dir",
    "is_ours",
    "loads",
]
