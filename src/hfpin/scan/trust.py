"""Where a file lets a repo's own code run: `trust_remote_code`, of transformers, vLLM, lm-eval and others."""

from __future__ import annotations

import re

from hfpin.reference import Trust
from hfpin.scan.candidate import Candidate
from hfpin.scan.mentions import Form
from hfpin.scan.places import Block
from hfpin.scan.tree import Scalar, resolve
from hfpin.span import SourceText

_KEY = "trust_remote_code"
_CODE_REVISION = "code_revision"
_TRUE = ("true", "yes", "on", "1")
_IN_TEXT = re.compile(
    r"(?<!no-)(?<!no_)trust[_-]remote[_-]code(?:=true|(?=[\s,'\"]|$)(?!\s+false))", re.IGNORECASE
)
_REVISION_IN_TEXT = re.compile(r"code[_-]revision[=\s]+(?P<revision>[\w./-]+)")
_ARGUMENTS = (Form.FLAG, Form.COMMAND, Form.ARGUMENT)
_MOST_ITEMS = 200
_LONGEST = 2000
"""How much is read for each id in it: nobody's command is longer, and the time this takes stays linear."""


def find_trust(source: SourceText, candidate: Candidate) -> Trust | None:
    """Tell where the code of a candidate's repo is trusted: in its own arguments, or beside it."""
    place = candidate.place
    if candidate.mention.form in _ARGUMENTS:
        items = (place.node,) if place.index is None or place.frame.items is None else place.frame.items.items
        scalars = (resolve(item) for item in items[:_MOST_ITEMS])
        found = (_in_text(source, scalar) for scalar in scalars if isinstance(scalar, Scalar))
        return next((trust for trust in found if trust is not None), None)
    return None if candidate.block is None else _beside(source, candidate, candidate.block)


def _beside(source: SourceText, candidate: Candidate, block: Block) -> Trust | None:
    if "data" in candidate.key and len(block.loading) > (candidate.key in block.loading):
        return None  # it is the code of the model beside it that is trusted
    for around in (block, *block.keyword_arguments):
        _, node = around.values.get(_KEY, ("", None))
        value = resolve(node)
        if isinstance(value, Scalar) and value.value.lower() in _TRUE:
            revisions = (inner.texts.get(_CODE_REVISION) for inner in (block, *block.keyword_arguments))
            return Trust(
                position=source.position(value.inner.start),
                width=len(value.value),
                code_revision=next((one for one in revisions if one is not None), None),
            )
    return None


def _in_text(source: SourceText, scalar: Scalar) -> Trust | None:
    text = source.slice(scalar.inner) if len(scalar.value) <= _LONGEST else ""
    match = _IN_TEXT.search(text)
    if match is None:
        return None
    revision = _REVISION_IN_TEXT.search(text)
    return Trust(
        position=source.position(scalar.inner.start + len(text[: match.start()].encode("utf-8"))),
        width=len(match[0]),
        code_revision=revision["revision"] if revision is not None else None,
    )
