"""A file for the report of a run, which may have taken days: whether it can be written is seen before."""

from __future__ import annotations

import os
from pathlib import Path

from hfpin import atomic
from hfpin.errors import DestinationError


def try_report(path: Path) -> None:
    """Look whether a report can be written. Nothing is left behind.

    Raises:
        DestinationError: It cannot.
    """
    try:
        if path.is_dir():
            raise IsADirectoryError(0, "it is a folder")
        if path.is_file() or not path.exists():  # else a device or a pipe: written to as it is
            atomic.try_folder(Path(os.path.realpath(path)).parent)
    except OSError as error:
        raise _cannot_be_written(path, error) from None


def write_report(path: Path, text: str) -> None:
    """Write a report.

    Raises:
        DestinationError: It cannot be written.
    """
    try:
        atomic.write(path, text.encode())
    except OSError as error:
        raise _cannot_be_written(path, error) from None


def _cannot_be_written(path: Path, error: OSError) -> DestinationError:
    return DestinationError(
        f"the report {path} cannot be written: {error.strerror}",
        hint="Name a file in a folder that is there, and that you may write to.",
    )
