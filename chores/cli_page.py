"""Writes `docs/hosts/cli.md` from what `hfpin --help` says, so that the two cannot differ."""

from __future__ import annotations

import argparse
import io
import os
from contextlib import redirect_stdout
from pathlib import Path

from hfpin.cli.commands import NAMES, load
from hfpin.cli.parser import command_parser, main_parser

PAGE = Path("docs", "hosts", "cli.md")

_INTRODUCTION = """\
# The command line

Every command works on the project that you stand in: the nearest folder up that holds a `hfpin.lock`,
a `pyproject.toml` or a `.git`.
Files that are given to `check`, `pin`, `refs` and `explain` may be of another one further down:
[Several projects in one repository](pre-commit.md#several-projects-in-one-repository).
A command whose summary says `offline` never touches the network, but for `verify --repair` and
`doctor --online`. `pin --offline` and `lock --check` do not, either.

<!-- Written by `doit docs` from the program's own help. -->
"""


def rendered() -> str:
    """Render the page: the help of hfpin, then of each command."""
    commands = [_section(f"hfpin {name}", command_parser(load(name))) for name in NAMES]
    return "\n".join([_INTRODUCTION, _section("hfpin", main_parser()), *commands])


def _section(title: str, parser: argparse.ArgumentParser) -> str:
    out = io.StringIO()
    with redirect_stdout(out):
        parser.print_help()
    return f"## {title}\n\n```console\n$ {title} --help\n{out.getvalue()}```\n"


def write(root: Path) -> None:
    """Write the page of the repository at `root`."""
    os.environ["COLUMNS"] = "80"  # argparse folds at the terminal's width
    (root / PAGE).write_text(rendered(), encoding="utf-8")
