"""What a run used, as lines for a terminal and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from hfpin.lock import LockedPin
from hfpin.operations.audit import Audit, Opened, Unpinned
from hfpin.operations.records import RepoKey
from hfpin.paths import DECLARING_FILE
from hfpin.report.numbers import counted
from hfpin.report.safe import safe
from hfpin.watch.stack import Line

_SHORT = 8
_NAMED = 2  # files that are named before the rest is counted
_TESTS = 3


def render_audit(audit: Audit) -> Iterator[str]:
    """Render what was used and how, a row each, with what to do about what was not pinned; then the count."""
    rows = [_opened(one) for one in audit.opened] + [_unpinned(one) for one in audit.unpinned]
    notes = [_notes_of_opened(one) for one in audit.opened] + [_notes(one) for one in audit.unpinned]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(4)]
    for row, note in zip(rows, notes, strict=True):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield safe("  ".join(["", *cells]).rstrip())
        for line in note:
            yield safe(f"      {line}")
    if audit.unused:
        yield f"  never used: {', '.join(audit.unused)}"
    for fault in audit.faults:
        yield safe(f"  not all could be watched: {fault}")
    yield render_count(audit)


def render_count(audit: Audit) -> str:
    """Render the count: `hfpin: 3 pins used, 1 never used, 1 access not pinned.`."""
    parts = [f"{counted(len(audit.used), 'pin')} used"]
    if audit.unused:
        parts.append(f"{len(audit.unused)} never used")
    if audit.unpinned:
        count = len(audit.unpinned)
        parts.append("1 access not pinned" if count == 1 else f"{count} accesses not pinned")
    if audit.unlocked:
        count = len(audit.unlocked)
        parts.append(f"{counted(count, 'commit')} not in hfpin.lock")
    return f"hfpin: {', '.join(parts)}."


def render_audit_json(audit: Audit) -> str:
    """Render all of it as one JSON object, with `version` 1.

    `unpinned` and `opened` are lists of objects; in the latter `pins` is empty for a commit that the lock
    does not have. `lines` holds `[path, number]`, the innermost first, the path relative to the project where
    it is below it.
    """
    document = {
        "version": 1,
        "clean": audit.is_clean,
        "unpinned": [
            {
                **_repo_fields(one.repo),
                "revision": one.revision or None,
                "lines": one.lines,
                "source": one.source,
                "tests": one.tests,
                "files": one.files,
                "pins": [locked.pin.name for locked in one.pins],
            }
            for one in audit.unpinned
        ],
        "opened": [
            {
                **_repo_fields(one.repo),
                "commit": one.commit,
                "files": one.files,
                "pins": [locked.pin.name for locked in one.pins],
                "lines": one.lines,
                "tests": one.tests,
            }
            for one in audit.opened
        ],
        "used": audit.used,
        "unused": audit.unused,
        "faults": audit.faults,
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _opened(one: Opened) -> tuple[str, str, str, str]:
    what = f"pinned ({', '.join(_names(one.pins))})" if one.pins else "NOT IN hfpin.lock"
    return _repo(one.repo), one.commit[:_SHORT], counted(len(one.files), "file") if one.files else "-", what


def _notes_of_opened(one: Opened) -> list[str]:
    if one.pins:
        return []
    places = [_place(line) for line in one.lines[:_TESTS]] or ["no line of your code is behind it"]
    declare = f"= declare it with revision: {one.commit}, then: hfpin lock"
    return [*places, *_in_tests(one.tests), declare]


def _unpinned(one: Unpinned) -> tuple[str, str, str, str]:
    return _repo(one.repo), one.revision or "default", _files(one.files), "UNPINNED"


def _notes(one: Unpinned) -> list[str]:
    if not one.lines:
        places = ["no line of your code is behind it: a thread, or a library of its own accord"]
    else:
        places = [f"{_place(one.lines[0])}  {one.source}".rstrip()]
        if one.lines[1:]:
            places.append(f"called from {', '.join(map(_place, one.lines[1:]))}")
    return [*places, *_in_tests(one.tests), f"= {_advice(one)}"]


def _advice(one: Unpinned) -> str:
    if not one.pins:
        return f"not pinned here: declare it {DECLARING_FILE}, then: hfpin pin && hfpin fetch"
    revisions = " or ".join(f"revision={locked.pin.commit!r}" for locked in one.pins)
    return f"pinned as {', '.join(_names(one.pins))}: pass {revisions}"


def _in_tests(tests: Sequence[str]) -> list[str]:
    if not tests:
        return []
    more = f" and {len(tests) - _TESTS} more" if len(tests) > _TESTS else ""
    return [f"in {', '.join(tests[:_TESTS])}{more}"]


def _place(line: Line) -> str:
    return f"{line.path}:{line.number}"


def _files(files: Sequence[str]) -> str:
    if len(files) <= _NAMED + 1:
        return ", ".join(files)
    return f"{', '.join(files[:_NAMED])} and {counted(len(files) - _NAMED, 'more file')}"


def _names(pins: Sequence[LockedPin]) -> list[str]:
    return [locked.pin.name for locked in pins]


def _repo(repo: RepoKey) -> str:
    repo_type, repo_id = repo
    return repo_id if repo_type == "model" else f"{repo_type} {repo_id}"


def _repo_fields(repo: RepoKey) -> dict[str, str]:
    repo_type, repo_id = repo
    return {"repo_type": repo_type, "repo_id": repo_id}
