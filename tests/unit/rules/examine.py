"""Shows files to rules, as a check does."""

from __future__ import annotations

from hfpin.finding import Finding
from hfpin.rules import RULES, Context, Examined
from hfpin.rules.selection import CODES
from hfpin.scan import scan
from hfpin.span import Position

PATH = "conf/config.yaml"


def findings(code: str, text: str | bytes, context: Context | None = None) -> list[Finding]:
    """Give what one rule says of a file."""
    return findings_in(code, {PATH: text}, context)


def findings_in(code: str, files: dict[str, str | bytes], context: Context | None = None) -> list[Finding]:
    """Give what one rule says of several declaring files, one after the other, and at the end."""
    (rule,) = [rule for rule in RULES if rule.code == code]
    watch = rule.start(context or Context(known=CODES, judged=CODES))
    found: list[Finding] = []
    for path, text in files.items():
        scanned = scan(path, text.encode() if isinstance(text, str) else text)
        found += watch.file(Examined(scan=scanned, declares=True, codes=CODES))
    return [*found, *watch.end()]


def all_findings(text: str) -> list[Finding]:
    """Give what all rules say of a file, for themselves."""
    return [finding for rule in RULES for finding in findings(rule.code, text)]


def finding(code: str, place: tuple[int, int, int], message: str, why: str, hint: str) -> Finding:
    """Make a finding of that file; its place is line, column and width."""
    line, column, width = place
    return Finding(
        code=code,
        path=PATH,
        position=Position(line, column),
        width=width,
        message=message,
        why=why,
        hint=hint,
    )
