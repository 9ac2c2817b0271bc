"""Where a file lets a repo's own code run: `trust_remote_code`, of transformers, vLLM, lm-eval and others."""

from __future__ import annotations

import re

from hfpin.reference import Trust
from hfpin.regex import lazily
from hfpin.scan.block import Block
from hfpin.scan.judging import Judged
from hfpin.scan.mentions import Form
from hfpin.scan.tree import Scalar, resolve
from hfpin.span import SourceText, Span

_KEY = "trust_remote_code"
_CODE_REVISION = "code_revision"
_TRUE = ("true", "yes", "on", "1")
_IN_TEXT = lazily(
    rb"(?<!no-)(?<!no_)trust[_-]remote[_-]code(?:=true|(?=[\s,'\"]|$)(?!\s+false))", re.IGNORECASE
)
_REVISION_IN_TEXT = lazily(rb"code[_-]revision[=\s]+(?P<revision>[\w./-]+)")
_COMMAND_END = lazily(rb"(?<!\\)\r?\n")
_ARGUMENTS = (Form.FLAG, Form.COMMAND, Form.ARGUMENT)
_MOST_ITEMS = 200
_BEFORE, _AFTER = 300, 1500
"""How much is read for each id in a list or a text: nobody's command is longer, and the time stays linear."""


def find_trust(source: SourceText, judged: Judged) -> Trust | None:
    """Tell where the code of a repo is trusted: in the arguments that its id is one of, or beside it."""
    candidate, place = judged.candidate, judged.candidate.place
    if candidate.mention.form in _ARGUMENTS:
        items = place.frame.items
        if place.index is None or items is None:
            return _in_span(source, _command(source, judged.span))
        scalars = (item for item in map(resolve, items.items[:_MOST_ITEMS]) if isinstance(item, Scalar))
        found = (_in_span(source, one.inner) for one in scalars if "remote" in one.value.lower())
        return next((trust for trust in found if trust is not None), None)
    return None if candidate.block is None else _beside(source, candidate.key, candidate.block)


def _beside(source: SourceText, key: str, block: Block) -> Trust | None:
    if "data" in key and len(block.loading) > (key in block.loading):
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
    flag = block.trusting_flag
    return None if flag is None else _in_span(source, flag.inner)


def _command(source: SourceText, span: Span) -> Span:
    """The bytes of the command around an id: its line, and those that a backslash joins to it."""
    first = max(0, span.start - _BEFORE)
    start = max(first, source.data.rfind(b"\n", first, span.start) + 1)
    end = _COMMAND_END.search(source.data, span.end, span.end + _AFTER)
    return Span(start, end.start() if end is not None else min(span.end + _AFTER, len(source.data)))


def _in_span(source: SourceText, span: Span) -> Trust | None:
    end = min(span.end, span.start + _BEFORE + _AFTER)
    match = _IN_TEXT.search(source.data, span.start, end)
    if match is None:
        return None
    revision = _REVISION_IN_TEXT.search(source.data, span.start, end)
    return Trust(
        position=source.position(match.start()),
        width=len(match[0]),
        code_revision=revision["revision"].decode() if revision is not None else None,
    )
