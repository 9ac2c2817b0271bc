"""The rules about one file that came after the first: what each finds, and what it leaves alone."""

from __future__ import annotations

import pytest

from hfpin.config import Config
from hfpin.rules import Context
from tests.unit.rules.examine import finding, findings, findings_in

COMMIT = "26bca36bde8333b5d7f72e9ed20ccda6a618af24"
STRICT = Context(config=Config(require="commit"))

# HFP003: not a commit


@pytest.mark.parametrize("revision", ["v0.1", "step3000", "Main", "release/1", "cafe-2024"])
def test_hfp003_reports_what_is_not_a_commit(revision: str) -> None:
    """Where commits are required, a tag or a branch is reported with what would be written."""
    assert findings("HFP003", f"model: org/a\nrevision: {revision}\n", STRICT) == [
        finding(
            "HFP003",
            (2, 11, len(revision)),
            f"org/a is at {revision}, which is not a commit",
            "A tag or a branch can be moved; this project requires commits.",
            f"hfpin pin conf/config.yaml   writes the commit of {revision}",
        )
    ]


@pytest.mark.parametrize(
    "revision", ["", "main", "refs/pr/1", COMMIT, COMMIT[:8], COMMIT.upper(), "${r}", "1.0"]
)
def test_hfp003_leaves_the_rest_to_other_rules(revision: str) -> None:
    """Commits stand, and what is missing, moves by its nature or is misspelled has a rule of its own."""
    assert findings("HFP003", f"model: org/a\nrevision: {revision}\n", STRICT) == []


def test_hfp003_is_silent_unless_it_is_asked_for() -> None:
    """By default a tag stands."""
    assert findings("HFP003", "model: org/a\nrevision: v0.1\n") == []


# HFP004: not a whole commit


def test_hfp004_reports_a_part_of_a_commit() -> None:
    """The Hub knows the rest; nobody else does."""
    assert findings("HFP004", f"model: org/a\nrevision: '{COMMIT[:7]}'\n") == [
        finding(
            "HFP004",
            (2, 12, 7),
            f"org/a is at {COMMIT[:7]}, a part of a commit",
            "The Hub takes only 40 lowercase digits for a commit, and all else for the name of a branch.",
            "hfpin pin conf/config.yaml   writes all 40 digits, if the Hub still knows which they are",
        )
    ]


def test_hfp004_spells_an_upper_case_commit() -> None:
    """Nothing need be asked: the hint has the commit as it should stand."""
    (found,) = findings("HFP004", f"model: org/a\nrevision: {COMMIT.upper()}\n")
    assert (found.message, found.hint) == (
        f"org/a is at {COMMIT.upper()}, a commit in upper case",
        f"Write it in lower case: {COMMIT}",
    )


@pytest.mark.parametrize(
    "revision", [COMMIT, "v0.1", "beef", "cafes", "abcdefg", f"{COMMIT}0", "main", "12345678"]
)
def test_hfp004_is_silent(revision: str) -> None:
    """Whole commits and names are none; what is read as a number is another rule's."""
    assert findings("HFP004", f"model: org/a\nrevision: {revision}\n") == []


# HFP005: unquoted revision


@pytest.mark.parametrize(
    ("revision", "reads_as"),
    [
        ("1.0", "a number"),
        ("2", "a number"),
        ("1_000", "a number"),
        ("0x1f", "a number"),
        ("1:30", "a number"),
        (".5", "a number"),
        ("1e3", "a number"),
        (".inf", "a number"),
        ("on", "true or false"),
        ("True", "true or false"),
        ("2024-05-01", "a date"),
        ("2024-05-01 10:00:00", "a date"),
    ],
)
def test_hfp005_reports_what_is_read_as_something_else(revision: str, reads_as: str) -> None:
    """The finding says as what, and shows the quotes."""
    assert findings("HFP005", f"model: org/a\nrevision: {revision}\n") == [
        finding(
            "HFP005",
            (2, 11, len(revision)),
            f"org/a is at {revision}, which is read as {reads_as}",
            "The program that reads this file may get another revision than the one that stands here.",
            f'Put it in quotes: "{revision}"',
        )
    ]


@pytest.mark.parametrize("revision", ["559062e1", "12345678"])
def test_hfp005_does_not_quote_a_part_of_a_commit(revision: str) -> None:
    """In quotes it would be a part of a commit, which is no better."""
    (found,) = findings("HFP005", f"model: org/a\nrevision: {revision}\n")
    assert found.hint == (
        "hfpin pin conf/config.yaml   writes all 40 digits, if the Hub still knows which they are"
    )


@pytest.mark.parametrize(
    "revision", ["v1.0", "1.0.0", "'1.0'", '"on"', "!!str 1.0", "1.0-rc", COMMIT, "null", "2024-05", "1e"]
)
def test_hfp005_is_silent_about_text(revision: str) -> None:
    """What every reader takes for a text, quoted or not, is one."""
    assert findings("HFP005", f"model: org/a\nrevision: {revision}\n") == []


@pytest.mark.parametrize(
    ("path", "text", "reads_as"),
    [
        ("a.json", '{"model": "org/a", "revision": 1.0}', "a number"),
        ("a.json", '{"model": "org/a", "revision": true}', "true or false"),
        ("a.toml", 'model = "org/a"\nrevision = 2024-05-01\n', "a date"),
        ("a.toml", 'model = "org/a"\nrevision = 0x1f\n', "a number"),
    ],
)
def test_hfp005_knows_json_and_toml(path: str, text: str, reads_as: str) -> None:
    """What is no string there is none for any reader."""
    (found,) = findings_in("HFP005", {path: text})
    assert found.message.endswith(f", which is read as {reads_as}")


