"""Have a run watched, and judge it at the end."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from urllib.parse import urlsplit

from hfpin.dataclass import dataclass
from hfpin.lock import Lock
from hfpin.operations.audit import Audit, judge
from hfpin.operations.project import Project, open_project, read_lock
from hfpin.operations.records import read_records, settings_of
from hfpin.operations.refusal import DEFAULT_ENDPOINT, hub_host
from hfpin.places import find_root
from hfpin.watch import children
from hfpin.watch.listeners import record
from hfpin.watch.recorder import Recorder, write_settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """A run that is being watched.

    Args:
        project: The project whose lock it is held against.
        lock: That lock; empty where there is none.
        folder: Where its processes write down what they see.
        recorder: This process's own.
    """

    project: Project
    lock: Lock
    folder: Path
    recorder: Recorder

    def judge(self) -> Audit:
        """Judge what was seen so far."""
        seen, faults = read_records(self.folder)
        return judge(seen, self.lock, faults=faults, root=self.project.root.absolute())


@contextlib.contextmanager
def watching(start: Path, environ: MutableMapping[str, str], home: Path, *, is_here: bool) -> Iterator[Watch]:
    """Have this process and what it starts watched.

    Args:
        start: A folder of the project.
        environ: The environment that children inherit.
        home: The user's home directory.
        is_here: Whether this process is watched too, or only what it starts.

    Raises:
        ConfigError: `[tool.hfpin]` is wrong.
        LockError: The lock cannot be used.
    """
    project = open_project(find_root(start), environ, home)
    lock = read_lock(project) if project.lock_path.is_file() else Lock()
    settings = settings_of(project, lock, (hub_host(environ), urlsplit(DEFAULT_ENDPOINT).netloc))
    with tempfile.TemporaryDirectory(prefix="hfpin-audit-") as folder, contextlib.ExitStack() as stack:
        write_settings(folder, settings)
        local_dirs = [one.path for one in settings.local_dirs]
        variables = {children.AUDIT: folder, children.LOCAL_DIRS: os.pathsep.join(local_dirs)}
        stack.enter_context(children.watched(environ, variables))
        recorder = Recorder(folder, settings, environ)
        if is_here:
            stack.callback(record(folder, local_dirs, lambda: recorder))
        yield Watch(project=project, lock=lock, folder=Path(folder), recorder=recorder)
