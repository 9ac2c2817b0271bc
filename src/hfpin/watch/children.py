"""Lets what is started from here be watched too: by variables, and a folder on PYTHONPATH."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping, MutableMapping
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "child"
"""Holds a `sitecustomize`, which every Python runs before its first line of code, and nothing else."""

OFFLINE = "HFPIN_OFFLINE"
ALLOW_HOSTS = "HFPIN_ALLOW_HOSTS"
ROOT = "HFPIN_ROOT"
AUDIT = "HFPIN_AUDIT"
LOCAL_DIRS = "HFPIN_AUDIT_LOCAL_DIRS"


@contextlib.contextmanager
def watched(environ: MutableMapping[str, str], variables: Mapping[str, str]) -> Iterator[None]:
    """Have child processes watched by what the variables say, and put the environment back afterwards.

    A child that ignores its environment (`python -I`, `-E`, `-S`) is not reached.

    Args:
        environ: The environment that children inherit.
        variables: What to tell them.
    """
    folders = [folder for folder in environ.get("PYTHONPATH", "").split(os.pathsep) if folder != str(FOLDER)]
    # An empty entry would mean the working directory; one that somebody wrote is kept.
    path = os.pathsep.join([str(FOLDER), *(folders if any(folders) else [])])
    new = {**variables, "PYTHONPATH": path}
    before = {name: environ.get(name) for name in new}
    environ.update(new)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                environ.pop(name, None)
            else:
                environ[name] = value
