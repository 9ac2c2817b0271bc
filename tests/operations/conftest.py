"""A pin of the small repo on the embedded Hub, as operations meet it."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from hfpin.hub import HuggingFaceHub
from hfpin.lock import LockedPin
from hfpin.patterns import Patterns
from hfpin.pin import Pin, Target
from hfpin.places import Places
from hfpin.repo import Repo
from hfpin.snapshot import write_record
from tests.support import Published


@pytest.fixture
def locked(tiny: Published, client: HuggingFaceHub) -> Callable[..., LockedPin]:
    """Lock a commit of the tiny model, with patterns and destination as asked."""

    def make(
        *,
        commit: str = tiny.first,
        local_dir: str | None = None,
        ignore: tuple[str, ...] = (".gitattributes",),
    ) -> LockedPin:
        patterns = Patterns(ignore=ignore)
        target = Target(repo=Repo(tiny.repo_id), commit=commit, patterns=patterns, local_dir=local_dir)
        files = client.files(target.repo, commit)
        kept = tuple(file for file in files if patterns.keeps(file.path))
        return LockedPin(pin=Pin(name="tiny", target=target, revision="v1"), files=kept)

    return make


@pytest.fixture
def lay(tiny: Published) -> Callable[[Places, LockedPin], None]:
    """Lay a pin's files out by hand, in the cache or in its `local_dir`, as a fetch leaves them."""
    contents = {**tiny.files, "config.json": b""}

    def make(places: Places, locked: LockedPin) -> None:
        target = locked.pin.target
        contents["config.json"] = b'{"a": %d}\n' % (1 if target.commit == tiny.first else 2)
        for file in locked.files:
            path = places.snapshot(target) / file.path
            blob = path if target.local_dir is not None else places.blob(target.repo, file)
            for folder in (path.parent, blob.parent):
                folder.mkdir(parents=True, exist_ok=True)
            blob.write_bytes(contents[file.path])
            if blob != path:
                path.symlink_to(os.path.relpath(blob, path.parent))
        if target.local_dir is not None:
            write_record(places, target, {file.path: str(file.digest) for file in locked.files})

    return make