# HFP007: trusted code moves

WHY = "Whoever can push to that repo can run anything on this machine."


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        (
            "model: org/a\nrevision: v1\ntrust_remote_code: true\n",
            (3, 20, 4),
            "org/a at v1, which can change",
        ),
        ("model: org/a\nmodel_kwargs: {trust_remote_code: 'True'}\n", (2, 36, 4), "org/a at no commit"),
        ("args: [--model, org/a, --trust-remote-code]\n", (1, 26, 17), "org/a at no commit"),
        ("run: vllm serve org/a --trust-remote-code\n", (1, 25, 17), "org/a at no commit"),
        ("run: |\n  vllm serve org/a \\\n    --trust-remote-code\n", (3, 7, 17), "org/a at no commit"),
        ("model_id: org/a\nbase_args: [--trust-remote-code]\n", (2, 15, 17), "org/a at no commit"),
        (
            "model_args: pretrained=org/a,revision=v1,trust_remote_code=True\n",
            (1, 42, 22),
            "org/a at v1, which can change",
        ),
        (
            f"model: org/a\nrevision: {COMMIT[:8]}x\ncode_revision: v2\ntrust_remote_code: yes\n",
            (4, 20, 3),
            "org/a at v2, which can change",
        ),
    ],
)
def test_hfp007_reports_code_that_can_change(text: str, place: tuple[int, int, int], what: str) -> None:
    """Beside the id, in keyword arguments, as a flag and in a command, the finding points at the trust."""
    (found,) = findings("HFP007", text)
    assert (found.position.line, found.position.column, found.width) == place
    assert (found.message, found.why) == (f"trust_remote_code runs the code of {what}", WHY)


@pytest.mark.parametrize(
    "text",
    [
        f"model: org/a\nrevision: {COMMIT}\ntrust_remote_code: true\n",
        f"model: org/a\nrevision: v1\ncode_revision: {COMMIT}\ntrust_remote_code: true\n",
        "model: org/a\ntrust_remote_code: false\n",
        "model: org/a\ntrust_remote_code:\n",
        "model: org/a\ntrust_remote_code: ${trust}\n",
        "model: org/a\nrevision: ${revision}\ntrust_remote_code: true\n",
        "model: ./local\ntrust_remote_code: true\n",
        "a: {model: org/a}\nb: {trust_remote_code: true}\n",
        "args: [--model, org/a, --no-trust-remote-code]\n",
        "run: vllm serve org/a --trust-remote-code false\n",
        "run: |\n  vllm serve org/a\n  other --trust-remote-code\n",
        f"model: org/a\nrevision: {COMMIT}\ndataset_name: org/d\ntrust_remote_code: true\n",
    ],
)
def test_hfp007_is_silent(text: str) -> None:
    """Code at a commit, code that is not trusted, and the code of something else are no findings."""
    assert findings("HFP007", text) == []


# HFP009: orphan revision


@pytest.mark.parametrize(
    ("text", "key", "place"),
    [
        (f"lr: 1\nmodel_revision: {COMMIT}\n", "model_revision", (2, 17, 40)),
        ("tokenizer_revision: 'abcdef1'\n", "tokenizer_revision", (1, 22, 7)),
        (f"m:\n  revision: {COMMIT}\n  allow_patterns: ['*.json']\n", "revision", (2, 13, 40)),
    ],
)
def test_hfp009_reports_a_commit_of_no_repo(text: str, key: str, place: tuple[int, int, int]) -> None:
    """A commit that can only be of a Hub repo, in a file that names none, pins nothing."""
    assert findings("HFP009", text) == [
        finding(
            "HFP009",
            place,
            f"{key} pins nothing: there is no repo that it could belong to",
            "The id may be misspelled or in another file, and is then not held at this commit.",
            "Write the repo's id beside it, or take it away.",
        )
    ]


@pytest.mark.parametrize(
    "text",
    [
        f"revision: {COMMIT}\n",
        f"repo: https://example.org/x\nrevision: {COMMIT}\n",
        f"git_revision: {COMMIT}\ncommit: {COMMIT}\nsha: {COMMIT}\n",
        "model_revision: main\n",
        "model_revision: '20240501'\n",
        "model_revision: null\n",
        "model_revision: ${revision}\n",
        f"model: org/a\nmodel_revision: {COMMIT}\ntokenizer_revision: {COMMIT}\n",
        f"model: ${{model}}\nmodel_revision: {COMMIT}\n",
        f"model_path: ./a\nmodel_revision: {COMMIT}\n",
        f"a: {{model: org/a}}\nb: {{model_revision: {COMMIT}}}\n",
        f"base: &b {{repo_id: org/a}}\nm:\n  <<: *b\n  revision: {COMMIT}\n  ignore_patterns: x\n",
        f"repo_id: org/a\nkwargs:\n  revision: {COMMIT}\n  ignore_patterns: x\n",
        f"[: \nmodel_revision: {COMMIT}\n",
    ],
)
def test_hfp009_is_silent(text: str) -> None:
    """What may be a revision of something else, or of a repo that is named in any way, is none."""
    assert findings("HFP009", text) == []
