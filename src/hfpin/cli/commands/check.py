"""`hfpin check`."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from hfpin.cli.command import PATHS, Command
from hfpin.cli.here import project_here, projects_of
from hfpin.errors import ConfigError

if TYPE_CHECKING:
    import argparse

    from hfpin.report.findings import Format


def _codes(text: str) -> list[str]:
    return [code.strip() for code in text.split(",") if code.strip()]


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--select",
        metavar="CODES",
        type=_codes,
        action="extend",
        default=[],
        help="only these rules, whatever the settings say: HFP001,HFP002",
    )
    parser.add_argument(
        "--ignore",
        metavar="CODES",
        type=_codes,
        action="extend",
        default=[],
        help="not these rules, beside those that the settings leave out",
    )
    parser.add_argument(
        "--format", choices=("text", "json", "github", "sarif"), default="text", help="default: %(default)s"
    )
    parser.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="colour the text; by default on a terminal, if NO_COLOR is not set",
    )
    parser.add_argument("--statistics", action="store_true", help="count the findings by rule instead")


def _run(args: argparse.Namespace) -> int:
    from hfpin.operations.check import check
    from hfpin.report.findings import Totals
    from hfpin.rules.selection import selection

    projects = projects_of(project_here(), args.paths)
    shown, totals, here = _format(args), Totals(), Path.cwd()
    runs = [
        check(project, paths, selection(project.config, select=args.select, ignore=args.ignore), here=here)
        for project, paths in projects
    ]
    for line in shown.begin():
        print(line)
    for checked in chain.from_iterable(runs):
        totals.add(checked)
        for line in shown.file(checked):
            print(line)
    for line in shown.end(totals):
        print(line)
    return 1 if totals.findings else 0


def _format(args: argparse.Namespace) -> Format:
    from hfpin.report.findings import format_named

    if args.format != "text":
        if args.statistics:
            raise ConfigError(
                f"--statistics is for people; --format {args.format} has the findings for programs",
                hint="Leave one of the two out.",
            )
        return format_named(args.format)
    from hfpin.cli.output import wants_color
    from hfpin.report.findings.text import Statistics, Text
    from hfpin.report.paint import Paint

    return Statistics() if args.statistics else Text(Paint(on=wants_color(args.color)))


COMMAND = Command(
    name="check",
    summary="hold config files against the rules: what is not pinned, and what disagrees; offline",
    configure=_configure,
    takes=PATHS,
    run=_run,
    without_options={"select": [], "ignore": [], "format": "text", "color": "auto", "statistics": False},
)
