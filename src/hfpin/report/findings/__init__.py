"""Findings in the formats that people and programs read, one module each.

Every format is asked at the beginning, for each file while its text is in memory, and at the end, and gives
lines: nothing is kept between files, however many there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Protocol

from hfpin.operations.check import Checked
from hfpin.report.findings.totals import Totals

__all__ = ["FORMATS", "Format", "Totals", "format_named"]


class Format(Protocol):
    """One format."""

    def begin(self) -> Iterator[str]:
        """Give the lines before the first file."""

    def file(self, checked: Checked) -> Iterator[str]:
        """Give the lines of one file."""

    def end(self, totals: Totals) -> Iterator[str]:
        """Give the lines after the last."""


FORMATS: Mapping[str, str] = MappingProxyType(
    {
        "text": "hfpin.report.findings.text",
        "json": "hfpin.report.findings.json_format",
        "github": "hfpin.report.findings.github",
        "sarif": "hfpin.report.findings.sarif",
    }
)
"""What a format is called, and the module whose `create` makes it, imported when it is asked for."""


def format_named(name: str) -> Format:
    """Make a format, without colour."""
    create: Callable[[], Format] = import_module(FORMATS[name]).create
    return create()
