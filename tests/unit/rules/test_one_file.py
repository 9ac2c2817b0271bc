"""The rules: for each, what it finds, what it does not, and what it has no business with."""

from __future__ import annotations

import re

import pytest

from hfpin.rules import RULES
from tests.unit.rules.examine import all_findings, finding, findings

COMMIT = "26bca36bde8333b5d7f72e9ed20ccda6a618af24"
BY_HAND = "Write the revision there by hand: hfpin changes only what it can prove it leaves whole."


def test_every_rule_has_a_code_of_its_own() -> None:
    """Codes are unique and in order, and titles are a few words."""
    codes = [rule.code for rule in RULES]
    assert codes == sorted(set(codes))
    assert all(re.fullmatch(r"HFP\d{3}", code) for code in codes)
    assert all(rule.title and len(rule.title.split()) <= 4 for rule in RULES)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "lr: 1\n",
        f"model: org/a\nrevision: {COMMIT}\n",
        f"repo_id: gpt2\nrevision: '{COMMIT}'  # main\n",
        f"dataset_name: org/a\ndataset_revision: {COMMIT}\n",
        "model: org/a\nrevision: v0.1\n",
        "model: org/a\nrevision: ${revision}\n",
        "model: ./main\nrevision: main\n",
        "hub_model_id: org/a\n",
        "# model: org/a\n",
        "text: |\n  model: org/a\n  revision: main\n",
        "revision: main\n",
    ],
)
def test_no_rule_has_anything_to_say(text: str) -> None:
    """What is pinned, and what is no reference, is passed over by all of them."""
    assert all_findings(text) == []


# HFP000: could not be read


@pytest.mark.parametrize(
    ("data", "line", "column", "reason"),
    [
        (b"a: 1\nb: [1\n", 3, 1, "while parsing a flow sequence did not find expected ',' or ']'"),
        (b"a: 1\r\nb: c: d\r\n", 2, 5, "mapping values are not allowed in this context"),
        ("größe: 1\nb: é".encode("latin-1"), 1, 1, "byte 2 is not UTF-8"),
    ],
)
def test_hfp000_reports_what_it_cannot_read(data: bytes, line: int, column: int, reason: str) -> None:
    """A file that does not parse is a finding: what it names would not be seen."""
    assert findings("HFP000", data) == [
        finding(
            "HFP000",
            (line, column, 1),
            f"could not be read: {reason}",
            "A model named in it may not be seen.",
            "Mend the file, or leave it out: [tool.hfpin] exclude.",
        )
    ]


@pytest.mark.parametrize("text", ["", "a: 1\n", "\ufeffa: größe\r\n", "a: !tag {b: 1}\n", "a: 1\na: 2\n"])
def test_hfp000_is_silent_about_what_can_be_read(text: str) -> None:
    """Tags, marks, duplicate keys and empty files can all be read."""
    assert findings("HFP000", text) == []


def test_an_unreadable_file_is_still_read_line_by_line() -> None:
    """What its lines show is reported beside the file itself."""
    assert [one.code for one in all_findings("model: org/a\nlr: [1\n")] == ["HFP000", "HFP001"]


# HFP001: no revision


@pytest.mark.parametrize(
    ("text", "place", "repo", "content", "key"),
    [
        ("model: org/a\n", (1, 8, 5), "org/a", "weights", "revision"),
        ("größe: 1\nx: {'model': 'org/a'}", (2, 15, 5), "org/a", "weights", "revision"),
        ("base_model: gpt2\n", (1, 13, 4), "gpt2", "weights", "revision_of_model"),
        (
            "dataset_path: ''\nrepo_id: org/d\nrepo_type: dataset\n",
            (2, 10, 5),
            "dataset org/d",
            "data",
            "revision",
        ),
        ("repo_id: org/s\nrepo_type: space\n", (1, 10, 5), "space org/s", "code", "revision"),
        ("repo_id: org/k\nrepo_type: kernel\n", (1, 10, 5), "kernel org/k", "code", "revision"),
        ("model: org/a\nrevision:\n", (1, 8, 5), "org/a", "weights", "revision"),
        ("model: org/a\nrevision: null\n", (1, 8, 5), "org/a", "weights", "revision"),
        ("model: org/a\nmodel_revision: ''\n", (1, 8, 5), "org/a", "weights", "model_revision"),
    ],
)
def test_hfp001_reports_a_repo_without_a_revision(
    text: str, place: tuple[int, int, int], repo: str, content: str, key: str
) -> None:
    """The finding names the repo, what may change, and the key that would be written."""
    assert findings("HFP001", text) == [
        finding(
            "HFP001",
            place,
            f"{repo} has no revision",
            f"Whoever runs this next month may get other {content}.",
            f"hfpin pin conf/config.yaml   writes {key} with today's commit of main",
        )
    ]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (
            "model: [org/a]\n",
            "Declare it in a mapping of its own (repo_id, revision, local_dir), and name that folder here.",
        ),
        ("? model\n: org/a\n", BY_HAND),
        ("model: org/a\nrevision: [v1]\n", BY_HAND),
        ("model: org/a\nrevision:\nrevision:\n", "Remove one of the two."),
    ],
)
def test_hfp001_says_what_to_do_where_nothing_can_be_written(text: str, hint: str) -> None:
    """A repo that hfpin cannot pin is reported all the same, with what a person can do."""
    assert [(one.message, one.hint) for one in findings("HFP001", text)] == [("org/a has no revision", hint)]


