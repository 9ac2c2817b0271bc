"""`hfpin pin`."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from hfpin.cli.command import PATHS, Command
from hfpin.cli.here import called_here, project_here, projects_of
from hfpin.cli.output import write_utf8
from hfpin.errors import ConfigError, HfpinError

if TYPE_CHECKING:
    import argparse

    from hfpin.lock import Lock
    from hfpin.operations.commits import Commits
    from hfpin.operations.project import Project


def _age(text: str) -> timedelta:
    from hfpin.ages import seconds

    age = seconds(text)
    if age is None:
        import argparse

        raise argparse.ArgumentTypeError(f"{text!r} is no age: write 12h, 7d or 2w")
    return timedelta(seconds=age)


def _configure(parser: argparse.ArgumentParser) -> None:
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--offline", action="store_true", help="take commits from hfpin.lock only, and ask nobody"
    )
    where.add_argument(
        "--update",
        action="store_true",
        help="move commits that are there to where their branch or tag is today: that of their comment, "
        "or of hfpin.lock",
    )
    parser.add_argument(
        "--min-age",
        metavar="AGE",
        type=_age,
        help="adopt only commits that are so old (12h, 7d, 2w): of a branch the newest of those",
    )
    parser.add_argument(
        "--diff", action="store_true", help="write nothing: print a patch, and exit with 1 if it is not empty"
    )
    parser.add_argument("--no-lock", action="store_true", help="leave hfpin.lock as it is")


def _run(args: argparse.Namespace) -> int:
    if args.offline and args.min_age is not None:
        raise ConfigError(
            "--min-age is about what the Hub has, and --offline asks nobody", hint="Leave one of the two out."
        )
    own = project_here()
    codes = [_pin(args, project, paths, own) for project, paths in projects_of(own, args.paths)]
    return max(codes)


def _pin(args: argparse.Namespace, project: Project, paths: list[Path], own: Project) -> int:
    """Pin files of one project, which may be another one than that which one stands in."""
    from hfpin.lock import Lock
    from hfpin.operations.files import chosen_files
    from hfpin.operations.pin import Policy, pin
    from hfpin.operations.project import read_lock_if_any
    from hfpin.report.patch import render_patch
    from hfpin.report.pinning import render_pin_summary, render_pinned, render_unpinned
    from hfpin.report.safe import safe
    from hfpin.rules.selection import CODES, selection

    notes = sys.stderr if args.diff else sys.stdout
    if project is not own:
        print(safe(f"In {called_here(project.root)}:"), file=notes)
    files = chosen_files(project, paths, Path.cwd())
    speaking = selection(project.config)
    lock = read_lock_if_any(project, must_be_sound=args.offline)
    policy = Policy(
        update=args.update,
        lock=lock or Lock(),
        keep_names=args.offline,
        write=not args.diff,
        silent={path: CODES - speaking.of(name) for path, name in files.items()},
        taught=project.taught,
        root=project.root,
        of_pins=frozenset(path for path, name in files.items() if lock is not None and lock.puts(name)),
    )
    commits = _commits(args, lock)
    results = []
    for result in pin(files, commits, policy):
        results.append(result)
        if args.diff:
            write_utf8(render_patch(result.path.as_posix(), result.before, result.after))
        else:
            _print(render_pinned(result))
        for line in render_unpinned(result):
            print(line, file=notes)
    print(render_pin_summary(results, would=args.diff), file=notes)
    failed = any(result.not_pinned or result.unreadable for result in results)
    if args.diff:
        return 1 if failed or any(result.after != result.before for result in results) else 0
    waits = not args.no_lock and _relock(args, project)
    return 1 if failed or waits else 0


def _commits(args: argparse.Namespace, lock: Lock | None) -> Commits:
    from hfpin.hub import HuggingFaceHub
    from hfpin.lock import Lock
    from hfpin.operations.commits import HubCommits, LockedCommits

    if args.offline:
        return LockedCommits(lock=lock)
    now = datetime.now(timezone.utc)
    return HubCommits(hub=HuggingFaceHub(), lock=lock or Lock(), min_age=args.min_age, now=now)


def _relock(args: argparse.Namespace, project: Project) -> bool:
    """Write the lock; tell whether it waits for something that is this run's business."""
    from hfpin.hub import HuggingFaceHub, NoHub
    from hfpin.operations.relock import Waits, relock
    from hfpin.report.pinning import render_lock, render_waits

    try:
        result = relock(project, NoHub() if args.offline else HuggingFaceHub())
    except HfpinError:
        print("hfpin.lock is as it was:", file=sys.stderr)  # the configs above are written, and stay
        raise
    is_waiting = isinstance(result, Waits) and result.is_drift
    _print(render_waits(result) if isinstance(result, Waits) else render_lock(result))
    return is_waiting and not args.offline


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)


COMMAND = Command(
    name="pin",
    summary="write commits into the files, then the lock; asks the Hub, unless --offline",
    configure=_configure,
    takes=PATHS,
    run=_run,
    without_options={"offline": False, "update": False, "min_age": None, "diff": False, "no_lock": False},
)
