"""What counts as a mention of a Hub repo, and what is read beside it."""

from __future__ import annotations

import pytest

from hfpin.patterns import Patterns
from hfpin.reference import NoSlot, Reference, Status
from hfpin.repo import Repo
from hfpin.scan import Scan, Unreadable, documents, scan
from hfpin.span import Position

COMMIT = "26bca36bde8333b5d7f72e9ed20ccda6a618af24"


def found(text: str) -> list[tuple[str, str | None]]:
    """Give the repos of a file as text, each with its revision."""
    return [(str(one.repo), one.revision) for one in scan("config.yaml", text.encode()).references]


def only(text: str) -> Reference:
    """Give the one reference of a file."""
    (reference,) = scan("config.yaml", text.encode()).references
    return reference


@pytest.mark.parametrize(
    ("text", "references"),
    [
        ("model: org/a\n", [("org/a", None)]),
        ("model: 'org/a'\n", [("org/a", None)]),
        ("MODEL: org/a\n", [("org/a", None)]),
        ("model: https://huggingface.co/org/a\n", [("org/a", None)]),
        ("model: >-\n  org/a\n", [("org/a", None)]),
        ("model: {name: org/a}\n", [("org/a", None)]),
        ("'model': org/a\n", [("org/a", None)]),
        ("repo_id: gpt2\n", [("gpt2", None)]),
        ("base_model: gpt2\n", [("gpt2", None)]),
        ("repo_id: org/a\nrepo_type: dataset\n", [("dataset org/a", None)]),
        ("repo_id: org/a\nrepo_type: kernel\n", [("kernel org/a", None)]),
        ("repo_id: org/a\nrepo_type: other\n", [("org/a", None)]),
        ("model: org/a\nrepo_type: dataset\n", [("org/a", None)]),
        ("dataset_name: org/a\n", [("dataset org/a", None)]),
        ("model: org/a\nrevision: v1\n", [("org/a", "v1")]),
        ("revision: v1\nmodel: org/a\n", [("org/a", "v1")]),
        ("model: org/a\nrevision: 559062e1\n", [("org/a", "559062e1")]),
        ("model: org/a\nmodel_revision: v2\n", [("org/a", "v2")]),
        ("model: org/a\nmodel_revision: v2\nrevision: v1\n", [("org/a", "v1")]),
        ("model_name_or_path: org/a\nmodel_revision: v2\nrevision: v1\n", [("org/a", "v2")]),
        ("model: org/a\nrevision:\nmodel_revision: v2\n", [("org/a", None)]),
        ("model: org/a\nrevision: ' '\n", [("org/a", None)]),
        ("model: org/a\nrevision: [v1]\n", [("org/a", None)]),
        ("model: org/a\nother:\n  revision: v1\n", [("org/a", None)]),
        ("model: org/a\ntokenizer: org/a\nrevision: v1\n", [("org/a", "v1"), ("org/a", None)]),
        ("model: [org/a, ./b, 1, org/c]\n", [("org/a", None), ("org/c", None)]),
        ("- - deep:\n      model: org/a\n", [("org/a", None)]),
        ("? [x]\n: model: org/a\n", [("org/a", None)]),
        ("model: org/a\n---\nmodel: org/b\n", [("org/a", None), ("org/b", None)]),
        ("model: org/b\nmodel: org/a\n", [("org/b", None), ("org/a", None)]),
        ("x: &x org/a\nmodel: *x\n", [("org/a", None)]),
        ("x: &x v1\nmodel: org/a\nrevision: *x\n", [("org/a", "v1")]),
        ("x: &x {revision: v1}\ny: {<<: *x, model: org/a}\n", [("org/a", "v1")]),
        ("x: &x {revision: v1}\ny: {<<: *x, model: org/a, revision: null}\n", [("org/a", None)]),
        ("x: &x {model: org/a}\ny: {<<: *x, revision: v1}\nz: *x\n", [("org/a", None)]),
    ],
)
def test_a_repo_is_found_with_its_revision(text: str, references: list[tuple[str, str | None]]) -> None:
    """Each mention is found once, where it is written, with the revision that its program would read."""
    assert found(text) == references


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# model: org/a\n",
        "text: |\n  model: org/a\n",
        "name: org/a\n",
        "hub_model_id: org/a\n",
        "type: gpt2\n",
        "model: ./org/a\n",
        "model: ../a\n",
        "model: /org/a\n",
        "model: ~/a\n",
        "model: org/a/b\n",
        "model: gs://org/a\n",
        "model: ${org}/a\n",
        "model: '{{ org }}/a'\n",
        "model: data/a\n",
        "model: Models/a\n",
        "model: org/a.safetensors\n",
        "model: org/a.GGUF\n",
        "model: null\n",
        "base_model: null\n",
        "base_model: None\n",
        "base_model: false\n",
        "base_model: 1\n",
        "base_model: 1.5\n",
        "base_model: model.gguf\n",
        "base_model: output\n",
        "model: org/a b\n",
        "x: &x [org/a]\n",
    ],
)
def test_what_is_no_mention_is_passed_over(text: str) -> None:
    """Comments, prose, paths, URLs, placeholders and other people's keys are left alone."""
    assert found(text) == []


