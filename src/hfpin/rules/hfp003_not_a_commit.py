"""HFP003: a tag or a branch where the project wants a commit: `require = "commit"`."""

from __future__ import annotations

from collections.abc import Iterator

from hfpin.finding import Finding
from hfpin.repo import RevisionKind, revision_kind
from hfpin.rules.at import mending_hint, revision_position, shown
from hfpin.rules.rule import Context, EachFile, Examined, Rule, Watch


def _start(context: Context) -> Watch:
    return EachFile(_check if context.config.require == "commit" else _nothing)


def _nothing(examined: Examined) -> Iterator[Finding]:
    del examined
    yield from ()


def _check(examined: Examined) -> Iterator[Finding]:
    for reference in examined.scan.references:
        revision = reference.revision
        if revision is None or reference.reads_as or revision_kind(revision) is not RevisionKind.NAMED:
            continue
        yield Finding(
            code=RULE.code,
            path=reference.path,
            position=revision_position(examined.scan, reference),
            width=len(revision),
            message=f"{reference.repo} is at {shown(revision)}, which is not a commit",
            why="A tag or a branch can be moved; this project requires commits.",
            hint=mending_hint(reference, f"writes the commit of {shown(revision)}"),
        )


RULE = Rule(code="HFP003", title="not a commit", start=_start)
