"""Findings as SARIF 2.1.0, which code scanning services and editors read.

Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0". Columns are counted in
characters (`columnKind`, 3.14.17), paths are relative to where the check ran (3.4.3), and an end column is
that of the character after the last (3.30.8).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from hfpin import __version__
from hfpin.finding import Finding
from hfpin.operations.check import Checked
from hfpin.report.findings.totals import Totals
from hfpin.report.pages import page_of
from hfpin.rules import RULES

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_INDEX = {rule.code: index for index, rule in enumerate(RULES)}


class Sarif:
    """One log of one run, written as it becomes known: its results come last."""

    def __init__(self) -> None:
        self._is_first = True

    def begin(self) -> Iterator[str]:
        """Open it: what the tool is, and its rules."""
        driver = {
            "name": "hfpin",
            "version": __version__,
            "semanticVersion": __version__,
            "rules": [
                {
                    "id": rule.code,
                    "shortDescription": {"text": rule.title},
                    "help": {"text": page_of(rule.code)},
                    "defaultConfiguration": {"level": "error"},
                }
                for rule in RULES
            ],
        }
        yield f'{{"$schema": {json.dumps(_SCHEMA)}, "version": "2.1.0", "runs": [{{'
        yield f'"tool": {json.dumps({"driver": driver})},'
        yield '"columnKind": "unicodeCodePoints", "results": ['

    def file(self, checked: Checked) -> Iterator[str]:
        """Give the results of one file."""
        for finding in checked.findings:
            comma = "" if self._is_first else ","
            self._is_first = False
            yield f"{comma}{json.dumps(_result(finding))}"

    def end(self, totals: Totals) -> Iterator[str]:
        """Close it."""
        del totals
        yield "]}]}"


def _result(finding: Finding) -> dict[str, Any]:
    position = finding.position
    region = {
        "startLine": position.line,
        "startColumn": position.column,
        "endColumn": position.column + finding.width,
    }
    notes = (finding.message, finding.why, finding.hint)
    return {
        "ruleId": finding.code,
        "ruleIndex": _INDEX[finding.code],
        "level": "error",
        "message": {"text": "\n".join(filter(None, notes))},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(os.fsencode(finding.path))},
                    "region": region,
                }
            }
        ],
    }


def create() -> Sarif:
    """Make this format."""
    return Sarif()
