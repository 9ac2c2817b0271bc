"""Several things at once, stopped together."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

_LOOK_UP = 0.5
"""Seconds after which the caller's thread wakes: on Windows an interrupt reaches it no sooner."""


def each(  # noqa: PLR0913  # what, of what, and how many at once
    work: Callable[[Item], Result],
    items: Iterable[Item],
    *,
    jobs: int,
    stop: threading.Event,
    heavy: Iterable[Item] = (),
    hands: int = 0,
) -> Iterator[Result]:
    """Do the same work for many items, so many at once, and give the results of each thread when it ends.

    Not sooner: to wake the caller for each of a thousand small files costs as much as to fetch them.

    The first failure sets `stop`, lets what is under way end, and is raised after all results. An interrupt
    sets it too, but waits for nothing: the threads are daemons, and die with the process.

    Args:
        work: Called in another thread. It should end soon once `stop` is set.
        items: What to do it for, in the order in which to begin.
        jobs: How many at once; at least one.
        stop: Set when no more should be done.
        heavy: Further items, of which fewer may be under way.
        hands: How many of the threads take those, before all others; the rest only take of `items`.
    """
    waiting, heavy_waiting = deque(items), deque(heavy)
    failures: list[BaseException] = []

    def run(results: list[Result], *queues: deque[Item]) -> None:
        for item in _taken(queues, stop):
            try:
                results.append(work(item))
            except BaseException as error:  # noqa: BLE001  # raised again where it is waited for
                failures.append(error)
                stop.set()

    heavy_hands = min(hands, len(heavy_waiting))
    found: list[list[Result]] = [[] for _ in range(min(jobs, heavy_hands + len(waiting)))]
    threads = [
        threading.Thread(
            target=run,
            args=(results, heavy_waiting, waiting) if number < heavy_hands else (results, waiting),
            daemon=True,
        )
        for number, results in enumerate(found)
    ]
    for thread in threads:
        thread.start()
    try:
        for thread, results in zip(threads, found, strict=True):
            while thread.is_alive():
                thread.join(_LOOK_UP)
            yield from results
    finally:
        stop.set()
    if failures:
        raise failures[0]


def _taken(queues: Iterable[deque[Item]], stop: threading.Event) -> Iterator[Item]:
    """Take what waits, queue by queue, until `stop` is set."""
    for waiting in queues:
        while not stop.is_set():
            try:
                item = waiting.popleft()
            except IndexError:
                break
            yield item
