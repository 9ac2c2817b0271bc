"""Results of the tasks of one run, brought together."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from hfpin.errors import DestinationError, HfpinError
from hfpin.lock import LockedPin
from hfpin.operations.gathering import Gathering
from hfpin.operations.shards import Shard, part
from hfpin.operations.verify import verify
from hfpin.places import Places
from tests.support import ResearchRepo


def test_one_report(
    repo: ResearchRepo, locked: Callable[..., LockedPin], lay: Callable[[Places, LockedPin], None]
) -> None:
    """What three tasks find of their parts is what one finds of the whole, and nothing stays behind."""
    pin = locked()
    lay(repo.places, pin)
    snapshot = repo.places.snapshot(pin.pin.target)
    (snapshot / "config.json").write_bytes(b"{}")
    (snapshot / "sub" / "tokenizer.json").unlink()
    (snapshot / "extra.txt").write_bytes(b"")
    told: list[object] = []

    def task(number: int) -> None:
        shard = Shard(number=number, count=3, run="7-0")
        gathering = Gathering(root=repo.root, run="7-0", shard=shard)
        with gathering.alive():
            gathering.give(verify(repo.places, part([pin], shard), others=[pin]))
            if number == 0:
                told.append(gathering.collect([pin]))

    tasks = [threading.Thread(target=task, args=(number,)) for number in range(3)]
    for one in tasks:
        one.start()
    for one in tasks:
        one.join()
    assert told == [verify(repo.places, [pin])]
    assert not list((repo.root / ".cache/huggingface/hfpin" / "runs").iterdir())


def test_one_is_missing(repo: ResearchRepo, locked: Callable[..., LockedPin]) -> None:
    """A task that shows no sign of life is named, and where it was."""
    gone = Gathering(root=repo.root, run="7-0", shard=Shard(number=1, count=2))
    gone.folder.mkdir(parents=True)
    gone.give([])  # in a run of the same name, of which nobody collected the results
    with gone.alive():
        pass  # killed before it gave a result
    (gone.folder / "1.alive").write_text("n002")
    first = Gathering(root=repo.root, run="7-0", shard=Shard(number=0, count=2), dead=0.1)
    with first.alive():
        first.give(verify(repo.places, [locked()]))
        with pytest.raises(HfpinError, match="task 1 of 2 on n002 gave no result and no sign of life"):
            first.collect([locked()])


def test_no_link_is_followed(repo: ResearchRepo) -> None:
    """A link that came with the repository lets a run neither write nor remove anything elsewhere."""
    mine = repo.root / "results" / "7-0"
    mine.mkdir(parents=True)
    (mine / "mine.csv").write_text("1")
    runs = repo.root / ".cache/huggingface/hfpin" / "runs"
    runs.parent.mkdir(parents=True)
    runs.symlink_to(mine.parent)
    gathering = Gathering(root=repo.root, run="7-0", shard=Shard(number=0, count=1))
    with pytest.raises(DestinationError) as caught, gathering.alive():
        gathering.collect([])
    assert caught.value.message == f"{runs / '7-0'} leads to {mine}: results would go there"
    assert [path.name for path in mine.iterdir()] == ["mine.csv"]
    runs.unlink()
    gathering.folder.mkdir(parents=True)
    (gathering.folder / "0.alive").symlink_to(mine / "mine.csv")
    with gathering.alive():
        gathering.give([])
        assert gathering.collect([]) == ()
    assert (mine / "mine.csv").read_text() == "1"
