"""What `init` found and added, as lines for a terminal."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from itertools import islice

from hfpin.operations.init import Initialized
from hfpin.reference import Status
from hfpin.report.numbers import counted
from hfpin.report.references import render_table

_MOST, _MOST_NAMED = 20, 3


def render_init(found: Initialized, *, would: bool = False) -> Iterator[str]:
    """Render the references, what was added where, and what to do next."""
    references = found.references
    files = len({one.path for one in references})
    read = f"Read {counted(found.files, 'config file')}."
    if references:
        yield f"{read} {counted(len(references), 'Hub reference')} in {files} of them:"
        yield ""
        for line in islice(render_table(references), _MOST):
            yield f"  {line}"
        if len(references) > _MOST:
            yield f"  … and {len(references) - _MOST} more: hfpin refs ."
        yield ""
    else:
        yield f"{read} None of them names a Hub repo yet."
    yield from render_refused(found)
    added = ", ".join(f"{change.what} to {change.name}" for change in found.changes)
    if added:
        done, rest = ("Would add", "would be") if would else ("Added", "was")
        yield f"{done} {added}. Nothing else {rest} touched."
    elif not found.refused:
        yield "All is in place: nothing was touched."
    yield f"Next: {_next(found)}"


def render_refused(found: Initialized) -> Iterator[str]:
    """Render which files nothing could be added to, why, and what to write into them."""
    for refused in found.refused:
        yield f"{refused.name} is as it was: {refused.reason}. Write this into it by hand:"
        yield from (f"    {line}" for line in refused.text.splitlines())


def _next(found: Initialized) -> str:
    if not found.references:
        return "declare a model in config.yaml, then hfpin pin"
    loose = {one.path for one in found.references if one.status is not Status.COMMIT}
    steps = ["hfpin pin"] if loose - set(found.outside) else []
    if found.outside:  # they declare nothing, and are not meant where no file is named
        named = " ".join(map(shlex.quote, found.outside)) if len(found.outside) <= _MOST_NAMED else "."
        steps.append(f"hfpin pin {named}")
    return ", then ".join(steps) or "hfpin lock"
