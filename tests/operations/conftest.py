"""A pin of the small repo on the embedded Hub, as operations meet it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hfpin.hub import HuggingFaceHub
from hfpin.lock import LockedPin
from hfpin.patterns import Patterns
from hfpin.pin import Pin, Target
from hfpin.repo import Repo
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
