"""What a removal takes away, as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from hfpin.operations.remove import Removal
from hfpin.report.numbers import counted, human_size


def render_removal(removal: Removal, *, dry_run: bool) -> Iterator[str]:
    """Render every file that goes with the bytes that it frees, every one that stays, and the sum.

    Args:
        removal: What was decided.
        dry_run: Whether it is only shown.
    """
    name = removal.locked.pin.name
    verb = "would remove" if dry_run else "remove"
    for path, size in removal.files:
        yield f"   {verb}  {path}  ({human_size(size)})" if size else f"   {verb}  {path}"
    for path, why in removal.kept:
        yield f"   keep  {path}: {why}"
    if not removal.files:
        yield f"   {name}  nothing to remove"
    elif dry_run:
        yield f"   {name}  would free {human_size(removal.size)}, {counted(len(removal.files), 'name')}"
    else:
        yield f"   {name}  frees {human_size(removal.size)}, {counted(len(removal.files), 'name')}"
