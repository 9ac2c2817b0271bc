"""What a check prints, in each format."""

from __future__ import annotations

import json
import re

import jsonschema
import pytest

from hfpin import __version__
from hfpin.finding import Finding
from hfpin.operations.check import Checked
from hfpin.report.findings import FORMATS, Format, Totals, format_named
from hfpin.report.findings.text import Statistics, Text
from hfpin.report.paint import Paint
from hfpin.rules import RULES
from hfpin.scan import scan
from hfpin.span import Position
from tests.unit.report.sarif_schema import sarif_schema
from tests.unit.rules.examine import findings, findings_in

ODD = "conf/a b, 100%:é.yaml"


def checked(text: str, *, code: str = "HFP001", path: str = "conf/config.yaml") -> Checked:
    """Check a file by one rule."""
    found = tuple(findings(code, text))
    return Checked(scan=scan(path, text.encode()), findings=tuple(at(one, path) for one in found))


def at(finding: Finding, path: str) -> Finding:
    """The same finding in another file."""
    return Finding(
        code=finding.code,
        path=path,
        position=finding.position,
        width=finding.width,
        message=finding.message,
        why=finding.why,
        hint=finding.hint,
    )


def printed(shown: Format, *files: Checked) -> str:
    """Give all that a format prints of a check."""
    totals = Totals()
    lines = list(shown.begin())
    for one in files:
        totals.add(one)
        lines += shown.file(one)
    return "".join(f"{line}\n" for line in (*lines, *shown.end(totals)))


TWO = (
    checked("é: 1\nmodel: org/a\n"),
    checked("model: org/a\nrevision: main\n", code="HFP002", path=ODD),
)
OF_LOCK = Checked(
    scan=None,
    findings=(
        Finding(
            code="HFP010",
            path="hfpin.lock",
            position=Position(1, 1),
            width=1,
            message="there is no hfpin.lock",
            why="",
            hint="hfpin lock   writes it",
        ),
    ),
)

# Text


def test_text_shows_place_line_and_what_to_do() -> None:
    """A finding has a caret, notes and its page; one in no file has the notes alone."""
    assert printed(format_named("text"), *TWO, OF_LOCK) == (
        "conf/config.yaml:2:8: HFP001 org/a has no revision\n"
        "  1 | é: 1\n"
        "  2 | model: org/a\n"
        "    |        ^^^^^\n"
        "  = Whoever runs this next month may get other weights.\n"
        "  = hfpin pin conf/config.yaml   writes revision with today's commit of main\n"
        "  = hfpin explain HFP001   (docs/rules/HFP001.md)\n"
        "\n"
        f"{ODD}:2:11: HFP002 org/a is at main, which moves\n"
        "  1 | model: org/a\n"
        "  2 | revision: main\n"
        "    |           ^^^^\n"
        "  = A new commit on main changes what this file means.\n"
        "  = hfpin pin conf/config.yaml   writes today's commit of main\n"
        "  = hfpin explain HFP002   (docs/rules/HFP002.md)\n"
        "\n"
        "hfpin.lock:1:1: HFP010 there is no hfpin.lock\n"
        "  = hfpin lock   writes it\n"
        "  = hfpin explain HFP010   (docs/rules/HFP010.md)\n"
        "\n"
        "Checked 2 files: 2 Hub references, 3 findings.\n"
    )


def test_colour_adds_nothing_but_colour() -> None:
    """Without its escapes, coloured text is the plain one."""
    coloured = printed(Text(Paint(on=True)), *TWO)
    assert "\x1b[1;31mHFP001\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == printed(Text(Paint()), *TWO)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"x: [{'1, ' * 5_000}{{model: org/a}}{', 1' * 5_000}]", "org/a"),
        (f"{{model: org/a, x: {'y' * 500}}}", "org/a"),
        (f"x: [{'ö, ' * 500}{{model: org/a}}]", "org/a"),
        (f"model: '{'a' * 90}/{'b' * 90}'", f"{'a' * 90}/"),
    ],
)
def test_a_long_line_is_shown_around_the_finding(text: str, shown: str) -> None:
    """However long a line is, what is printed fits a screen and has the caret below the id."""
    _, line, carets, *_ = printed(format_named("text"), checked(text)).splitlines()
    assert max(len(line), len(carets)) <= 170
    assert line[carets.index("^") :].startswith(shown)
    assert "…" in line


