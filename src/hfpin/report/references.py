"""References as lines of JSON, for programs, and as a table, for people."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from hfpin.pin import identifier
from hfpin.reference import Reference
from hfpin.report.safe import safe

_SHORT = 8


def render_jsonl(reference: Reference) -> str:
    """Render one reference as one line of JSON.

    Its fields: `path`, `line`, `column`, `repo_id`, `repo_type`, `revision` (null where there is none),
    `status` (`unpinned`, `named` or `commit`) and `name`, what the pin is
    called unless another has that name.
    """
    return json.dumps(
        {
            "path": reference.path,
            "line": reference.position.line,
            "column": reference.position.column,
            "repo_id": reference.repo.repo_id,
            "repo_type": reference.repo.repo_type,
            "revision": reference.revision,
            "status": reference.status.value,
            "name": identifier(reference.name or reference.repo.name),
        },
        ensure_ascii=False,
    )


def render_table(references: Iterable[Reference]) -> Iterator[str]:
    """Render references as aligned columns: place, type, id, revision."""
    rows = [
        (
            f"{reference.path}:{reference.position.line}",
            reference.repo.repo_type,
            reference.repo.repo_id,
            _revision(reference),
        )
        for reference in references
    ]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        yield safe("  ".join([*cells, row[3]]))


def _revision(reference: Reference) -> str:
    if reference.revision is None:
        return "no revision"
    if reference.status.value == "commit":
        asked = f" ({reference.requested})" if reference.requested else ""
        return f"{reference.revision[:_SHORT]}…{asked}"
    return reference.revision
