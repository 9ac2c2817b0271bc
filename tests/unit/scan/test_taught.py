"""What a project teaches: its own keys, their revisions, and what is no Hub repo."""

from __future__ import annotations

import pytest

from hfpin.reference import NoSlot
from hfpin.scan import scan
from hfpin.vocabulary import Taught

COMMIT = "26bca36bde8333b5d7f72e9ed20ccda6a618af24"
BACKBONE = Taught(model_keys={"backbone_file": None})
WITH_REVISION = Taught(model_keys={"backbone_file": "backbone_tag"})


def found(text: str, taught: Taught, path: str = "config.yaml") -> list[tuple[str, str | None]]:
    """Each reference and its revision."""
    return [(str(one.repo), one.revision) for one in scan(path, text.encode(), taught).references]


@pytest.mark.parametrize(
    ("taught", "text", "references"),
    [
        (BACKBONE, "backbone_file: org/a\n", [("org/a", None)]),
        (BACKBONE, "nested:\n- {backbone-file: 'org/a', revision: v1}\n", [("org/a", "v1")]),
        (BACKBONE, "provider: openai\nbackbone_file: org/a\n", [("org/a", None)]),
        (BACKBONE, "cmd: run --backbone-file org/a\n", [("org/a", None)]),
        (WITH_REVISION, f"backbone_file: org/a\nbackbone_tag: {COMMIT}\n", [("org/a", COMMIT)]),
        (WITH_REVISION, f"backbone_file: org/a\nrevision: {COMMIT}\n", [("org/a", COMMIT)]),
        (Taught(model_keys={"output": None}), "output: org/a\n", [("org/a", None)]),
        (Taught(dataset_keys={"bench": None}), "bench: org/d\n", [("dataset org/d", None)]),
        (Taught(revision_keys=("frozen_at",)), "model: org/a\nfrozen_at: v1\n", [("org/a", "v1")]),
        (Taught(ignore_values=("corp/*",)), "model: corp/a\ntokenizer: org/b\n", [("org/b", None)]),
    ],
)
def test_what_is_taught_is_found(taught: Taught, text: str, references: list[tuple[str, str | None]]) -> None:
    """A taught key names a repo, a taught revision key pins one, an ignored value is none."""
    assert found(text, taught) == references
    assert found(text, Taught()) != references


@pytest.mark.parametrize(
    "text",
    [
        "backbone_file: ./org/a\n",
        "backbone_file: ${org}/a\n",
        "backbone_file: resnet50\n",
        "backbone_file: checkpoints/a\n",
        "other_file: org/a\n",
        "# backbone_file: org/a\n",
    ],
)
def test_a_taught_key_is_not_believed_against_the_value(text: str) -> None:
    """Paths, placeholders and plain words stay what they are, and so do other keys."""
    assert found(text, BACKBONE) == []


def test_the_taught_revision_key_is_written() -> None:
    """Where the project says which key carries the revision, there is a place to write it."""
    (reference,) = scan("config.json", b'{"backbone_file": "org/a"}', WITH_REVISION).references
    assert not isinstance(reference.slot, NoSlot)
    assert reference.slot.key_path == (0, "backbone_tag")


def test_without_one_the_settings_are_asked_for() -> None:
    """Where it does not, the reason and the hint name the setting."""
    (reference,) = scan("config.yaml", b"backbone_file: org/a\n", BACKBONE).references
    assert reference.slot == NoSlot(
        reason="[tool.hfpin] does not say which key carries the revision of 'backbone_file'",
        hint='Say it there: model-keys = { backbone_file = "…" }.',
    )
