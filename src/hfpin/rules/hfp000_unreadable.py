"""HFP000: a file that could not be read, so that nothing is known about it."""

from __future__ import annotations

from collections.abc import Iterator

from hfpin.finding import Finding
from hfpin.rules.rule import Rule, each_file
from hfpin.scan import Scan


def _check(scan: Scan) -> Iterator[Finding]:
    if scan.unreadable is not None:
        yield Finding(
            code=RULE.code,
            path=scan.path,
            position=scan.unreadable.position,
            width=1,
            message=f"could not be read: {scan.unreadable.reason}",
            why="A model named in it may not be seen.",
            hint="Mend the file, or leave it out: [tool.hfpin] exclude.",
        )


RULE = Rule(code="HFP000", title="could not be read", start=each_file(_check))
