"""Findings as JSON: one object, a finding a line. `docs/output.md` describes it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from hfpin.finding import Finding
from hfpin.operations.check import Checked
from hfpin.report.findings.totals import Totals
from hfpin.report.pages import page_of

_VERSION = 1


class Json:
    """The object, written as it becomes known: an array is opened, and closed after the last file."""

    def __init__(self) -> None:
        self._is_first = True

    def begin(self) -> Iterator[str]:
        """Open it."""
        yield f'{{"version": {_VERSION}, "findings": ['

    def file(self, checked: Checked) -> Iterator[str]:
        """Give the findings of one file."""
        for finding in checked.findings:
            comma = "" if self._is_first else ","
            self._is_first = False
            yield f"{comma}{json.dumps(_object(finding))}"

    def end(self, totals: Totals) -> Iterator[str]:
        """Close it, with the counts."""
        counts = {
            "files": totals.files,
            "references": totals.references,
            "findings": totals.findings,
            "by_code": dict(sorted(totals.by_code.items())),
        }
        yield f'], "summary": {json.dumps(counts)}}}'


def _object(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "path": finding.path,
        "line": finding.position.line,
        "column": finding.position.column,
        "end_column": finding.position.column + finding.width,
        "message": finding.message,
        "why": finding.why,
        "hint": finding.hint,
        "docs": page_of(finding.code),
    }


def create() -> Json:
    """Make this format."""
    return Json()
