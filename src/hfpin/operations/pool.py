"""Several things at once, stopped together."""

from __future__ import annotations

import queue
import threading
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
    waiting: queue.SimpleQueue[Item] = queue.SimpleQueue()
    count = 0
    for item in items:
        waiting.put(item)
        count += 1
    done: queue.SimpleQueue[tuple[list[Result], BaseException | None]] = queue.SimpleQueue()

    def run() -> None:
        results: list[Result] = []
        failure = None
        while not stop.is_set():
            try:
                item = waiting.get_nowait()
            except queue.Empty:
                break
            try:
                results.append(work(item))
            except BaseException as error:  # noqa: BLE001  # raised again where it is waited for
                failure = error
                stop.set()
        done.put((results, failure))

    running = min(jobs, count)
    for _ in range(running):
        threading.Thread(target=run, daemon=True).start()
    first: BaseException | None = None
    try:
        while running:
            try:
                results, failure = done.get(timeout=_LOOK_UP)
            except queue.Empty:
                continue
            running -= 1
            first = first or failure
            yield from results
    finally:
        stop.set()
    if first is not None:
        raise first
