"""HFP012: a comment that ignores findings, and ignores none."""

from __future__ import annotations

from collections.abc import Iterator

from hfpin.finding import Finding
from hfpin.reference import Ignore
from hfpin.rules.at import shown
from hfpin.rules.rule import Context, EachFile, Examined, Rule, Watch
from hfpin.scan import Scan


def _start(context: Context) -> Watch:
    def check(examined: Examined) -> Iterator[Finding]:
        if examined.scan.unreadable is not None:
            return  # what the rules would say of the whole file is not known
        found = {(finding.position.line, finding.code) for finding in examined.said}
        for ignore in examined.scan.ignores:
            if not ignore.codes:
                yield _finding(examined.scan, ignore, "this ignores nothing: it names no rule")
            for code in ignore.codes:
                if code not in context.known:
                    yield _finding(examined.scan, ignore, f"this ignores nothing: {shown(code)} is no rule")
                elif code in examined.codes & context.judged and (ignore.line, code) not in found:
                    message = f"this ignores nothing: {code} has nothing to say of line {ignore.line}"
                    yield _finding(examined.scan, ignore, message)

    return EachFile(check)


def _finding(scan: Scan, ignore: Ignore, message: str) -> Finding:
    return Finding(
        code=RULE.code,
        path=scan.path,
        position=ignore.position,
        width=ignore.width,
        message=message,
        why="It would hide the next finding on that line, which nobody has looked at.",
        hint="Take it away." if ignore.codes else "Name the rule and why: # hfpin: ignore[HFP001] a reason",
    )


RULE = Rule(code="HFP012", title="unused ignore", start=_start)
