"""One function a command. Each loads what it needs: `check` loads nothing that could reach the Hub."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from hfpin.cli.output import print_error
from hfpin.errors import IntegrityError
from hfpin.lock import Lock, LockedFile, LockedPin
from hfpin.operations.project import Project, declaring_files, find_root, open_project, read_lock
from hfpin.reference import Reference


def _project() -> Project:
    return open_project(find_root(Path.cwd()), os.environ, Path.home())


def _paths(args: argparse.Namespace) -> list[Path]:
    """The paths given, or the declaring files, called as seen from here."""
    if args.paths:
        return list(args.paths)
    return [Path(os.path.relpath(path)) for path in declaring_files(_project())]


def _pins(args: argparse.Namespace, lock: Lock) -> list[LockedPin]:
    return [lock.find(name) for name in args.names] if args.names else list(lock.pins)


def _check(args: argparse.Namespace) -> int:
    from hfpin.operations.check import check
    from hfpin.report.findings import render_findings, render_summary

    files = references = findings = 0
    for checked in check(_paths(args)):
        files += 1
        references += len(checked.scan.references)
        findings += len(checked.findings)
        for line in render_findings(checked):
            print(line)
    print(render_summary(files, references, findings))
    return 1 if findings else 0


def _refs(args: argparse.Namespace) -> int:
    from hfpin.operations.check import check
    from hfpin.report.references import render_jsonl, render_table

    unreadable = False
    references: list[Reference] = []
    for checked in check(_paths(args)):
        if checked.scan.unreadable is not None:
            unreadable = True
            reason, position = checked.scan.unreadable.reason, checked.scan.unreadable.position
            print(f"{checked.scan.path}:{position.line}: could not be read: {reason}", file=sys.stderr)
        if args.format == "jsonl":
            for reference in checked.scan.references:
                print(render_jsonl(reference))
        else:
            references += checked.scan.references
    for line in render_table(references):
        print(line)
    return 1 if unreadable else 0


def _pin(args: argparse.Namespace) -> int:
    from hfpin.hub import HuggingFaceHub
    from hfpin.operations.check import expand
    from hfpin.operations.pin import pin
    from hfpin.report.pinning import render_pin_summary, render_pinned

    results = []
    for result in pin(expand(_paths(args)), HuggingFaceHub()):
        results.append(result)
        for line in render_pinned(result):
            print(line)
    print(render_pin_summary(results))
    complete = not any(result.not_pinned for result in results)
    if not args.no_lock:
        _lock(args)
    return 0 if complete else 1


def _lock(args: argparse.Namespace) -> int:
    del args
    from hfpin.hub import HuggingFaceHub
    from hfpin.operations.lock import lock
    from hfpin.report.pinning import render_lock

    for line in render_lock(lock(_project(), HuggingFaceHub())):
        print(line)
    return 0


def _fetch(args: argparse.Namespace) -> int:
    from hfpin.operations.drift import refuse_drift

    project = _project()
    lock = read_lock(project)
    refuse_drift(project, lock)
    return max((_fetch_one(project, locked) for locked in _pins(args, lock)), default=0)


def _fetch_one(project: Project, locked: LockedPin, again: tuple[LockedFile, ...] = ()) -> int:
    from hfpin.hub import HuggingFaceHub
    from hfpin.operations.download import Downloader
    from hfpin.operations.fetch import fetch
    from hfpin.report.pinning import render_fetched
    from hfpin.report.progress import ProgressBar

    downloader = Downloader(progress=ProgressBar(sys.stderr))
    result = fetch(project.places, locked, HuggingFaceHub(), downloader, again=again)
    print(render_fetched(result))
    if result.error is None:
        return 0
    print_error(result.error)
    return result.error.exit_code


def _verify(args: argparse.Namespace) -> int:
    from hfpin.operations.verify import verify
    from hfpin.report.pinning import render_verified

    project = _project()
    results = [verify(project.places, locked) for locked in _pins(args, read_lock(project))]
    for line in render_verified(results):
        print(line)
    faulty = [result for result in results if result.faults]
    if faulty and not args.repair:
        print("hfpin verify --repair fetches just those.")
        return IntegrityError.exit_code
    codes = (
        _fetch_one(project, result.locked, tuple(fault.file for fault in result.faults)) for result in faulty
    )
    return max(codes, default=0)


COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = MappingProxyType(
    {
        "check": _check,
        "refs": _refs,
        "pin": _pin,
        "lock": _lock,
        "fetch": _fetch,
        "verify": _verify,
    }
)
