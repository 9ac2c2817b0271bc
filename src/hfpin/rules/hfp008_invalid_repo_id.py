"""HFP008: a value that is meant as a repo id and cannot be one, so that nothing can be fetched by it."""

from __future__ import annotations

from collections.abc import Iterator

from hfpin.finding import Finding
from hfpin.rules.at import shown
from hfpin.rules.rule import Rule, each_file
from hfpin.scan import Scan


def _check(scan: Scan) -> Iterator[Finding]:
    for invalid in scan.invalid:
        yield Finding(
            code=RULE.code,
            path=scan.path,
            position=invalid.position,
            width=len(invalid.text),
            message=f"{shown(invalid.text)!r} is not a repo id",
            why="The Hub can have no repo of that name.",
            hint="A repo id is namespace/name, of letters, digits, '-', '_' and '.'.",
        )


RULE = Rule(code="HFP008", title="not a repo id", start=each_file(_check))
