"""Where a revision goes. What comes of writing it there is in test_splicing.py."""

from __future__ import annotations

import pytest

from hfpin.reference import Slot
from hfpin.scan import scan
from hfpin.span import Span

COMMIT = "26bca36bde8333b5d7f72e9ed20ccda6a618af24"


@pytest.mark.parametrize(
    ("text", "slot"),
    [
        (
            "model: org/a\n",
            Slot(
                span=Span(12, 12), prefix="\nrevision: ", suffix="", key_path=(0, "revision"), comment_at=12
            ),
        ),
        (
            "base_model: org/a  # why\n",
            Slot(
                span=Span(24, 24),
                prefix="\nrevision_of_model: ",
                suffix="",
                key_path=(0, "revision_of_model"),
                comment_at=24,
            ),
        ),
        (
            '- x:\n    - "model": org/a\r\n',
            Slot(
                span=Span(25, 25),
                prefix='\n      "revision": "',
                suffix='"',
                key_path=(0, 0, "x", 0, "revision"),
                comment_at=25,
            ),
        ),
        (
            "{model: org/a, b: 1}\n",
            Slot(
                span=Span(13, 13), prefix=", revision: ", suffix="", key_path=(0, "revision"), comment_at=None
            ),
        ),
        (
            "[{'model': 'org/a'}]  # why",
            Slot(
                span=Span(18, 18),
                prefix=", 'revision': '",
                suffix="'",
                key_path=(0, 0, "revision"),
                comment_at=20,
            ),
        ),
        (
            "model: org/a\nrevision: 'main' # why\n",
            Slot(span=Span(23, 29), prefix="'", suffix="'", key_path=(0, "revision"), comment_at=29),
        ),
        (
            "model: org/a\nrevision:\n",
            Slot(span=Span(22, 22), prefix=" ", suffix="", key_path=(0, "revision"), comment_at=22),
        ),
        (
            "model: org/a\nmodel_revision: main\n",
            Slot(span=Span(29, 33), prefix="", suffix="", key_path=(0, "model_revision"), comment_at=33),
        ),
    ],
)
def test_a_slot_is_beside_the_id(text: str, slot: Slot) -> None:
    """A revision goes over the one that is there, or next to the id, in the style of the id's key."""
    (reference,) = scan("config.yaml", text.encode()).references
    assert reference.slot == slot


@pytest.mark.parametrize(
    ("comment", "requested"),
    [
        ("", None),
        ("  # v0.1", "v0.1"),
        (" #v0.1", "v0.1"),
        ("  # frozen: v0.1", "v0.1"),
        ("  # main, 2024-07-24", "main"),
        ("  # main; 2024-07-24", "main"),
        ("  # main # why", "main"),
        ("  # refs/pr/1", "refs/pr/1"),
        ("  # größe", "größe"),
        ("  # the one that works", None),
        ("  #", None),
        ("  # , main", None),
        ("#v0.1", None),  # YAML wants a space before a comment; libyaml does not
    ],
)
def test_a_comment_says_what_a_commit_was_asked_for_as(comment: str, requested: str | None) -> None:
    """One word after a commit is a branch or tag; a sentence is a sentence."""
    for text in (
        f"model: org/a\nrevision: '{COMMIT}'{comment}\r\n",
        f"{{model: org/a, revision: '{COMMIT}'}}{comment}",
    ):
        (reference,) = scan("config.yaml", text.encode()).references
        assert reference.requested == requested


@pytest.mark.parametrize(
    ("top", "entry", "prefix"),
    [
        ("base_model: org/a\nsequence_len: 2048\n", "path: org/d\n    type: alpaca", "\n    revision: "),
        ("base_model: org/a\n", "path: org/d\n    type: alpaca", None),
        ("sequence_len: 2048\n", "path: org/d\n    type: alpaca", None),
        ("base_model: org/a\nsequence_len: 2048\n", "name: org/d\n    path: json", None),
    ],
)
def test_axolotl_reads_a_revision_beside_the_path_of_a_dataset(
    top: str, entry: str, prefix: str | None
) -> None:
    """In its configs it is written there; of another program with such a list nothing is known."""
    found = scan("a.yaml", f"{top}datasets:\n  - {entry}\n".encode()).references
    (slot,) = (one.slot for one in found if one.repo.repo_id == "org/d")
    assert (slot.prefix if isinstance(slot, Slot) else None) == prefix
