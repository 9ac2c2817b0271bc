"""How a large file comes: over one connection that is fast enough, or in several ranges."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest

from hfpin.config import Config
from hfpin.hub import HuggingFaceHub
from hfpin.lock import LockedPin
from hfpin.operations.download import Downloader, Patience
from hfpin.operations.fetch import Fetcher
from hfpin.operations.fetched import Fetched
from hfpin.operations.progress import Silent
from hfpin.operations.ranges import LARGE, RANGE
from hfpin.operations.verify import verify
from hfpin.pin import Pin, Target
from hfpin.places import Places
from hfpin.repo import Repo
from hfpin.testing import Fault, LocalHub

SIZE = LARGE + 2 * RANGE + 5
REPO = Repo("acme/large")


class Watched(Silent):
    """Progress that does something once so many bytes have come.

    Args:
        after: How many.
        what: What to do.
    """

    def __init__(self, after: int, what: Callable[[], None]) -> None:
        self._left = after
        self._what = what

    def advance(self, count: int) -> None:
        """Count, and do it when the time has come."""
        was, self._left = self._left, self._left - count
        if was > 0 >= self._left:
            self._what()


@pytest.fixture
def locked(hf_local_hub: LocalHub, client: HuggingFaceHub, tmp_path: Path) -> LockedPin:
    """A pin of one large file on the embedded Hub."""
    weights = tmp_path / "weights"
    weights.write_bytes(bytes(range(251)) * (SIZE // 251 + 1))
    with weights.open("r+b") as file:
        file.truncate(SIZE)
    hf_local_hub.create_repo(REPO.repo_id)
    commit = hf_local_hub.commit(REPO.repo_id, {"model.safetensors": weights})
    files = tuple(file for file in client.files(REPO, commit) if file.size == SIZE)
    target = Target(repo=REPO, commit=commit)
    hf_local_hub.clear_requests()
    return LockedPin(pin=Pin(name="large", target=target, revision="main"), files=files)


@pytest.fixture
def fetch(locked: LockedPin, client: HuggingFaceHub, tmp_path: Path) -> Callable[..., Fetched]:
    """Fetch the pin, with a given idea of what is fast, and verify it."""
    places = Places(root=tmp_path, cache=tmp_path / "hub")

    def run(fast: float, progress: Silent | None = None) -> Fetched:
        downloader = Downloader(
            progress=progress or Silent(), patience=Patience(wait=0.01), fast=fast, durable=False
        )
        fetcher = Fetcher(places=places, config=Config(), hub=client, downloader=downloader)
        result = fetcher.fetch(locked)
        assert result.error is None
        assert [one.is_right for one in verify(places, [locked])] == [True]
        return result

    return run


def ranges(hub: LocalHub) -> list[str | None]:
    """The ranges that the Hub's CDN was asked for, sorted."""
    return sorted((one.range for one in hub.requests if "/lfs/" in one.path), key=str)


def resolved(hub: LocalHub) -> int:
    """How often the Hub itself was asked where the file is."""
    return sum("/resolve/" in one.path for one in hub.requests)


def test_a_fast_connection_is_enough(fetch: Callable[..., Fetched], hf_local_hub: LocalHub) -> None:
    """Where the first range came fast, one more request brings the rest."""
    assert fetch(fast=0).fetched == SIZE
    assert ranges(hf_local_hub) == [f"bytes=0-{RANGE - 1}", f"bytes={RANGE}-{SIZE - 1}"]
    assert resolved(hf_local_hub) == 1


def test_a_slow_one_gets_company(fetch: Callable[..., Fetched], hf_local_hub: LocalHub) -> None:
    """Where it was slow the rest comes in ranges, and the Hub is not asked again where the file is."""
    assert fetch(fast=math.inf).fetched == SIZE
    starts = [0, *range(RANGE, SIZE, RANGE)]
    assert ranges(hf_local_hub) == sorted(f"bytes={one}-{min(one + RANGE, SIZE) - 1}" for one in starts)
    assert resolved(hf_local_hub) == 1


def test_an_address_expires(fetch: Callable[..., Fetched], hf_local_hub: LocalHub) -> None:
    """An address on the CDN that is refused, as an expired one is, is asked for anew, and no byte is lost."""
    expired = Fault(kind="status", status=403, origin="cdn", match="/lfs/")  # once: the next address is good
    result = fetch(fast=math.inf, progress=Watched(RANGE // 2, lambda: hf_local_hub.inject(expired)))
    assert result.fetched == SIZE
    assert resolved(hf_local_hub) == 2
    assert sum(one.status == 403 for one in hf_local_hub.requests) == 1


def test_a_range_is_dropped(fetch: Callable[..., Fetched], hf_local_hub: LocalHub) -> None:
    """A connection that breaks in a range costs that range: what came before it is kept."""
    drop = Fault(kind="drop", origin="cdn", match="/lfs/", after=RANGE // 2)
    result = fetch(fast=math.inf, progress=Watched(RANGE // 2, lambda: hf_local_hub.inject(drop)))
    assert result.fetched == SIZE
    sent = sum(one.bytes_sent for one in hf_local_hub.requests if "/lfs/" in one.path)
    assert sent <= SIZE + 4 * RANGE
