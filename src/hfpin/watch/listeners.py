"""What an audit hears. It is put in place before a program's first line, so here is only what that takes."""

from __future__ import annotations

from _thread import get_ident  # threading is not loaded for it
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from hfpin.watch.events import ADDRESS, OPENING
from hfpin.watch.hook import listen
from hfpin.watch.opened import of_repos
from hfpin.watch.requests import hear_requests

if TYPE_CHECKING:
    from hfpin.watch.recorder import Recorder


def record(folder: str, local_dirs: Sequence[str], recorder: Callable[[], Recorder]) -> Callable[[], None]:
    """Have a recorder hear what this process opens and asks for.

    Args:
        folder: Where it writes.
        local_dirs: Folders outside of the cache that hold pins, absolute.
        recorder: Gives it, when there is something to note.

    Returns:
        What ends it.
    """
    loading: set[int] = set()

    def carefully(note: Callable[[], None]) -> None:
        thread = get_ident()
        if thread in loading:
            return  # what is opened to load the recorder itself, bytecode that is written for example
        loading.add(thread)
        try:
            from hfpin.watch.recorder import careful
        finally:
            loading.discard(thread)
        careful(folder, note)

    def opened(args: tuple[Any, ...]) -> None:
        carefully(lambda: recorder().opened(args[0]))

    def requested(url: str) -> None:
        carefully(lambda: recorder().requested(url))

    heard = dict.fromkeys(OPENING, of_repos(opened, local_dirs))
    ends = (listen({**heard, ADDRESS: lambda args: requested(str(args[0]))}), hear_requests(requested))

    def end() -> None:
        for one in ends:
            one()

    return end