def test_what_would_move_a_cursor_is_not_printed() -> None:
    """An escape in a config does not reach the terminal; a tab stays, and stands above a tab."""
    text = 'x: {"a": "\t", "b": "\x85\u202e", model: org/a}\n'
    assert printed(format_named("text"), checked(text)).splitlines()[1:3] == [
        '  1 | x: {"a": "\t", "b": "\ufffd\ufffd", model: org/a}',
        "    |            \t                     ^^^^^".replace(" " * 11 + "\t", " " * 10 + "\t"),
    ]


def test_carets_stand_below_wide_letters() -> None:
    """A Chinese letter takes two columns of a terminal, and a combining accent none."""
    text = "模型: {é\u0301: 1, model: org/a}\n"
    assert printed(format_named("text"), checked(text)).splitlines()[1:3] == [
        "  1 | 模型: {é\u0301: 1, model: org/a}",
        f"    | {' ' * 20}^^^^^",
    ]


def test_a_path_is_one_for_a_shell() -> None:
    """What is printed to be run can be run; what a name holds for a terminal is not done."""
    for path, name in (("a b.yaml", "'a b.yaml'"), ("-x.yaml", "./-x.yaml"), ("\x1b.yaml", "'\ufffd.yaml'")):
        one = Checked(
            scan=None, findings=tuple(findings_in("HFP002", {path: "model: org/a\nrevision: main\n"}))
        )
        assert f"  = hfpin pin {name}   writes today's commit of main\n" in printed(format_named("text"), one)


def test_thousands_of_findings_stay_readable() -> None:
    """The first are shown in full, the others in a line each, with a table of the rules at the end."""
    many = checked("".join(f"- model: org/m{number}\n" for number in range(5)))
    lines = printed(Text(Paint(), full=2), many, TWO[1]).splitlines()
    assert lines[15:] == [
        "conf/config.yaml:3:10: HFP001 org/m2 has no revision",
        "conf/config.yaml:4:10: HFP001 org/m3 has no revision",
        "conf/config.yaml:5:10: HFP001 org/m4 has no revision",
        f"{ODD}:2:11: HFP002 org/a is at main, which moves",
        "",
        "The first 2 are shown in full. `hfpin check --statistics` counts them by rule.",
        "  5  HFP001  no revision       in 1 file",
        "  1  HFP002  mutable revision  in 1 file",
        "Checked 2 files: 6 Hub references, 6 findings.",
    ]


def test_statistics_count_instead() -> None:
    """How often each rule speaks, most often first, and in how many files."""
    assert printed(Statistics(), TWO[0], TWO[1], TWO[0]) == (
        "  2  HFP001  no revision       in 2 files\n"
        "  1  HFP002  mutable revision  in 1 file\n"
        "Checked 3 files: 3 Hub references, 3 findings.\n"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\n", "Checked 1 file: 0 Hub references.\n"),
        ("model: org/a\nrevision: v1\n", "Checked 1 file: 1 Hub reference, all pinned.\n"),
        ("model: org/a\n", "Checked 1 file: 1 Hub reference, no findings; 1 not pinned.\n"),
        ("model: org/a\nrevision: main\n", "Checked 1 file: 1 Hub reference, no findings; 1 not pinned.\n"),
    ],
)
def test_the_summary_does_not_call_pinned_what_is_ignored(text: str, said: str) -> None:
    """Without findings, what is ignored is still not pinned."""
    quiet = Checked(scan=scan("a.yaml", text.encode()), findings=())
    assert printed(format_named("text"), quiet) == said


# JSON


