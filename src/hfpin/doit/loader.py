"""The doit tasks of a repo that has no dodo.py.

In pyproject.toml:

    [tool.doit]
    loader = "hfpin"

doit then asks the entry point `hfpin` of its group `doit.LOADER` for tasks, and reads no dodo.py. This module
imports doit, which has to be there for it to be asked for.
"""

from __future__ import annotations

from typing import Any

from doit.cmd_base import NamespaceTaskLoader

from hfpin.doit import task_fetch, task_lock, task_slurm, task_verify


class PinLoader(NamespaceTaskLoader):  # type: ignore[misc]  # doit has no types
    """Loads the tasks of `hfpin.doit`."""

    def setup(self, opt_values: dict[str, Any]) -> None:
        """Take the tasks from here, where doit's own loader would read a dodo.py."""
        del opt_values
        creators = (task_fetch, task_lock, task_slurm, task_verify)
        self.namespace = {function.__name__: function for function in creators}
