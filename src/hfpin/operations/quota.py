"""What a user's quota leaves on a file system, where the system says it.

It is asked of the programs that administrators install for it, as no call of the operating system reaches
the quotas of every kind of file system: `lfs quota` for Lustre (https://doc.lustre.org/lustre_manual.xhtml,
"Quotas"), `quota` for the others, NFS included (https://sourceforge.net/projects/linuxquota/). Both end in
the same eight columns: KiB used, soft limit, hard limit, grace, then the four of files.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from hfpin.dataclass import dataclass
from hfpin.operations.mounts import file_system
from hfpin.regex import lazily

_MOUNTS = Path("/proc/mounts")
_COLUMNS = 8
_PATIENCE = 5.0
"""Seconds: a file server that does not say it by then is not waited for."""

_NUMBER = lazily(r"\[?([0-9]+)\]?\*?")
"""A star stands behind what is over its limit, brackets around what only a part of the servers said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """What is left of a quota.

    Args:
        left: Bytes; None where they are not limited.
        files_left: Files, links and folders; None where they are not limited.
    """

    left: int | None
    files_left: int | None


def find_quota(folder: Path) -> Quota | None:
    """Ask what this user's quota leaves on the file system of a folder.

    Returns:
        None where nothing limits this user, or nobody says whether anything does.
    """
    if sys.platform != "linux":
        return None
    user, where = str(os.getuid()), os.fspath(folder)
    command = ["quota", "--no-wrap", "--raw-grace", "--user", f"--filesystem={where}"]
    if _kind(folder) == "lustre":
        command = ["lfs", "quota", "-q", "-u", user, where]
    program = _which(command[0])
    if program is None:
        return None  # most often, as there are no quotas
    import subprocess  # here: most need not pay for it

    try:
        said = subprocess.run(  # noqa: S603  # found as every shell finds it
            [program, *command[1:]],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return parse(said.stdout)


def _which(name: str) -> str | None:
    """Find a program as `shutil.which` does on Linux, without the 5 ms that its module takes to load."""
    found = (Path(folder, name) for folder in os.get_exec_path())
    return next((str(path) for path in found if path.is_file() and os.access(path, os.X_OK)), None)


def _kind(folder: Path) -> str | None:
    try:
        return file_system(folder.resolve(), _MOUNTS.read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return None


def parse(text: str) -> Quota | None:
    """Read the last eight columns of what `quota` or `lfs quota` prints.

    Returns:
        None where they are not there, or hold no limit.
    """
    columns = text.split()[-_COLUMNS:]
    numbers = [_NUMBER.fullmatch(column) for column in (*columns[:3], *columns[4:7])]
    if len(columns) < _COLUMNS or not all(numbers):
        return None
    used, soft, hard, files, soft_files, hard_files = (int(match[1]) for match in numbers if match)
    left, files_left = _left(used, soft, hard), _left(files, soft_files, hard_files)
    if left is None and files_left is None:
        return None
    return Quota(left=None if left is None else left * 1024, files_left=files_left)


def _left(used: int, soft: int, hard: int) -> int | None:
    """What may still be used: up to the hard limit, and to the soft one where that is all there is."""
    limit = hard or soft
    return max(0, limit - used) if limit else None
