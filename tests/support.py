"""What tests share: a research repo to play in, and the real executables to run there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import pytest

from hfpin.config import Config
from hfpin.hub import Hub, HuggingFaceHub
from hfpin.lock import LockedPin
from hfpin.operations.download import Downloader
from hfpin.operations.fetch import Fetcher
from hfpin.operations.lock import lock
from hfpin.operations.progress import Silent
from hfpin.operations.project import Project, open_project
from hfpin.places import Places

MIB = 1 << 20
SCRIPTS = Path(sys.executable).parent
CLIENT = tuple(int(part) for part in version("huggingface_hub").split(".")[:2])


def since(release: str, reason: str) -> pytest.MarkDecorator:
    """Leave a test out where huggingface_hub is older: what it says is true of the client since then."""
    least = tuple(int(part) for part in release.split("."))
    return pytest.mark.skipif(least > CLIENT, reason=f"huggingface_hub {release}: {reason}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ResearchRepo:
    """A temporary repo, the environment of its user, and the executables of this virtual environment."""

    root: Path
    env: Mapping[str, str]
    places: Places = field(init=False)

    def __post_init__(self) -> None:
        cache = Path(self.env["HF_HOME"], "hub")
        object.__setattr__(self, "places", Places(root=self.root, cache=cache))

    @property
    def project(self) -> Project:
        """The repo as operations see it."""
        return Project(config=Config(), places=self.places)

    def write(self, name: str, text: str) -> Path:
        """Write a file, line endings as they are given."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
        return path

    def read(self, name: str) -> str:
        """Read a file, line endings as they are."""
        return (self.root / name).read_bytes().decode("utf-8")

    def run(self, *command: str | Path, **env: str) -> subprocess.CompletedProcess[str]:
        """Run an executable of this virtual environment, its two streams in one."""
        program = shutil.which(str(command[0]), path=os.pathsep.join((str(SCRIPTS), os.environ["PATH"])))
        assert program is not None, f"{command[0]} is not installed"
        return subprocess.run(
            [program, *command[1:]],
            cwd=self.root,
            env={**self.env, **env},
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            timeout=300,
        )

    def lock(self) -> None:
        """Write the lock as `hfpin lock` does, without a process of its own: most tests only need it."""
        from huggingface_hub import close_session

        project = open_project(self.root, self.env, Path(self.env["HOME"]))
        lock(project, HuggingFaceHub(endpoint=self.env["HF_ENDPOINT"], token=False))
        close_session()  # the next test has another Hub

    def hfpin(self, *args: str | Path, **env: str) -> subprocess.CompletedProcess[str]:
        """Run hfpin."""
        return self.run("hfpin", *args, **env)


def user_environment(home: Path) -> dict[str, str]:
    """The environment of somebody who has set nothing, with a home of their own."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TMPDIR") if name in os.environ}
    pip = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    return (
        kept
        | pip
        | {
            "PATH": os.pathsep.join((str(SCRIPTS), os.environ["PATH"])),
            "HOME": str(home),
            "HF_HOME": str(home / "hf"),
            "HF_ENDPOINT": "http://127.0.0.1:9",  # the discard port: nobody answers
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "PYTHONUTF8": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_AUTHOR_NAME": "tester",
            "GIT_AUTHOR_EMAIL": "tester@localhost",
            "GIT_COMMITTER_NAME": "tester",
            "GIT_COMMITTER_EMAIL": "tester@localhost",
        }
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A model on the embedded Hub.

    Args:
        repo_id: Its id.
        first: The commit tagged `v1`.
        second: The commit of `main`.
        files: The files of `first`, `.gitattributes` apart.
    """

    repo_id: str
    first: str
    second: str
    files: dict[str, bytes]


def safetensors(size: int) -> bytes:
    """A whole file of safetensors with one tensor, of so many bytes in all."""
    room = 128
    end = size - room
    header = f'{{"w": {{"dtype": "U8", "shape": [{end}], "data_offsets": [0, {end}]}}}}'
    data = (
        (room - 8).to_bytes(8, "little")
        + header.ljust(room - 8).encode()
        + bytes(range(256)) * (end // 256 + 1)
    )
    return data[:size]


def fetch_all(places: Places, locked: LockedPin, hub: Hub) -> None:
    """Fetch a pin, which must succeed."""
    fetcher = Fetcher(places=places, config=Config(), hub=hub, downloader=Downloader(progress=Silent()))
    assert fetcher.fetch(locked).error is None


def tree(folder: Path) -> dict[str, bytes]:
    """Read all files below a folder, hfpin's own record apart."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in paths
        if ".cache" not in path.relative_to(folder).parts
    }
