"""Where pins stand: what is there, when it was used, when a purge would take it."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from hfpin.lock import LockedPin
from hfpin.operations.status import status
from hfpin.places import Places
from hfpin.report.status import render_status
from tests.support import ResearchRepo

DAY = 86400
THEN = 1_800_000_000.0  # 2027-01-15


@pytest.fixture
def laid(
    repo: ResearchRepo, locked: Callable[..., LockedPin], lay: Callable[[Places, LockedPin], None]
) -> LockedPin:
    """A pin whose files were used on different days, one of them now gone."""
    pin = locked()
    lay(repo.places, pin)
    folder = repo.places.snapshot(pin.pin.target)
    for number, file in enumerate(pin.files):
        used = THEN + number * DAY
        os.utime(folder / file.path, (used, used - 9 * DAY))
    (folder / pin.files[-1].path).unlink()
    return pin


def test_first_to_go(repo: ResearchRepo, laid: LockedPin) -> None:
    """The file that was used longest ago counts, by reading or writing; nothing seems used by the look."""
    for _ in range(2):
        (one,) = status(repo.places, [laid], 30 * DAY)
        assert (one.last_used, one.purged_at) == (THEN, THEN + 30 * DAY)
        assert [file.path for file, _ in one.plan.states] == [laid.files[-1].path]
    assert status(repo.places, [laid], None)[0].purged_at is None


def test_table(repo: ResearchRepo, laid: LockedPin, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row for each pin; what is missing, and what brings it."""
    monkeypatch.setenv("TZ", "UTC")
    found = status(repo.places, [laid], 30 * DAY)
    assert list(render_status(found, THEN + 4.5 * DAY)) == [
        "  pin   present           missing       last used   purged",
        "  tiny  3.1 MB (2 files)  3 B (1 file)  2027-01-15  in 25 days",
        "1 pin not complete: hfpin fetch brings what is missing.",
    ]
    assert next(line for line in render_status(found, THEN + 31 * DAY) if "tiny" in line).endswith(
        "any day now"
    )


def test_nothing_there(repo: ResearchRepo, locked: Callable[..., LockedPin]) -> None:
    """A pin without a file was never used."""
    assert list(render_status(status(repo.places, [locked()], 30 * DAY), THEN)) == [
        "  pin   present  missing           last used  purged",
        "  tiny  -        3.1 MB (3 files)  -          -",
        "1 pin not complete: hfpin fetch brings what is missing.",
    ]


def test_what_may_not_be_seen(repo: ResearchRepo, laid: LockedPin) -> None:
    """No fetch brings what the system refuses to show: here by links that lead to themselves."""
    folder = repo.places.snapshot(laid.pin.target)
    for file in laid.files:
        (folder / file.path).unlink(missing_ok=True)
        (folder / file.path).symlink_to(file.path.rpartition("/")[2])
    *_, last = render_status(status(repo.places, [laid], None), THEN)
    assert last == "1 pin may not be read: hfpin doctor looks at permissions."
