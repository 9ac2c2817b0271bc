"""Findings as a person reads them in a terminal or a hook's output."""

from __future__ import annotations

from collections.abc import Iterator

from hfpin.finding import Finding
from hfpin.operations.check import Checked
from hfpin.report.findings.totals import Totals
from hfpin.report.numbers import counted
from hfpin.report.pages import told_by
from hfpin.report.paint import Paint
from hfpin.report.safe import safe
from hfpin.rules import RULES
from hfpin.span import SourceText

_WIDEST = 160
_LEAD = 60
"""How much of a long line is shown before a finding."""
_FULL = 100
"""How many findings are shown with their lines; after that, one line each."""


class Text:
    """The place, the line with a caret below, why, what to do, and where to read more.

    Args:
        paint: For a terminal.
        full: How many findings are shown with their lines.
    """

    def __init__(self, paint: Paint, full: int = _FULL) -> None:
        self._paint = paint
        self._full = full
        self._left = full

    def begin(self) -> Iterator[str]:
        """Give nothing."""
        yield from ()

    def file(self, checked: Checked) -> Iterator[str]:
        """Give the findings of one file."""
        source = checked.scan.source if checked.scan is not None else None
        for finding in checked.findings:
            where, code = self._paint.bold(safe(finding.where)), self._paint.red(finding.code)
            yield f"{where}: {code} {safe(finding.message)}"
            self._left -= 1
            if self._left >= 0:
                yield from self._details(source, finding)

    def _details(self, source: SourceText | None, finding: Finding) -> Iterator[str]:
        if source is not None:
            yield from self._excerpt(source, finding)
        sign = self._paint.blue("=")
        for note in (finding.why, finding.hint, told_by(finding.code)):
            if note:
                yield f"  {sign} {safe(note)}"
        yield ""

    def _excerpt(self, source: SourceText, finding: Finding) -> Iterator[str]:
        number, column = finding.position.line, finding.position.column
        margin, bar = len(str(number)), self._paint.blue("|")
        before = source.line(number - 1)
        if before.strip() and len(before) <= _WIDEST:
            yield f"  {number - 1:>{margin}} {bar} {safe(before)}"
        line, start = source.line(number), column - 1
        if not line:
            return
        first = 0 if len(line) <= _WIDEST else max(0, start - _LEAD)
        shown = safe(line[first : first + _WIDEST])
        head = "…" if first else ""
        tail = "…" if first + _WIDEST < len(line) else ""
        yield f"  {number:>{margin}} {bar} {head}{shown}{tail}"
        under = _blank(f"{head}{shown[: start - first]}")
        carets = "^" * max(1, len(_blank(shown[start - first :][: finding.width])))
        yield f"  {'':>{margin}} {bar} {under}{self._paint.red(carets)}"

    def end(self, totals: Totals) -> Iterator[str]:
        """Give what it came to."""
        if self._left < 0:
            yield ""
            yield f"The first {self._full} are shown in full. `hfpin check --statistics` counts them by rule."
            yield from _table(totals)
        yield summary(totals)


class Statistics:
    """How often each rule speaks, instead of what it says."""

    def begin(self) -> Iterator[str]:
        """Give nothing."""
        yield from ()

    def file(self, checked: Checked) -> Iterator[str]:
        """Give nothing."""
        del checked
        yield from ()

    def end(self, totals: Totals) -> Iterator[str]:
        """Give the table, what is found most often first."""
        yield from _table(totals)
        yield summary(totals)


def _table(totals: Totals) -> Iterator[str]:
    titles = {rule.code: rule.title for rule in RULES}
    widest = max((len(titles[code]) for code in totals.by_code), default=0)
    digits = len(str(max(totals.by_code.values(), default=0)))
    for code, count in sorted(totals.by_code.items(), key=lambda item: (-item[1], item[0])):
        files = counted(totals.files_by_code[code], "file")
        yield f"  {count:>{digits}}  {code}  {titles[code]:<{widest}}  in {files}"


def summary(totals: Totals) -> str:
    """Say what a check came to, in one line."""
    checked = f"Checked {counted(totals.files, 'file')}: {counted(totals.references, 'Hub reference')}"
    if totals.findings:
        return f"{checked}, {counted(totals.findings, 'finding')}."
    if totals.loose:
        return f"{checked}, no findings; {totals.loose} not pinned."
    return f"{checked}, all pinned." if totals.references else f"{checked}."


def _blank(shown: str) -> str:
    """What is as wide as a text in a terminal, where a Chinese letter is as wide as two others."""
    if shown.isascii():
        return "".join("\t" if one == "\t" else " " for one in shown)
    from unicodedata import combining, east_asian_width  # here: few lines need it

    return "".join(
        "\t" if one == "\t" else "" if combining(one) else "  " if east_asian_width(one) in "WF" else " "
        for one in shown
    )


def create() -> Text:
    """Make this format, without colour."""
    return Text(Paint())
