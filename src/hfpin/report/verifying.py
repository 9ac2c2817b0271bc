"""What `verify` found, as a table for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hfpin.operations.verify import Fault, Verified
from hfpin.report.numbers import counted, human_size
from hfpin.report.safe import safe
from hfpin.snapshot import FileState

_SHORT = 8
_SHOWN = 5  # of the files that nobody's lock names, where they are nobody's fault


def render_verified(results: Sequence[Verified], *, quick: bool = False) -> Iterator[str]:
    """Render every file that is not what the lock says, those that nothing explains, and the count.

    Args:
        results: What `verify` gave.
        quick: Whether only names and sizes were compared.
    """
    rows = [row for result in results for row in _rows(result)]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    for name, path, what, detail in rows:
        yield safe(f"  {name:<{widths[0]}}  {path:<{widths[1]}}  {what:<{widths[2]}}  {detail}".rstrip())
    files = sum(len(result.locked.files) for result in results)
    faults = sum(len(result.faults) for result in results)
    if faults:
        yield f"{faults} of {files} files are not what hfpin.lock says."
        if any(map(_may_be_edited, results)):
            yield "In a local_dir nothing that was changed by hand is replaced: move such a file away first."
    else:
        size = human_size(sum(result.locked.size for result in results))
        what = "every name and size" if quick else "every byte"
        yield f"{counted(files, 'file')}, {size}: {what} as in hfpin.lock."
    intruders = sum(len(result.intruders) for result in results)
    if intruders:
        yield (
            f"{counted(intruders, 'file')} in the cache that hfpin.lock does not name, "
            "in the folder of a commit: move elsewhere what is not of it."
        )


def _may_be_edited(result: Verified) -> bool:
    """Whether a file is wrong where people work on them, so that fetching it may be refused."""
    is_local = result.locked.pin.target.local_dir is not None
    return is_local and any(fault.state is not FileState.MISSING for fault in result.faults)


def _rows(result: Verified) -> Iterator[tuple[str, str, str, str]]:
    name = result.locked.pin.name
    for fault in result.faults:
        yield name, fault.file.path, *_fault(fault)
    shown = result.intruders or result.extra[:_SHOWN]
    for path in shown:
        yield name, path, "extra", "not in hfpin.lock"
    if len(result.extra) > len(shown):
        yield name, "…", "extra", f"{counted(len(result.extra) - len(shown), 'more file')} not in hfpin.lock"


def _fault(fault: Fault) -> tuple[str, str]:
    size = human_size(fault.file.size)
    if fault.state is FileState.DIGEST:
        return "differs", f"{fault.file.digest.hex[:_SHORT]}… expected, {(fault.found or '')[:_SHORT]}… found"
    if fault.state is FileState.SIZE:
        return "differs", f"{fault.file.size} bytes expected, {fault.found} found"
    if fault.state is FileState.NOT_A_FILE:
        return "differs", "it is no file"
    if fault.state is FileState.UNREADABLE:
        return "unreadable", f"({fault.found})"
    return "missing", f"({size})"
