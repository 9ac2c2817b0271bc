"""Gathers what the doctor judges. Whatever cannot be told is left open; nothing here fails."""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from hfpin.config import Config, find_cache_dir
from hfpin.errors import HubError
from hfpin.hub import Hub
from hfpin.lock import LockedPin
from hfpin.operations.doctor.facts import Facts, Folder, Partial, Refusal, Room
from hfpin.operations.mounts import file_system
from hfpin.operations.plan import plan
from hfpin.operations.project import Project
from hfpin.operations.quota import find_quota
from hfpin.paths import RECORD_DIR
from hfpin.places import Places
from hfpin.snapshot import FileState, size_state

_MOUNTS = Path("/proc/mounts")
_VARIABLES = (
    "HF_ENDPOINT",
    "HF_HOME",
    "HF_HUB_CACHE",
    "HF_HUB_DISABLE_IMPLICIT_TOKEN",
    "HF_HUB_DISABLE_XET",
    "HF_HUB_ENABLE_HF_TRANSFER",
    "HF_HUB_OFFLINE",
    "HF_XET_HIGH_PERFORMANCE",
    "HUGGINGFACE_HUB_CACHE",
    "HUGGING_FACE_HUB_TOKEN",
    "PYTORCH_PRETRAINED_BERT_CACHE",
    "PYTORCH_TRANSFORMERS_CACHE",
    "TRANSFORMERS_CACHE",
)
_SECRET = frozenset({"HUGGING_FACE_HUB_TOKEN"})

_TRY_LOCK = """\
import fcntl, sys
with open(sys.argv[1]) as file:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(7)
"""
_WAS_KEPT_OUT = 7


def gather(
    project: Project, pins: Sequence[LockedPin], environ: Mapping[str, str], home: Path, *, has_token: bool
) -> Facts:
    """Gather facts about a project's cache and the folders of its pins. Asks no Hub.

    Args:
        project: The project.
        pins: The pins of its lock.
        environ: The environment.
        home: The user's home directory.
        has_token: Whether huggingface_hub finds a token.
    """
    places = project.places
    default = find_cache_dir(Config(), environ, root=project.root, home=home)
    return Facts(
        cache_dir=places.cache_dir,
        default_cache=default,
        home=home,
        uid=os.getuid() if hasattr(os, "getuid") else -1,
        gid=os.getgid() if hasattr(os, "getgid") else -1,
        variables={
            name: "set" if name in _SECRET else environ[name] for name in _VARIABLES if environ.get(name)
        },
        file_system=_file_system(places.cache_dir),
        dead_link=_dead_link(places.cache_dir),
        has_flock=try_flock(nearest(places.cache_dir)),
        rooms=tuple(_rooms(places, pins)),
        partials=tuple(_partials(places, pins)),
        folders=tuple(_folders(places, pins)),
        unreadable=tuple(_unreadable(places, pins)),
        second_cache=_second_cache(environ, project, home),
        client=_client(),
        has_token=has_token,
    )


def ask(hub: Hub, pins: Sequence[LockedPin]) -> Iterator[Refusal]:
    """Ask the Hub whether each pin may be read, and give those that it refuses."""
    for locked in pins:
        try:
            hub.check_access(locked.pin.repo)
        except HubError as error:
            yield Refusal(name=locked.pin.name, error=error)


def nearest(path: Path) -> Path:
    """The path, or the nearest folder above it that is there."""
    return next((folder for folder in (path, *path.parents) if os.path.isdir(folder)), path)  # noqa: PTH112  # pathlib raises where a folder above cannot be entered


def try_flock(folder: Path) -> bool | None:
    """Lock a file in a folder, and see whether another process is kept out.

    Returns:
        None where it could not be tried: no flock here, or the folder cannot be written to.
    """
    try:
        import fcntl  # not on Windows
    except ImportError:
        return None
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".hfpin-doctor-") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX)
            except OSError:
                return False
            other = subprocess.run([sys.executable, "-c", _TRY_LOCK, file.name], check=False)  # noqa: S603
            return other.returncode == _WAS_KEPT_OUT
    except OSError:
        return None


