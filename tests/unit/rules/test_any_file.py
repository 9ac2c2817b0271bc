"""Whatever a file holds, the rules end, and what they say can be printed where they say it."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from hfpin.operations.check import Checked
from hfpin.report.findings import FORMATS, Totals, format_named
from hfpin.rules import RULES
from hfpin.scan import scan
from tests.unit.rules.examine import findings_in

COMMIT = "26bca36bde8333b5d7f72e9ed20ccda6a618af24"
WORDS = """
    model repo_id revision model_revision tokenizer trust_remote_code code_revision dataset_name args
    allow_patterns repo_type org/a org/b gpt2 main v1 1.0 on 2024-05-01 559062e1 true é ${x} : \n - { } [ ] ,
    ' " &x *x << | \t \r \ufeff \u2028 \x85 \U0001f600 --trust-remote-code --model #
""".strip().split(" ")
LONGER = (
    *("\n", "\n  ", "\n- ", ": ", ", ", "|\n  ", " \\\n", COMMIT, COMMIT[:8], COMMIT.upper(), "# v1"),
    *("# hfpin: ignore[HFP001] x", "# hfpin: ignore", "pretrained=org/a,trust_remote_code=True"),
)
PIECES = st.sampled_from([*filter(None, WORDS), *LONGER])


@settings(max_examples=80, deadline=None)
@given(text=st.lists(PIECES, max_size=30).map("".join), suffix=st.sampled_from(["yaml", "json", "toml"]))
def test_every_finding_can_be_shown(text: str, suffix: str) -> None:
    """Each is in a line that the file has, at least a character wide, and no format stumbles over it."""
    scanned = scan(f"a.{suffix}", text.encode())
    said = tuple(finding for rule in RULES for finding in findings_in(rule.code, {scanned.path: text}))
    for finding in said:
        line = scanned.source.line(finding.position.line) if scanned.source is not None else ""
        assert finding.width >= 1
        assert finding.code == "HFP000" or 1 <= finding.position.column <= len(line)
        assert finding.message.isprintable()
        assert finding.hint.isprintable()
    checked, totals = Checked(scan=scanned, findings=said), Totals()
    totals.add(checked)
    for name in FORMATS:
        shown = format_named(name)
        printed = "\n".join((*shown.begin(), *shown.file(checked), *shown.end(totals)))
        if name in ("json", "sarif"):
            json.loads(printed)
