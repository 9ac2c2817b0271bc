"""The adapters of a working tree, as a table, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hfpin.operations.adapters import Adapter
from hfpin.report.numbers import counted, human_size
from hfpin.report.pages import told_by
from hfpin.report.safe import safe
from hfpin.span import Position

_HEADER = ("adapter", "kind", "base", "at", "size", "tracked")
_NOTHING = "-"
_SHORT = 8
_WHOLE_FILE = Position(1, 1)


def render_adapters(adapters: Sequence[Adapter]) -> Iterator[str]:
    """Render a row for each adapter, then each finding with what to do."""
    if not adapters:
        yield "No adapter here: no folder has an adapter_config.json."
        return
    rows = [_HEADER, *map(_row, adapters)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADER))]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield safe("  ".join(["", *cells]).rstrip())
    findings = [finding for one in adapters for finding in one.findings]
    for finding in findings:
        where = finding.path if finding.position == _WHOLE_FILE else finding.where
        yield safe(f"{where}: {finding.code} {finding.message}")
        for note in (finding.why, finding.hint, told_by(finding.code)):
            yield safe(f"  = {note}")
    end = f", {counted(len(findings), 'finding')}" if findings else ", no findings"
    yield f"{counted(len(adapters), 'adapter')}{end}."


def _row(one: Adapter) -> tuple[str, ...]:
    config, revision = one.folder.config, one.said("revision")
    rank = config.get("r")
    kind = one.said("peft_type") or _NOTHING
    tracking = {file.tracking for file in one.folder.files if file.name.startswith("adapter_model")}
    return (
        one.folder.path,
        f"{kind} r={rank}" if isinstance(rank, int) else kind,
        one.said("base_model_name_or_path") or _NOTHING,
        (revision or _NOTHING)[:_SHORT],
        human_size(one.size),
        ", ".join(sorted(tracking)) or _NOTHING,
    )
