"""What a project says is meant stays: pinning leaves it, and a lock does not wait for it."""

from __future__ import annotations

import pytest

from hfpin.config import Config
from hfpin.operations.declared import read_declaration
from hfpin.operations.project import Project
from hfpin.rules.meant import meant
from hfpin.rules.selection import CODES
from hfpin.scan import scan
from tests.support import ResearchRepo

COMMIT = "26bca36bde8333b5d7f72e9ed20ccda6a618af24"


@pytest.mark.parametrize(
    ("text", "off"),
    [
        ("model: org/a  # hfpin: ignore[HFP001] why\n", ""),
        ("model: org/a\nrevision: main  # hfpin: ignore[HFP002] why\n", ""),
        ("model: org/a\n# hfpin: ignore[HFP002] why\nrevision: main\n", ""),
        ("model: org/a\nrevision: v1  # hfpin: ignore[HFP003] why\n", ""),
        ("model: org/a\nrevision: abcdef1  # hfpin: ignore[HFP004] why\n", ""),
        ("model: org/a\n", "HFP001"),
        ("model: org/a\nrevision: main\n", "HFP002"),
    ],
)
def test_what_is_ignored_or_off_is_meant(text: str, off: str) -> None:
    """By a comment where the rule would speak, or because the rule is off for the file."""
    scanned = scan("a.yaml", text.encode())
    assert meant(scanned, CODES - {off}) == {one.span for one in scanned.references}


@pytest.mark.parametrize(
    "text",
    [
        "model: org/a\n",
        "model: org/a  # hfpin: ignore[HFP002] why\n",
        "model: org/a  # hfpin: ignore[HFP002] why\nrevision: main\n",
        f"model: org/a\nrevision: {COMMIT}  # hfpin: ignore[HFP006] why\n",
    ],
)
def test_another_rule_or_another_line_says_nothing(text: str) -> None:
    """An ignore of something else leaves the reference to be pinned."""
    assert meant(scan("a.yaml", text.encode()), CODES) == frozenset()


def test_a_lock_does_not_wait_for_what_is_meant(repo: ResearchRepo) -> None:
    """It is left out and said so, as what another program fills in is."""
    repo.write(
        "config.yaml",
        "- {repo_id: org/a, revision: main}  # hfpin: ignore[HFP002] why\n"
        "- {repo_id: org/b, revision: main}\n"
        "- {repo_id: org/c, revision: v1}\n",
    )
    for config, loose, skipped in (
        (Config(), ["org/b"], ["org/a"]),
        (Config(per_file_ignores=(("config.yaml", ("HFP002",)),)), [], ["org/a", "org/b"]),
    ):
        declared = read_declaration(Project(config=config, places=repo.places))
        assert [one.repo.repo_id for one in declared.references] == ["org/c"]
        assert [one.repo.repo_id for one in declared.loose] == loose
        assert [one.repo.repo_id for one in declared.skipped] == skipped