def test_a_reference_says_all_that_stands_beside_it() -> None:
    """The recommended form, read in full: snapshot_download's own arguments."""
    text = (
        "models:\n  mistral:\n    repo_id: 'mistralai/Mistral-7B-v0.1'  # größe\n"
        f"    revision: {COMMIT}  # v0.1\n    ignore_patterns: ['*.h5', '*.msgpack']\n"
        "    allow_patterns: '*.json'\n    local_dir: data/mistral\n"
    )
    reference = only(text)
    source = scan("config.yaml", text.encode()).source
    assert source is not None
    assert reference.revision_span is not None
    assert (source.slice(reference.span), source.slice(reference.revision_span)) == (
        "mistralai/Mistral-7B-v0.1",
        COMMIT,
    )
    assert (reference.repo, reference.key, reference.name) == (
        Repo("mistralai/Mistral-7B-v0.1"),
        "repo_id",
        "mistral",
    )
    assert (reference.revision, reference.requested, reference.status) == (COMMIT, "v0.1", Status.COMMIT)
    assert reference.patterns == Patterns(allow=("*.json",), ignore=("*.h5", "*.msgpack"))
    assert (reference.local_dir, reference.where) == ("data/mistral", "config.yaml:3:15")


@pytest.mark.parametrize("key", ["model", "model_name_or_path", "dataset_path"])
def test_only_the_recommended_form_declares(key: str) -> None:
    """Beside another program's key, a pattern or a folder means what that program makes of it."""
    reference = only(f"x:\n  {key}: org/a\n  local_dir: d\n  allow_patterns: ['*']\n")
    assert (reference.name, reference.local_dir, reference.patterns) == (None, None, Patterns())


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("models:\n  tiny: {repo_id: org/a}\n", "tiny"),
        ("tiny:\n  repo_id: org/a\n", "tiny"),
        ("repo_id: org/a\n", None),
        ("models:\n- repo_id: org/a\n", None),
    ],
)
def test_a_name_is_the_mapping_key_above(text: str, name: str | None) -> None:
    """What the file calls a repo is the key of its mapping; a list, or the file itself, gives no name."""
    assert only(text).name == name


@pytest.mark.parametrize(
    ("written", "allow"),
    [
        ("", None),
        ("allow_patterns:\n", None),
        ("allow_patterns: []\n", ()),
        ("allow_patterns: a\n", ("a",)),
        ("allow_patterns:\n- a\n- 'b'\n", ("a", "b")),
        ("allow_patterns: {a: b}\n", None),
        ("<<: {allow_patterns: [a]}\n", ("a",)),
    ],
)
def test_patterns_are_read_as_snapshot_download_takes_them(
    written: str, allow: tuple[str, ...] | None
) -> None:
    """One pattern or a list of them; none is not the same as an empty list."""
    assert only(f"repo_id: org/a\n{written}").patterns == Patterns(allow=allow)


@pytest.mark.parametrize(
    ("revision", "status"),
    [
        ("", Status.UNPINNED),
        ("main", Status.NAMED),
        ("v1", Status.NAMED),
        (COMMIT, Status.COMMIT),
        (COMMIT[:8], Status.COMMIT),
        (COMMIT.upper(), Status.COMMIT),
    ],
)
def test_a_status_is_how_the_revision_is_spelled(revision: str, status: Status) -> None:
    """A commit counts as one even where it is abbreviated: what is wrong with that is a rule's matter."""
    assert only(f"model: org/a\nrevision: {revision}\n").status is status


def test_an_item_of_a_list_has_no_revision() -> None:
    """A list leaves no room for one, and the reference says what would."""
    reference = only("model:\n  - 'org/a'\n")
    assert (reference.revision, reference.position) == (None, Position(2, 6))
    assert reference.slot == NoSlot(
        reason="the item of a list cannot carry a revision",
        hint="Declare it in a mapping of its own (repo_id, revision, local_dir), and name that folder here.",
    )


@pytest.mark.parametrize(
    ("data", "unreadable"),
    [
        (b"a: 1\nb: \xff\n", Unreadable(reason="byte 8 is not UTF-8", position=Position(2, 1))),
        (
            b"a: [1\n",
            Unreadable(
                reason="while parsing a flow sequence did not find expected ',' or ']'",
                position=Position(2, 1),
            ),
        ),
    ],
)
def test_a_file_that_cannot_be_read_says_why(data: bytes, unreadable: Unreadable) -> None:
    """Not being readable is a value, with a place; comparing such a file is an error."""
    scanned = scan("config.yaml", data)
    assert (scanned.unreadable, scanned.references) == (unreadable, ())
    with pytest.raises(ValueError, match=r"^config\.yaml cannot be read: "):
        documents("config.yaml", data)


@pytest.mark.parametrize("path", ["a.yaml", "a.yml", "a", "a.txt"])
def test_a_file_of_no_known_kind_is_read_as_yaml(path: str) -> None:
    """Whoever names a file means it to be read."""
    scanned: Scan = scan(path, b"model: org/a\n")
    assert [(one.path, str(one.repo)) for one in scanned.references] == [(path, "org/a")]


@pytest.mark.parametrize(
    "text",
    [
        "run: vllm serve acme/chess-\n",
        "run: |\n  vllm serve acme/chess- 7b\n",
        "auto_map: {AutoModel: acme/x-----a.B}\n",
    ],
)
def test_what_only_looks_like_an_id_stops_nothing(text: str) -> None:
    """A command cut in two, say: no repo has such a name, and the rest of the file is read."""
    (reference,) = scan("config.yaml", f"{text}---\nmodel: org/a\n".encode()).references
    assert reference.repo == Repo("org/a")
