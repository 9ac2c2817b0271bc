"""`[tool.hfpin]` in pyproject.toml."""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Iterator
from typing import Any

from hfpin.config import DECLARING_FILES, FILE_NAME
from hfpin.globs import is_match
from hfpin.operations.init.change import Change, Refused, appended

_NOT_THE_PROJECT = frozenset({"test", "tests", "doc", "docs", "example", "examples", "node_modules"})
"""Folders whose configs show or test something: they declare nothing."""


def add_settings(
    before: bytes | None, files: Collection[str], mentioning: Collection[str]
) -> Change | Refused | None:
    """Add the table at the end; None where it is there.

    Args:
        before: The file; None where there is none.
        files: All config files of the project, relative to it.
        mentioning: Those that mention a Hub repo.
    """
    globs = json.dumps(list(_globs(files, mentioning)), ensure_ascii=False)
    table = f"[tool.hfpin]\nfiles = {globs}  # which files declare pins\n"
    data = before or b""
    try:
        old = _loads(data)
    except (ValueError, RecursionError):
        return Refused(name=FILE_NAME, reason="it is not TOML", text=table)
    tool = old.get("tool", {})
    if isinstance(tool, dict) and "hfpin" in tool:
        return None
    after = appended(data, table)
    try:
        new = _loads(after)
        is_safe = {**old, "tool": {**tool, "hfpin": new["tool"]["hfpin"]}} == new
    except (ValueError, TypeError):
        is_safe = False
    if not is_safe:
        return Refused(name=FILE_NAME, reason="a table cannot be added at its end", text=table)
    return Change(name=FILE_NAME, what="[tool.hfpin]", before=before, after=after)


def _loads(data: bytes) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib

    return tomllib.loads(data.decode("utf-8"))


def _globs(files: Collection[str], mentioning: Collection[str]) -> Iterator[str]:
    """The usual globs that mean something here, and the other files that mention a repo."""
    usual = [glob for glob in DECLARING_FILES if any(is_match(name, glob) for name in files)]
    others = [
        name
        for name in sorted(mentioning)
        if name.endswith((".yaml", ".yml"))
        and not any(is_match(name, glob) for glob in usual)
        and _NOT_THE_PROJECT.isdisjoint(name.split("/"))
        and not any(mark in name for mark in "*?[")
    ]
    yield from usual if usual or others else DECLARING_FILES
    folders = dict.fromkeys(name.partition("/")[0] for name in others if "/" in name)
    yield from (name for name in others if "/" not in name)
    yield from (f"{folder}/**/*.y*ml" for folder in folders)