def _file_system(path: Path) -> str | None:
    try:
        return file_system(nearest(path).resolve(), _MOUNTS.read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return None


def _dead_link(path: Path) -> tuple[Path, Path] | None:
    for one in (path, *path.parents):
        if os.path.islink(one) and not os.path.exists(one):  # noqa: PTH110, PTH114  # as above
            return one, one.readlink()
    return None


def _rooms(places: Places, pins: Sequence[LockedPin]) -> Iterator[Room]:
    """Sum what is to be fetched by file system: several destinations can share one."""
    needed: dict[int, tuple[Path, int]] = {}
    for locked in pins:
        target = locked.pin.target
        place = nearest(places.cache_dir if target.local_dir is None else places.root / target.local_dir)
        first, size = needed.get(place.stat().st_dev, (place, 0))
        needed[place.stat().st_dev] = (first, size + plan(places, locked).size)
    for place, size in needed.values():
        quota = find_quota(place) if size else None
        yield Room(
            place=place,
            needed=size,
            free=shutil.disk_usage(place).free,
            writable=os.access(place, os.W_OK | os.X_OK),
            quota=None if quota is None else quota.left,
        )


def _partials(places: Places, pins: Sequence[LockedPin]) -> Iterator[Partial]:
    now = time.time()
    for path in _incomplete(places, pins):
        try:
            status = path.stat()
        except OSError:
            continue  # somebody finished it
        yield Partial(path=path, size=status.st_size, age=now - status.st_mtime)


def _incomplete(places: Places, pins: Sequence[LockedPin]) -> Iterator[Path]:
    """Partial files in the whole cache, and in the folders that hfpin and `hf` keep in a `local_dir`."""
    yield from sorted(places.cache_dir.glob("*--*/blobs/*.incomplete"))
    for locked in pins:
        if locked.pin.target.local_dir is not None:
            folder = places.snapshot(locked.pin.target)
            yield from sorted((folder / RECORD_DIR).glob("*.incomplete"))
            yield from sorted((folder / ".cache" / "huggingface" / "download").rglob("*.incomplete"))


def _folders(places: Places, pins: Sequence[LockedPin]) -> Iterator[Folder]:
    repos = dict.fromkeys(
        places.repo_folder(pin.pin.repo) for pin in pins if pin.pin.target.local_dir is None
    )
    inner = (folder / name for folder in repos for name in ("", "blobs", "snapshots"))
    for folder in (places.cache_dir, *inner):
        try:
            status = folder.stat()
        except OSError:
            continue  # it is not there yet
        yield Folder(path=folder, mode=status.st_mode, uid=status.st_uid, gid=status.st_gid)


def _unreadable(places: Places, pins: Sequence[LockedPin]) -> Iterator[Path]:
    for locked in pins:
        for file in locked.files:
            path = places.snapshot(locked.pin.target) / file.path
            state, _ = size_state(path, file)
            can_open = state is FileState.MISSING or os.access(path, os.R_OK)
            if state is FileState.UNREADABLE or not can_open:
                yield path


def _second_cache(environ: Mapping[str, str], project: Project, home: Path) -> Path | None:
    """The cache of HF_HOME, where another one is used and this one holds repos."""
    if not environ.get("HF_HOME"):
        return None
    alone = {"HF_HOME": environ["HF_HOME"]}
    hub = find_cache_dir(Config(), alone, root=project.root, home=home)
    if hub == project.places.cache_dir or not any(hub.glob("*--*/snapshots")):
        return None
    return hub


def _client() -> tuple[int, int] | None:
    match = re.match(r"(\d+)\.(\d+)", importlib.metadata.version("huggingface_hub"))
    return (int(match[1]), int(match[2])) if match else None
