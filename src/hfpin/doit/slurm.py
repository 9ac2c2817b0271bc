"""Jobs of Slurm as doit tasks: `doit slurm:fetch`, `doit slurm:train`, one for each script in `jobs/`."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hfpin.errors import HfpinError
from hfpin.operations.cache_key import cache_key
from hfpin.operations.plan import plan
from hfpin.operations.project import Project, open_project, read_lock
from hfpin.operations.slurm_jobs import FOLDER, SUFFIX
from hfpin.places import find_home, find_root

_FETCH = "fetch"


def slurm_tasks(basename: str = "slurm", root: Path | None = None) -> Iterator[dict[str, Any]]:
    """Give a task for each `jobs/NAME.sbatch`: it submits the job, and waits for how it ends.

    `slurm:fetch` is up to date when every pin is on disk; any other when its job has ended well since its
    script and what the lock brings last changed. The others come after `slurm:fetch`.

    Args:
        basename: What to call the group.
        root: The project; where None the one that the folder is in that doit works in.

    Yields:
        The tasks; none where there is no script or no lock that can be read.
    """
    folder = root or find_root(Path.cwd())
    scripts = sorted((folder / FOLDER).glob(f"*{SUFFIX}"))
    if not scripts:
        return
    try:
        project = open_project(folder, os.environ, find_home())
        key = cache_key(read_lock(project))
    except HfpinError:
        return  # `fetch` says what is wrong with it
    from doit.tools import config_changed  # here: whoever asks for tasks has doit

    has_fetch = any(script.stem == _FETCH for script in scripts)
    for script in scripts:
        is_fetch = script.stem == _FETCH
        yield {
            "basename": basename,
            "name": script.stem,
            "doc": f"submit {FOLDER}/{script.name} and wait for its end",
            "actions": [(_submit, [script])],
            "file_dep": [] if is_fetch else [str(script)],
            "task_dep": [f"{basename}:{_FETCH}"] if has_fetch and not is_fetch else [],
            "uptodate": [(_is_there, [project])] if is_fetch else [config_changed(key)],
            "verbosity": 2,
        }


def _is_there(project: Project) -> bool:
    return all(plan(project.places, locked).is_complete for locked in read_lock(project).pins)


def _submit(script: Path) -> Any:
    from doit.exceptions import TaskFailed

    command = ["sbatch", "--wait", "--parsable", str(script)]
    try:
        with subprocess.Popen(  # noqa: S603  # Slurm's own command
            command, cwd=script.parent.parent, stdout=subprocess.PIPE, text=True
        ) as submitted:
            job = (submitted.stdout.readline() if submitted.stdout else "").strip().partition(";")[0]
            if job:
                print(f"   job {job}: waiting for its end; Ctrl-C leaves it running", flush=True)
    except FileNotFoundError:
        return TaskFailed("sbatch is not here\nRun it on a login node, where Slurm is.", report=True)
    if submitted.returncode:
        if not job:
            return TaskFailed(
                f"{script.name}: Slurm did not take it\nSee above what sbatch says.", report=True
            )
        said = f"job {job} ended with exit code {submitted.returncode}"
        return TaskFailed(f"{script.name}: {said}\nIts output says why{_output_of(job)}.", report=True)
    return True


def _output_of(job: str) -> str:
    """Name the file with a job's output, where Slurm still knows it: some minutes long, by default."""
    command = ["scontrol", "show", "job", job]
    try:
        told = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603  # as above
    except OSError:
        return ""
    found = re.search(r"^\s*StdOut=(.+)$", told.stdout, re.MULTILINE)
    return "" if found is None else f": {found[1]}"
