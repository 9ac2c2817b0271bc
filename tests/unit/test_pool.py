"""Several things at once, few of them heavy."""

from __future__ import annotations

import threading
import time

import pytest

from hfpin.operations.pool import each


def test_light_does_not_wait_for_heavy() -> None:
    """Where all that is heavy waits, what is light still gets done; each item is worked on once."""
    light_left = threading.Semaphore(0)

    def work(item: int) -> int:
        if item < 0:
            assert all(light_left.acquire(timeout=30) for _ in range(3))
            light_left.release(3)
        else:
            light_left.release()
        return item

    done = each(work, range(3), jobs=4, stop=threading.Event(), heavy=range(-5, 0), hands=2)
    assert sorted(item for item in done) == [-5, -4, -3, -2, -1, 0, 1, 2]


@pytest.mark.parametrize(
    ("jobs", "hands", "heavy", "light", "most"),
    [(8, 3, 9, 0, 3), (8, 3, 2, 9, 2), (2, 3, 9, 3, 2), (1, 3, 2, 3, 1)],
)
def test_bounds(jobs: int, hands: int, heavy: int, light: int, most: int) -> None:
    """No more heavy items are under way than there are hands, and no more items than jobs."""
    under_way: list[int] = []
    seen: list[tuple[int, int]] = []

    def work(item: int) -> int:
        under_way.append(item)
        seen.append((sum(one < 0 for one in tuple(under_way)), len(under_way)))
        time.sleep(0.002)
        under_way.remove(item)
        return item

    found = each(work, range(light), jobs=jobs, stop=threading.Event(), heavy=range(-heavy, 0), hands=hands)
    assert sorted(item for item in found) == list(range(-heavy, light))
    assert max(heavies for heavies, _ in seen) <= most
    assert max(count for _, count in seen) <= jobs
