"""What a child process begins with: as little as can be, and the rest when there is something to see."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from hfpin.watch import children
from hfpin.watch.events import CONNECTING, LOOKING_UP
from hfpin.watch.hook import Listener, lazily, listen
from hfpin.watch.listeners import record

if TYPE_CHECKING:
    from hfpin.watch.recorder import Recorder


def audit(folder: str) -> None:
    """Watch which repos this process opens, for the one that keeps `folder`."""
    made: list[Recorder] = []

    def recorder() -> Recorder:
        if not made:
            from hfpin.watch.recorder import Recorder, read_settings

            made.append(Recorder(folder, read_settings(folder), os.environ))
        return made[0]

    local_dirs = os.environ.get(children.LOCAL_DIRS, "")
    record(folder, local_dirs.split(os.pathsep) if local_dirs else (), recorder)


def offline() -> None:
    """Refuse names and connections in this process."""
    made: list[dict[str, Listener]] = []

    def listener(event: str) -> Listener:
        def make() -> Listener:
            if not made:
                from hfpin.operations.offline import make_guard
                from hfpin.places import find_home

                root = Path(os.environ.get(children.ROOT, os.curdir))
                made.append(make_guard(root, os.environ, find_home()).listeners())
            return made[0][event]

        return lazily(make)

    listen({event: listener(event) for event in (*LOOKING_UP, *CONNECTING)})
