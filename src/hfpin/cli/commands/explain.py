"""`hfpin explain`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hfpin.cli.command import Command, Words
from hfpin.cli.here import project_of
from hfpin.errors import ConfigError
from hfpin.regex import lazily

if TYPE_CHECKING:
    import argparse

_CODE = lazily(r"HFP[0-9]{3}")
_MOST_DIGITS = 9
"""Of a line's number: no file has more lines, and Python refuses to read a number of thousands."""


def _run(args: argparse.Namespace) -> int:
    if _CODE.fullmatch(args.place):
        from hfpin.operations.rule_page import rule_page

        print(rule_page(args.place), end="")
        return 0
    from hfpin.operations.explain import explain
    from hfpin.report.explanation import render_explained

    parts = str(args.place).removesuffix(":").split(":")
    if parts[-1].isdecimal() and len(parts) > 2 and parts[-2].isdecimal():  # noqa: PLR2004  # FILE:LINE:COLUMN
        parts.pop()
    path, number = ":".join(parts[:-1]), parts[-1]
    if not path or not number.isdecimal() or len(number) > _MOST_DIGITS:
        raise ConfigError(
            f"{args.place} names no line and no rule",
            hint="Write hfpin explain FILE:LINE, or the code of a rule: hfpin explain HFP001.",
        )
    taught = project_of(Path(path)).taught
    for line in render_explained(f"{path}:{number}", explain(Path(path), int(number), taught)):
        print(line)
    return 0


COMMAND = Command(
    name="explain",
    summary="say why a value is taken for a Hub reference or is not, or what a rule is about; offline",
    takes=Words(
        dest="place",
        metavar="FILE:LINE",
        help="a line, as `hfpin check` prints it; or the code of a rule",
        is_one=True,
    ),
    run=_run,
    without_options={},
)