def test_json_is_one_object() -> None:
    """Each finding with its place, its texts and its page, then the counts."""
    first, second = TWO[0].findings[0], TWO[1].findings[0]
    assert json.loads(printed(format_named("json"), *TWO)) == {
        "version": 1,
        "findings": [
            {
                "code": "HFP001",
                "path": "conf/config.yaml",
                "line": 2,
                "column": 8,
                "end_column": 13,
                "message": "org/a has no revision",
                "why": first.why,
                "hint": first.hint,
                "docs": "docs/rules/HFP001.md",
            },
            {
                "code": "HFP002",
                "path": ODD,
                "line": 2,
                "column": 11,
                "end_column": 15,
                "message": "org/a is at main, which moves",
                "why": second.why,
                "hint": second.hint,
                "docs": "docs/rules/HFP002.md",
            },
        ],
        "summary": {"files": 2, "references": 2, "findings": 2, "by_code": {"HFP001": 1, "HFP002": 1}},
    }


def test_json_of_nothing_is_an_object_too() -> None:
    """A clean check is an empty list and zeros."""
    assert json.loads(printed(format_named("json"))) == {
        "version": 1,
        "findings": [],
        "summary": {"files": 0, "references": 0, "findings": 0, "by_code": {}},
    }


# GitHub


def test_github_escapes_what_ends_a_property_or_a_line() -> None:
    """A comma, a colon and a percent sign of a path, and the line breaks of a message."""
    assert printed(format_named("github"), TWO[1]) == (
        "::error file=conf/a b%2C 100%25%3Aé.yaml,line=2,endLine=2,col=11,endColumn=15,"
        "title=HFP002 mutable revision::org/a is at main, which moves%0A"
        "A new commit on main changes what this file means.%0A"
        "hfpin pin conf/config.yaml   writes today's commit of main%0A"
        "hfpin explain HFP002   (docs/rules/HFP002.md)\n"
        "Checked 1 file: 1 Hub reference, 1 finding.\n"
    )


# SARIF


@pytest.mark.parametrize("files", [(), TWO, (*TWO, OF_LOCK)], ids=["nothing", "two", "lock"])
def test_sarif_is_valid(files: tuple[Checked, ...]) -> None:
    """A log is what the schema of the specification demands, formats included."""
    log = json.loads(printed(format_named("sarif"), *files))
    schema = sarif_schema()
    validator = jsonschema.Draft7Validator(schema, format_checker=jsonschema.Draft7Validator.FORMAT_CHECKER)
    assert [error.message for error in validator.iter_errors(log)] == []
    assert len(log["runs"][0]["results"]) == len(files)


def test_the_schema_would_refuse() -> None:
    """A log with a wrong level is not valid: the schema is one."""
    log = json.loads(printed(format_named("sarif"), *TWO))
    log["runs"][0]["results"][0]["level"] = "severe"
    assert not jsonschema.Draft7Validator(sarif_schema()).is_valid(log)


def test_sarif_says_what_was_found_where() -> None:
    """Rules in order, a result for each finding, its path an address, its columns in characters."""
    (run,) = json.loads(printed(format_named("sarif"), TWO[1]))["runs"]
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("hfpin", __version__)
    assert [rule["id"] for rule in driver["rules"]] == [rule.code for rule in RULES]
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["results"] == [
        {
            "ruleId": "HFP002",
            "ruleIndex": 2,
            "level": "error",
            "message": {
                "text": "org/a is at main, which moves\n"
                "A new commit on main changes what this file means.\n"
                "hfpin pin conf/config.yaml   writes today's commit of main"
            },
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": "conf/a%20b%2C%20100%25%3A%C3%A9.yaml"},
                        "region": {"startLine": 2, "startColumn": 11, "endColumn": 15},
                    }
                }
            ],
        }
    ]


def test_every_format_gives_what_a_file_has_while_it_is_there() -> None:
    """Nothing is kept for the end but counts: a thousand files take no more memory than one."""
    for name in FORMATS:
        shown = format_named(name)
        list(shown.begin())
        assert any("org/a" in line for line in shown.file(TWO[0]))
        totals = Totals()
        totals.add(TWO[0])
        assert not any("org/a" in line for line in shown.end(totals))
