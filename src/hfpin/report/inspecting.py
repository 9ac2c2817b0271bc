"""What an inspection found: a table for a terminal, or JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from hfpin.operations.inspect import Checkpoint, Fault, Inspection
from hfpin.operations.inspect.scan import Scanned
from hfpin.report.numbers import counted, human_count, human_size
from hfpin.report.safe import safe

_HEADER = ("weights", "format", "files", "tensors", "parameters", "types", "size")
_RIGHT = frozenset({2, 3, 4, 6})
_NOTHING = "-"
_SHOWN = 20  # faults: a set whose shards are all gone may have thousands


def render_inspection(name: str, found: Inspection) -> Iterator[str]:
    """Render the weights, what is wrong with them, and the verdict.

    Args:
        name: What was inspected.
        found: What was found.
    """
    rows = [_HEADER, *map(_row, found.checkpoints)] if found.checkpoints else []
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADER))] if rows else []
    for row in rows:
        cells = (
            cell.rjust(width) if column in _RIGHT else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield safe("  ".join(["", *cells]).rstrip())
    for fault in found.faults[:_SHOWN]:
        yield from _fault(fault)
    if len(found.faults) > _SHOWN:
        yield f"  … and {len(found.faults) - _SHOWN} more"
    for note in found.notes[:_SHOWN]:
        yield safe(f"  note: {note}")
    if found.faults:
        yield safe(f"{name} is not whole: {counted(len(found.faults), 'fault')}.")
    elif found.checkpoints:
        yield safe(f"{name} is whole: every file that is named is there{_headers(found.checkpoints)}.")
    else:
        yield safe(f"{name} holds no weights.")


def _headers(checkpoints: Sequence[Checkpoint]) -> str:
    """What the headers say; a pickle, for one, has none that could be read without running it."""
    closed = sorted({f".{one.format}" for one in checkpoints if one.tensors is None})
    agree = ", and every header agrees" if any(one.tensors is not None for one in checkpoints) else ""
    return f"{agree}; what is in {' and '.join(closed)} was not looked at" if closed else agree


def render_faults(name: str, faults: tuple[Fault, ...]) -> Iterator[str]:
    """Render what keeps a pin from being whole, as `verify` and `fetch` do.

    Args:
        name: The pin.
        faults: What is wrong.
    """
    yield safe(f"{name} is not whole:")
    for fault in faults[:_SHOWN]:
        yield from _fault(fault)
    if len(faults) > _SHOWN:
        yield f"  … and {len(faults) - _SHOWN} more"


def render_scans(scans: Sequence[Scanned]) -> Iterator[str]:
    """Render what each pickle would import, what is dangerous first."""
    for one in scans:
        if one.failed:
            yield safe(f"  {one.path}: could not be scanned to its end")
        for names, what in ((one.dangerous, "dangerous"), (one.unknown, "unknown to the scanner")):
            if names:
                more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
                yield safe(f"  {one.path}: would import {', '.join(names[:_SHOWN])}{more}: {what}")
        if one.is_clean and not one.unknown:
            yield safe(f"  {one.path}: would import {counted(one.harmless, 'name')}, all harmless")


def as_json(name: str, found: Inspection, scans: Sequence[Scanned] | None = None) -> dict[str, Any]:
    """Give an inspection as an object of JSON; `docs/inspect.md` describes it."""
    scanned = {
        one.path: {
            "dangerous": list(one.dangerous),
            "unknown": list(one.unknown),
            "harmless": one.harmless,
            "failed": one.failed,
        }
        for one in scans or ()
    }
    return {
        **({} if scans is None else {"pickles": scanned}),
        "name": name,
        "kind": found.kind,
        "whole": found.is_whole,
        "checkpoints": [
            {
                "name": one.name,
                "format": one.format,
                "files": list(one.files),
                "size": one.size,
                "tensors": one.tensors,
                "parameters": one.parameters,
                "dtypes": dict(one.dtypes),
            }
            for one in found.checkpoints
        ],
        "faults": [
            {"path": one.path, "trouble": one.trouble.value, "reason": one.reason, "cause": one.cause}
            for one in found.faults
        ],
        "notes": list(found.notes),
    }


def _row(one: Checkpoint) -> tuple[str, ...]:
    return (
        one.name,
        one.format,
        str(len(one.files)),
        _NOTHING if one.tensors is None else str(one.tensors),
        human_count(one.parameters) if one.parameters else _NOTHING,
        ", ".join(dtype for dtype, _ in one.dtypes) or _NOTHING,
        human_size(one.size),
    )


def _fault(fault: Fault) -> Iterator[str]:
    yield safe(f"  {fault.path}: {fault.trouble.value}: {fault.reason}")
    if fault.cause:
        yield safe(f"    = {fault.cause}")
