"""Findings as a person reads them in a terminal or a hook's output."""

from __future__ import annotations

from collections.abc import Iterator

from hfpin.finding import Finding
from hfpin.operations.check import Checked
from hfpin.report.numbers import counted
from hfpin.span import SourceText

_WIDEST = 160


def render_findings(checked: Checked) -> Iterator[str]:
    """Render the findings of one file: the place, the line with a caret below, why, and what to do."""
    for finding in checked.findings:
        yield f"{finding.where}: {finding.code} {finding.message}"
        if checked.scan.source is not None:
            yield from _excerpt(checked.scan.source, finding)
        if finding.why:
            yield f"  = {finding.why}"
        yield f"  = {finding.hint}"
        yield ""


def _excerpt(source: SourceText, finding: Finding) -> Iterator[str]:
    number, column = finding.position.line, finding.position.column
    margin = len(str(number))
    line = source.line(number)
    before = source.line(number - 1)
    if before.strip() and len(before) <= _WIDEST:
        yield f"  {number - 1:>{margin}} | {before}"
    if len(line) <= _WIDEST:
        yield f"  {number:>{margin}} | {line}"
        under = "".join("\t" if character == "\t" else " " for character in line[: column - 1])
        yield f"  {'':>{margin}} | {under}{'^' * finding.width}"


def render_summary(files: int, references: int, findings: int) -> str:
    """Render what a check came to, in one line."""
    checked = f"Checked {counted(files, 'file')}: {counted(references, 'Hub reference')}"
    if findings:
        return f"{checked}, {counted(findings, 'finding')}."
    return f"{checked}, all pinned." if references else f"{checked}."
