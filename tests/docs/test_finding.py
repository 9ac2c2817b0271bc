"""docs/finding.md describes every piece of evidence, and its examples are true."""

from __future__ import annotations

import re

import pytest

from hfpin.config import loads
from hfpin.operations.project import Project
from hfpin.places import Places
from hfpin.scan import judged
from hfpin.scan.evidence import PIECES, VETO, Piece
from tests.docs.pages import ROOT, fences

PAGE = ROOT / "docs" / "finding.md"
HEADING = re.compile(r"^### ([a-z-]+) \((.+)\)$", re.MULTILINE)


def pieces(text: str) -> set[str]:
    """Give the pieces that speak in a YAML text of the project whose settings the page shows."""
    (settings,) = (fence.body for fence in fences(PAGE) if fence.info == "toml")
    project = Project(config=loads(settings), places=Places(root=ROOT, cache=ROOT))
    _, found = judged("some.yaml", text.encode(), project.taught)
    return {evidence.name for one in found for evidence in one.verdict.evidence}


def test_every_piece_is_described() -> None:
    """Each has a heading with its weight, in the order that they are looked at."""
    written = HEADING.findall(PAGE.read_text(encoding="utf-8"))
    weights = {VETO: "never"}
    assert written == [(one.name, weights.get(one.weight, f"{one.weight:+}")) for one in PIECES]


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: piece.name)
def test_examples(piece: Piece) -> None:
    """Each has an example where it speaks and one where it is silent."""
    text = PAGE.read_text(encoding="utf-8")
    starts = {match[1]: text.count("\n", 0, match.start()) + 1 for match in HEADING.finditer(text)}
    start = starts[piece.name]
    end = min((line for line in starts.values() if line > start), default=text.count("\n") + 1)
    own = [fence for fence in fences(PAGE) if start < fence.line < end]
    assert [fence.info for fence in own] == ["yaml speaks", "yaml silent"]
    assert [piece.name in pieces(fence.body) for fence in own] == [True, False]


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: piece.name)
def test_what_a_piece_saw_is_said(piece: Piece) -> None:
    """Its function says in a line what it is, and what it gives is a few words."""
    assert piece.look.__doc__ is not None
    assert len(piece.look.__doc__.splitlines()) == 1
