"""`hfpin check`."""

from __future__ import annotations

import argparse

from hfpin.cli.command import Command, takes_paths
from hfpin.cli.here import chosen_paths


def _run(args: argparse.Namespace) -> int:
    from hfpin.operations.check import check
    from hfpin.report.findings import render_findings, render_summary

    files = references = findings = 0
    for checked in check(chosen_paths(args)):
        files += 1
        references += len(checked.scan.references)
        findings += len(checked.findings)
        for line in render_findings(checked):
            print(line)
    print(render_summary(files, references, findings))
    return 1 if findings else 0


COMMAND = Command(
    name="check",
    summary="report references without a revision, or with one that moves; offline",
    configure=takes_paths,
    run=_run,
)
