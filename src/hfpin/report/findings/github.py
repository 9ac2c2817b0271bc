"""Findings as workflow commands of GitHub Actions, which shows them beside the lines.

Source: "Workflow commands for GitHub Actions", and the escapes of `actions/toolkit`'s `command.ts`: in a
message `%`, CR and LF, in a property `:` and `,` as well.
"""

from __future__ import annotations

from collections.abc import Iterator

from hfpin.finding import Finding
from hfpin.operations.check import Checked
from hfpin.report.findings.text import summary
from hfpin.report.findings.totals import Totals
from hfpin.report.pages import told_by
from hfpin.report.safe import safe
from hfpin.rules import RULES

_TITLES = {rule.code: rule.title for rule in RULES}


class GitHub:
    """One command a finding, and the summary for who reads the log."""

    def begin(self) -> Iterator[str]:
        """Give nothing."""
        yield from ()

    def file(self, checked: Checked) -> Iterator[str]:
        """Give the commands of one file."""
        for finding in checked.findings:
            yield _command(finding)

    def end(self, totals: Totals) -> Iterator[str]:
        """Give what it came to."""
        yield summary(totals)


def _command(finding: Finding) -> str:
    position = finding.position
    properties = {
        "file": finding.path,
        "line": position.line,
        "endLine": position.line,
        "col": position.column,
        "endColumn": position.column + finding.width,
        "title": f"{finding.code} {_TITLES[finding.code]}",
    }
    given = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    notes = (finding.message, finding.why, finding.hint, told_by(finding.code))
    return f"::error {given}::{_message(chr(10).join(filter(None, notes)))}"


def _message(text: str) -> str:
    return safe(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")


def create() -> GitHub:
    """Make this format."""
    return GitHub()