@pytest.mark.parametrize("revision", [COMMIT, COMMIT[:8], "v0.1", "main", "refs/pr/1", "${revision}", "'0'"])
def test_hfp001_is_silent_about_any_revision(revision: str) -> None:
    """Whether a revision is a good one is another rule's matter."""
    assert findings("HFP001", f"model: org/a\nrevision: {revision}\n") == []


def test_hfp001_reports_every_mention() -> None:
    """A file has as many findings as it has loose mentions, in its order."""
    text = "model: org/a\ntokenizer: org/a\n---\n- model: org/b\n"
    assert [(one.where, one.message) for one in findings("HFP001", text)] == [
        ("conf/config.yaml:1:8", "org/a has no revision"),
        ("conf/config.yaml:2:12", "org/a has no revision"),
        ("conf/config.yaml:4:10", "org/b has no revision"),
    ]


# HFP002: mutable revision


@pytest.mark.parametrize("revision", ["main", "master", "HEAD", "refs/pr/1", "refs/convert/parquet"])
def test_hfp002_reports_a_revision_that_moves(revision: str) -> None:
    """The finding names the repo and the revision, and what would be written instead."""
    assert findings("HFP002", f"model: org/a\nrevision: '{revision}'\n") == [
        finding(
            "HFP002",
            (2, 12, len(revision)),
            f"org/a is at {revision}, which moves",
            f"A new commit on {revision} changes what this file means.",
            f"hfpin pin conf/config.yaml   writes today's commit of {revision}",
        )
    ]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("x: &x main\nmodel: org/a\nrevision: *x\n", "Write the commit at its anchor by hand."),
        ("x: &x {revision: main}\ny: {<<: *x, model: org/a}\n", "Pin it where it is written."),
    ],
)
def test_hfp002_says_what_to_do_where_nothing_can_be_written(text: str, hint: str) -> None:
    """A revision that is written elsewhere is mended there."""
    assert [(one.message, one.hint) for one in findings("HFP002", text)] == [
        ("org/a is at main, which moves", hint)
    ]


@pytest.mark.parametrize(
    "revision",
    ["", "null", COMMIT, COMMIT[:8], COMMIT.upper(), "v0.1", "Main", "main-2", "${branch}", "refs/pr/${n}"],
)
def test_hfp002_is_silent_about_everything_else(revision: str) -> None:
    """Tags and commits stand, what is missing is another rule's, and a placeholder is not in this file."""
    assert findings("HFP002", f"model: org/a\nrevision: {revision}\n") == []


# HFP008: not a repo id


@pytest.mark.parametrize("text", ["Mistral 7B", "a/b/c", "-a/b", "a/b.git", "org/a--b", "org/é"])
def test_hfp008_reports_what_cannot_be_an_id(text: str) -> None:
    """A value under `repo_id` that the Hub can have no repo for is reported whole."""
    assert findings("HFP008", f"m:\n  repo_id: '{text}'\n  revision: v1\n") == [
        finding(
            "HFP008",
            (2, 13, len(text)),
            f"{text!r} is not a repo id",
            "The Hub can have no repo of that name.",
            "A repo id is namespace/name, of letters, digits, '-', '_' and '.'.",
        )
    ]


@pytest.mark.parametrize(
    "value", ["org/a", "gpt2", "./a b", "/a/b/c", "~/a", "hf://a/b/c", "${a b}", "null", "''"]
)
def test_hfp008_is_silent(value: str) -> None:
    """Ids, paths, addresses, placeholders and nothing at all are no mistakes."""
    assert findings("HFP008", f"repo_id: {value}\nrevision: v1\n") == []


def test_hfp008_is_about_keys_that_take_nothing_else() -> None:
    """Other keys have values that are no ids and need not be."""
    assert findings("HFP008", "model: a b\nmodel_name_or_path: a/b/c\n") == []
