"""Say why a value was taken for a repo id, or was not."""

from __future__ import annotations

from pathlib import Path

from hfpin.dataclass import dataclass
from hfpin.errors import ConfigError
from hfpin.operations.project import read_file
from hfpin.reference import Reference
from hfpin.scan import judged, scan
from hfpin.scan.evidence import Verdict
from hfpin.span import Position
from hfpin.vocabulary import NOTHING, Taught


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A text that could be a repo id, and what is thought of it.

    Args:
        repo_id: The text.
        position: Where it starts.
        verdict: The evidence, and what it comes to.
        reference: What it became; None where it was not taken.
    """

    repo_id: str
    position: Position
    verdict: Verdict
    reference: Reference | None


def explain(path: Path, line: int, taught: Taught = NOTHING) -> tuple[Explained, ...]:
    """Explain every text of a line that could be a repo id.

    Args:
        path: The file.
        line: Counted from 1.
        taught: What the project says about its own keys and values.

    Raises:
        ConfigError: The file cannot be opened, is not UTF-8, or has no such line.
    """
    data = read_file(path, path.as_posix())
    try:
        source, candidates = judged(path.as_posix(), data, taught)
    except UnicodeDecodeError:
        raise ConfigError(f"{path.as_posix()} is not UTF-8", hint="Save it as UTF-8.") from None
    last = source.position(len(data)).line
    if not 1 <= line <= last:
        raise ConfigError(f"{path.as_posix()} has no line {line}", hint=f"Its last is {last}.")
    references = {one.span: one for one in scan(path.as_posix(), data, taught).references}
    explained = []
    for one in candidates:
        position = source.position(one.span.start)
        if position.line == line:
            explained.append(
                Explained(
                    repo_id=one.candidate.mention.repo_id,
                    position=position,
                    verdict=one.verdict,
                    reference=references.get(one.span) if one.verdict.is_taken else None,
                )
            )
    return tuple(explained)
