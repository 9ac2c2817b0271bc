"""What the doctor found, as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hfpin.operations.doctor import Advice, Facts
from hfpin.report.numbers import counted, human_size


def render_doctor(facts: Facts, advice: Sequence[Advice]) -> Iterator[str]:
    """Render what was looked at, each thing that needs doing with why and how, and the count."""
    yield f"cache  {facts.cache_dir} ({facts.file_system or 'file system unknown'})"
    for room in facts.rooms:
        yield f"disk   {human_size(room.free)} free, {human_size(room.needed)} to fetch: {room.place}"
    yield f"token  {'found' if facts.has_token else 'none'}"
    yield ""
    for one in advice:
        yield one.seen
        yield f"  = {one.why}"
        yield f"  = {one.todo}"
        yield ""
    yield f"{counted(len(advice), 'thing')} to do." if advice else "Nothing needs doing."
