"""Several things at once, stopped together."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def each(
    work: Callable[[Item], Result], items: Iterable[Item], *, jobs: int, stop: threading.Event
) -> Iterator[Result]:
    """Do the same work for many items, so many at once, and give the results as they come.

    The first failure sets `stop`, lets what is under way end, and is raised. An interrupt sets it too, but
    waits for nothing: the threads are daemons, and die with the process.

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
    done: queue.SimpleQueue[Result | _Failure | None] = queue.SimpleQueue()

    def run() -> None:
        while not stop.is_set():
            try:
                item = waiting.get_nowait()
            except queue.Empty:
                break
            done.put(_attempt(work, item))
        done.put(None)

    running = min(jobs, count)
    for _ in range(running):
        threading.Thread(target=run, daemon=True).start()
    failure: _Failure | None = None
    try:
        while running:
            result = done.get()
            if result is None:
                running -= 1
            elif isinstance(result, _Failure):
                failure = failure or result
                stop.set()
            else:
                yield result
    finally:
        stop.set()
    if failure is not None:
        raise failure.error


def _attempt(work: Callable[[Item], Result], item: Item) -> Result | _Failure:
    try:
        return work(item)
    except BaseException as error:  # noqa: BLE001  # raised again where it is waited for
        return _Failure(error)


class _Failure:
    """What went wrong in a thread."""

    def __init__(self, error: BaseException) -> None:
        self.error = error
