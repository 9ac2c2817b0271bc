"""What fetching and staging came to, as lines for a terminal."""

from __future__ import annotations

from pathlib import Path

from hfpin.operations.fetched import Fetched
from hfpin.report.numbers import human_size


def render_staged(result: Fetched, cache_dir: Path) -> str:
    """Render what staging one pin came to, in one line."""
    pin, size = result.locked.pin, human_size(result.locked.size)
    if result.error is not None:
        return f"{pin.name}  not staged"
    if not result.files:
        return f"{pin.name}  {size} in {cache_dir}: all there"
    copied, shared = human_size(result.fetched), human_size(result.kept)
    return f"{pin.name}  {copied} copied, {shared} shared or there, every digest as in hfpin.lock"


def render_fetched(result: Fetched) -> str:
    """Render what fetching one pin came to, in one line."""
    pin = result.locked.pin
    if result.error is None and not result.files:
        count = len(result.locked.files)
        return f"{pin.name}  {'the 1 file is' if count == 1 else f'all {count} files are'} there"
    moved = f"{human_size(result.fetched)} fetched, {human_size(result.kept)} kept"
    if result.error is None:
        return f"{pin.name}  {moved}, every digest as in hfpin.lock"
    return f"{pin.name}  {moved}, not complete"
