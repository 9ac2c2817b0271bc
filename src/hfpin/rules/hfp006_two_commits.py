"""HFP006: one repo at two commits in one project."""

from __future__ import annotations

from collections.abc import Iterator

from hfpin.finding import Finding
from hfpin.repo import Repo, is_commit
from hfpin.rules.at import revision_position, short
from hfpin.rules.rule import Context, Examined, Rule, Watch


class _Watch:
    """Keeps where each repo was first seen at a commit: the files come in the order of their paths."""

    def __init__(self) -> None:
        self._first: dict[Repo, tuple[str, str]] = {}

    def file(self, examined: Examined) -> Iterator[Finding]:
        """Compare with what was first seen; a mention that may differ is no measure for others."""
        scan = examined.scan
        meant = {ignore.line for ignore in scan.ignores if RULE.code in ignore.codes}
        for reference in scan.references:
            revision = reference.revision
            if revision is None or not is_commit(revision):
                continue
            position = revision_position(scan, reference)
            if position.line in meant:
                first = self._first.get(reference.repo, (revision, ""))
            else:
                where = f"{reference.path}:{position.line}:{position.column}"
                first = self._first.setdefault(reference.repo, (revision, where))
            if first[0] != revision:
                yield Finding(
                    code=RULE.code,
                    path=reference.path,
                    position=position,
                    width=len(revision),
                    message=f"{reference.repo} is at {short(revision)} here and at {short(first[0])} "
                    f"in {first[1]}",
                    why="Two parts of one project may not use the same weights.",
                    hint="Write the same commit in both, or say that it is meant: "
                    f"# hfpin: ignore[{RULE.code}] and why.",
                )

    def end(self) -> Iterator[Finding]:
        """Say nothing: each mention was said when it was seen."""
        yield from ()


def _start(context: Context) -> Watch:
    del context
    return _Watch()


RULE = Rule(code="HFP006", title="two commits", start=_start, sees_other_files=True)
