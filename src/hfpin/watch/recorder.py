"""Writes down which repos a process opens and asks for, from which line of code, for which test.

Each process appends to a file of its own, one JSON object a line, as soon as it sees something new: a process
that is killed has said what it did until then.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from hfpin.watch.access import Access, parse_path, parse_url
from hfpin.watch.stack import Line, is_ours, outward, user_lines

SETTINGS = "settings.json"
RECORDS = ".jsonl"
FAULTS = ".fault"
TEST_VARIABLE = "PYTEST_CURRENT_TEST"
"""Set by pytest, and inherited by what a test starts
(https://docs.pytest.org/en/stable/example/simple.html#pytest-current-test-environment-variable)."""


class LocalDir(NamedTuple):
    """A pin's own folder outside of the cache.

    Args:
        path: The folder, absolute.
        repo_type: The repo's type.
        repo_id: Its id.
        commit: The commit that the pin brings there.
    """

    path: str
    repo_type: str
    repo_id: str
    commit: str


class Settings(NamedTuple):
    """What a recorder has to know.

    Args:
        root: The user's project, absolute: where their own code is.
        hosts: The hosts of Hubs, with their ports: requests to others are none of its business.
        local_dirs: Folders outside of the cache that hold pins.
    """

    root: str
    hosts: tuple[str, ...]
    local_dirs: tuple[LocalDir, ...] = ()


class Recorder:
    """Hears what is opened and asked for, and writes down what is new.

    Args:
        folder: Where to write.
        settings: What to know.
        environ: The environment, for the test that is running.
    """

    def __init__(self, folder: str, settings: Settings, environ: Mapping[str, str]) -> None:
        self._folder = folder
        self._settings = settings
        self._environ = environ
        self._seen: set[tuple[Access, str, tuple[Line, ...]]] = set()

    def opened(self, path: Any) -> None:
        """Note what is opened or listed, if it is of a repo."""
        try:
            text = os.fsdecode(path)
        except (TypeError, ValueError):  # a descriptor, say
            return
        access = parse_path(text) or self._in_local_dir(text)
        if access is not None:
            self.note(access)

    def requested(self, url: str) -> None:
        """Note what is asked of a Hub."""
        access = parse_url(url)
        if access is not None and _host(url) in self._settings.hosts:
            self.note(access)

    def note(self, access: Access) -> None:
        """Note an access, unless it was noted for this test and line before, or is hfpin's own."""
        frames = list(outward(sys._getframe()))  # noqa: SLF001  # which code is at work is the question
        if access.kind != "given" and is_ours(frames):
            return
        lines = user_lines(frames, self._settings.root)
        test = self._environ.get(TEST_VARIABLE, "").rpartition(" ")[0]
        key = (access, test, lines)
        if key in self._seen:
            return
        self._seen.add(key)
        record = {**access._asdict(), "test": test, "lines": lines}
        _append(self._folder, RECORDS, json.dumps(record))

    def _in_local_dir(self, path: str) -> Access | None:
        if not self._settings.local_dirs:
            return None
        full = os.path.abspath(path)  # noqa: PTH100  # children do without pathlib
        for one in self._settings.local_dirs:
            for folder in (one.path, os.path.realpath(one.path)):
                if full.startswith(f"{folder}{os.sep}"):
                    file = full[len(folder) + 1 :].replace(os.sep, "/")
                    if file.startswith(".cache/"):
                        return None  # the account that hfpin and huggingface_hub keep there
                    return Access("file", one.repo_type, one.repo_id, one.commit, file)
        return None


def careful(folder: str, note: Callable[[], None]) -> None:
    """Note something, and never let the program that is watched fail for it.

    What could not be noted is said in the folder, where that can be written: an audit that missed something
    must not pass for one that found nothing.
    """
    try:
        note()
    except Exception as error:  # noqa: BLE001  # see above
        try:
            _append(folder, FAULTS, f"{type(error).__name__}: {error}")
        except OSError:
            return


def write_settings(folder: str, settings: Settings) -> None:
    """Leave the settings in the folder of the records, for child processes."""
    with open(os.path.join(folder, SETTINGS), "w", encoding="utf-8") as file:  # noqa: PTH118, PTH123  # no pathlib here
        json.dump(settings, file)


def read_settings(folder: str) -> Settings:
    """Read what `write_settings` left.

    Raises:
        OSError: The folder is gone: whoever watched has ended.
    """
    with open(os.path.join(folder, SETTINGS), encoding="utf-8") as file:  # noqa: PTH118, PTH123  # no pathlib here
        root, hosts, local_dirs = json.load(file)
    return Settings(root, tuple(hosts), tuple(LocalDir(*one) for one in local_dirs))


def _append(folder: str, ending: str, line: str) -> None:
    path = os.path.join(folder, f"{os.getpid()}{ending}")  # noqa: PTH118  # no pathlib here
    with open(path, "ab", buffering=0) as file:  # noqa: PTH123  # as above
        file.write(line.encode() + b"\n")


def _host(url: str) -> str:
    from urllib.parse import urlsplit

    return urlsplit(url).netloc.rpartition("@")[2]
