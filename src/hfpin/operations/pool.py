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


def each(
    work: Callable[[Item], Result], items: Iterable[Item], *, jobs: int, stop: threading.Event
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
    """
    waiting = deque(items)
    failures: list[BaseException] = []

    def run(results: list[Result]) -> None:
        while not stop.is_set():
            try:
                item = waiting.popleft()
            except IndexError:
                return
            try:
                results.append(work(item))
            except BaseException as error:  # noqa: BLE001  # raised again where it is waited for
                failures.append(error)
                stop.set()

    found: list[list[Result]] = [[] for _ in range(min(jobs, len(waiting)))]
    threads = [threading.Thread(target=run, args=(results,), daemon=True) for results in found]
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
