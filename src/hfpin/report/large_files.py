"""What to do about weights that are staged for git."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from hfpin.operations.large_files import Large
from hfpin.report.numbers import counted, human_size
from hfpin.report.safe import safe

_WHY: Mapping[str, str] = MappingProxyType(
    {
        "pinned": "this is {note}: pin it instead of committing it",
        "dvc": "{note} tracks it: git must not have it as well",
        "attributes": ".gitattributes sends it to Git LFS, and its bytes are staged all the same",
        "nothing": "neither Git LFS nor DVC has it",
        "largefiles": "git cannot push more than 5 GB to the Hub without lfs-enable-largefiles",
    }
)


def render_large(found: Sequence[Large], *, at_top: bool) -> Iterator[str]:
    """Render each file, what is the matter, and the lines to run.

    Args:
        found: The files.
        at_top: Whether one stands at the top of the working tree, which names and lines are relative to.
    """
    for one in found:
        yield safe(f"{one.path}: {human_size(one.size)}, {one.kind}")
        yield safe(f"  = {_WHY[one.why].format(note=one.note)}")
        for command in one.commands:
            yield safe(f"    {command}")
    if found:
        if not at_top:
            yield 'Names are those from the top of the repository: cd "$(git rev-parse --show-toplevel)"'
        yield f"{counted(len(found), 'file')} of weights should not be committed like this."
