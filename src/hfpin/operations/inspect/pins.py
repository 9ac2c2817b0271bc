"""Inspect what a pin has on disk, and tell who broke what is not whole."""

from __future__ import annotations

from hfpin.dataclass import replace
from hfpin.lock import LockedPin
from hfpin.operations.inspect.files import Files, files_of
from hfpin.operations.inspect.look import look
from hfpin.operations.inspect.values import Fault, Inspection, Trouble
from hfpin.places import Places
from hfpin.snapshot import FileState, size_state


def inspect_pin(places: Places, locked: LockedPin) -> Inspection:
    """Inspect the files that the lock names, as far as they are there. Offline; reads headers only.

    Every fault has a cause: the disk (a purge, an edit), the pin's patterns, or upstream.
    """
    folder = places.snapshot(locked.pin.target)
    files = files_of(folder, (file.path for file in locked.files))
    found = look(files)
    said = {fault.path for fault in found.faults}
    gone = [
        Fault(path=file.path, trouble=Trouble.MISSING, reason="hfpin.lock names it")
        for file in locked.files
        if file.path not in files.sizes and file.path not in said
    ]
    faults, notes = [], list(found.notes)
    for fault in sorted([*gone, *found.faults], key=lambda fault: fault.path):
        cause = _cause(locked, files, fault)
        if fault.trouble is Trouble.LACKS and cause == _UPSTREAM:
            notes.append(f"{fault.path}: {fault.reason}, and the repo has none")
        else:
            faults.append(replace(fault, cause=cause))
    return replace(found, faults=tuple(faults), notes=tuple(notes))


_UPSTREAM = "upstream: the repo is so at this commit"


def _cause(locked: LockedPin, files: Files, fault: Fault) -> str:
    """Tell who did it. The lock knows every file that the patterns keep, and its size."""
    name = locked.pin.name
    for file in locked.files:
        if file.path != fault.path:
            continue
        state, _ = size_state(files.root / file.path, file)
        if state is FileState.MISSING:
            return f"gone from this disk, by a purge or by hand: `hfpin fetch {name}` brings it"
        if state is not FileState.PRESENT:
            return f"changed on this disk: `hfpin verify --repair {name}` brings it anew"
        return _UPSTREAM
    patterns = locked.pin.target.patterns
    if not patterns.keeps(fault.path):
        field = "ignore_patterns" if patterns.allow is None else "allow_patterns"
        return f"the pin's {field}: change them, then `hfpin lock` and `hfpin fetch {name}`"
    if any(one.by == "formats" and fault.path.endswith(one.pattern.lstrip("*")) for one in locked.dropped):
        return f"the pin's formats: change them, then `hfpin lock` and `hfpin fetch {name}`"
    return _UPSTREAM
