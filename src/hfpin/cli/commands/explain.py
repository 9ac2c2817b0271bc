"""`hfpin explain`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hfpin.cli.command import Command, Words
from hfpin.cli.here import project_here
from hfpin.errors import ConfigError

if TYPE_CHECKING:
    import argparse

_MOST_DIGITS = 9
"""Of a line's number: no file has more lines, and Python refuses to read a number of thousands."""


def _run(args: argparse.Namespace) -> int:
    from hfpin.operations.explain import explain
    from hfpin.report.explanation import render_explained

    parts = str(args.place).removesuffix(":").split(":")
    if parts[-1].isdecimal() and len(parts) > 2 and parts[-2].isdecimal():  # noqa: PLR2004  # FILE:LINE:COLUMN
        parts.pop()
    path, number = ":".join(parts[:-1]), parts[-1]
    if not path or not number.isdecimal() or len(number) > _MOST_DIGITS:
        raise ConfigError(f"{args.place} names no line", hint="Write hfpin explain FILE:LINE.")
    for line in render_explained(f"{path}:{number}", explain(Path(path), int(number), project_here().taught)):
        print(line)
    return 0


COMMAND = Command(
    name="explain",
    summary="say why a value is taken for a Hub reference, or is not; offline",
    takes=Words(dest="place", metavar="FILE:LINE", help="a line, as `hfpin check` prints it", is_one=True),
    run=_run,
    without_options={},
)
