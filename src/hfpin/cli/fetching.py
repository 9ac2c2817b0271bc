"""Fetching as the command line shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hfpin.cli.output import print_error
from hfpin.errors import HfpinError
from hfpin.lock import LockedFile, LockedPin
from hfpin.operations.project import Project

if TYPE_CHECKING:  # what they show is loaded where something is fetched
    from hfpin.operations.fetched import Fetched
    from hfpin.report.progress import JsonEvents, ProgressBar


def fetch_pin(
    project: Project,
    locked: LockedPin,
    progress: ProgressBar | JsonEvents,
    again: tuple[LockedFile, ...] = (),
) -> int:
    """Fetch one pin, print what came of it, and give the exit code.

    Args:
        project: Where files go.
        locked: The pin.
        progress: Shows how it gets on.
        again: Files to bring although they are there.
    """
    from hfpin.hub import HuggingFaceHub
    from hfpin.operations.download import Downloader
    from hfpin.operations.fetch import Fetcher

    fetcher = Fetcher(
        places=project.places,
        config=project.config,
        hub=HuggingFaceHub(),
        downloader=Downloader(progress=progress),
    )
    return tell_fetched(project, fetcher.fetch(locked, again=again), progress)


def tell_fetched(
    project: Project, result: Fetched, progress: ProgressBar | JsonEvents, *, is_whole: bool = False
) -> int:
    """Print what came of a fetch, and give the exit code.

    Args:
        project: Where files are.
        result: What came of it.
        progress: Takes it, where that tells events.
        is_whole: Whether it is known that what is complete can be loaded, and needs no look.
    """
    from hfpin.report.fetched import render_fetched
    from hfpin.report.progress import JsonEvents

    if isinstance(progress, JsonEvents):
        progress.result(result)
    else:
        print(render_fetched(result))
    error = result.error or (None if is_whole else _unwhole(project, result.locked))
    if error is None:
        return 0
    print_error(error)
    return error.exit_code


def _unwhole(project: Project, locked: LockedPin) -> HfpinError | None:
    """Why what is complete by its bytes cannot be loaded; None where it can, as far as headers tell."""
    from hfpin.operations.wholeness import refuse_unwhole

    try:
        refuse_unwhole(project, locked)
    except HfpinError as error:
        return error
    return None
