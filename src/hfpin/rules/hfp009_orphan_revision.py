"""HFP009: a commit under a key that pins a Hub repo, with no repo that it could belong to."""

from __future__ import annotations

from collections.abc import Iterator

from hfpin.finding import Finding
from hfpin.rules.at import shown
from hfpin.rules.rule import Rule, each_file
from hfpin.scan import Scan


def _check(scan: Scan) -> Iterator[Finding]:
    for orphan in scan.orphans:
        yield Finding(
            code=RULE.code,
            path=scan.path,
            position=orphan.position,
            width=len(orphan.text),
            message=f"{shown(orphan.key)} pins nothing: there is no repo that it could belong to",
            why="The id may be misspelled or in another file, and is then not held at this commit.",
            hint="Write the repo's id beside it, or take it away.",
        )


RULE = Rule(code="HFP009", title="orphan revision", start=each_file(_check))
