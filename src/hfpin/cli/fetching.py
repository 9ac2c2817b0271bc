"""Fetching as the command line shows it."""

from __future__ import annotations

import sys

from hfpin.cli.output import print_error
from hfpin.lock import LockedFile, LockedPin
from hfpin.operations.project import Project


def fetch_pin(project: Project, locked: LockedPin, again: tuple[LockedFile, ...] = ()) -> int:
    """Fetch one pin, print what came of it, and give the exit code.

    Args:
        project: Where files go.
        locked: The pin.
        again: Files to bring although they are there.
    """
    from hfpin.hub import HuggingFaceHub
    from hfpin.operations.download import Downloader
    from hfpin.operations.fetch import Fetcher
    from hfpin.report.pinning import render_fetched
    from hfpin.report.progress import ProgressBar

    fetcher = Fetcher(
        places=project.places,
        config=project.config,
        hub=HuggingFaceHub(),
        downloader=Downloader(progress=ProgressBar(sys.stderr)),
    )
    result = fetcher.fetch(locked, again=again)
    print(render_fetched(result))
    if result.error is None:
        return 0
    print_error(result.error)
    return result.error.exit_code
