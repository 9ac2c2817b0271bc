"""Staging: pins from the shared cache on a disk of this node."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from hfpin.config import Config
from hfpin.errors import ConfigError, DestinationError, HfpinError, IntegrityError
from hfpin.lock import LockedPin
from hfpin.operations import failure, partial, room, sharing
from hfpin.operations.fetched import Fetched
from hfpin.operations.progress import Silent
from hfpin.operations.stage import stage
from hfpin.operations.staged import find_stage, staged, staged_places
from hfpin.operations.turn import turn
from hfpin.operations.verify import verify
from hfpin.places import Places
from tests.support import MIB, ResearchRepo, tree

Lay = Callable[[Places, LockedPin], None]
Locked = Callable[..., LockedPin]
Run = Callable[..., list[Fetched]]
Met = Callable[[HfpinError], BaseException | None]


@pytest.fixture
def node(tmp_path: Path) -> Path:
    """A folder of this node."""
    return tmp_path / "node"


@pytest.fixture
def run(repo: ResearchRepo, node: Path) -> Run:
    """Stage pins to the node."""

    def run(*pins: LockedPin) -> list[Fetched]:
        return list(stage(repo.places, pins, node, Config(), Silent()))

    return run


@pytest.fixture
def no_sharing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be shared, as between two disks."""

    def refuse(*_: Path) -> None:
        raise OSError

    monkeypatch.setattr(sharing, "_reflink", refuse)
    monkeypatch.setattr(sharing, "_link_blob", refuse)


@pytest.mark.usefixtures("no_sharing")
@pytest.mark.parametrize("local_dir", [None, "data/tiny"])
def test_copies(
    repo: ResearchRepo,
    node: Path,
    locked: Locked,
    lay: Lay,
    run: Run,
    local_dir: str | None,
) -> None:
    """A pin, from the cache or a `local_dir`, becomes a standard cache of the node, once."""
    pin = locked(local_dir=local_dir)
    lay(repo.places, pin)
    assert run(pin) == [Fetched(locked=staged(pin), files=3, fetched=pin.size)]
    goal = staged_places(repo.places, node)
    assert goal.cache_dir == node / "hub"
    snapshot = goal.snapshot(staged(pin).pin.target)
    assert snapshot == node / "hub" / "models--acme--tiny" / "snapshots" / pin.pin.commit
    assert tree(snapshot) == tree(repo.places.snapshot(pin.pin.target))
    assert verify(goal, [staged(pin)])[0].is_right
    assert run(pin) == [Fetched(locked=staged(pin))]


def test_shares_bytes(repo: ResearchRepo, node: Path, locked: Locked, lay: Lay, run: Run) -> None:
    """On the same file system nothing is copied, and digests are checked all the same."""
    pin = locked()
    lay(repo.places, pin)
    (staged_pin,) = run(pin)
    assert (staged_pin.error, staged_pin.fetched, staged_pin.kept) == (None, 0, pin.size)
    assert not list((node / "hub").rglob("*.hfpin"))


@pytest.mark.parametrize("shares", [True, False])
def test_wrong_bytes(
    repo: ResearchRepo,
    node: Path,
    locked: Locked,
    lay: Lay,
    run: Run,
    request: pytest.FixtureRequest,
    shares: bool,  # noqa: FBT001  # a parameter of the test
) -> None:
    """A flipped byte in the shared cache is named, nothing of the file is staged, and the next pin is."""
    if not shares:
        request.getfixturevalue("no_sharing")
    pin = locked()
    lay(repo.places, pin)
    weights = repo.places.snapshot(pin.pin.target) / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[MIB] ^= 1
    weights.write_bytes(content)
    (result,) = run(pin)
    assert isinstance(result.error, IntegrityError)
    assert result.error.message.startswith(f"{weights} is not what hfpin.lock says: ")
    assert not list((node / "hub").rglob("model.safetensors"))


def test_incomplete(repo: ResearchRepo, node: Path, locked: Locked, lay: Lay, run: Run) -> None:
    """A pin that the shared cache lacks is refused before the first byte, with the command that brings it."""
    pin = locked()
    lay(repo.places, pin)
    (repo.places.snapshot(pin.pin.target) / "config.json").unlink()
    with pytest.raises(DestinationError, match="is not complete here: 1 of 3 files") as refused:
        run(pin)
    assert "hfpin fetch tiny" in str(refused.value.hint)
    assert not node.exists()


def test_partial_files_go_away(
    repo: ResearchRepo, node: Path, locked: Locked, lay: Lay, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A partial file that another process is done with between two looks is none; nothing fails by it."""
    pin = locked()
    lay(repo.places, pin)
    blobs = staged_places(repo.places, node).repo_folder(pin.pin.repo) / "blobs"
    blobs.mkdir(parents=True)
    gone = [blobs / f"{pin.files[0].digest.hex}.elsewhere.{number}{partial.SUFFIX}" for number in (1, 2)]
    look = room._entries  # noqa: SLF001  # the moment between two looks is there

    def look_late(folder: Path) -> list[os.DirEntry[str]]:
        entries = list(look(folder))
        gone[0].unlink(missing_ok=True)
        return entries

    def judge_late(entry: os.DirEntry[str]) -> bool:
        gone[1].unlink()
        return entry.name == gone[1].name

    for path in gone:
        path.touch()
    monkeypatch.setattr(room, "_entries", look_late)
    monkeypatch.setattr(partial, "_is_abandoned", judge_late)
    assert [one.error for one in run(pin)] == [None]
    assert not any(path.exists() for path in gone)


@pytest.mark.skipif(os.name == "nt", reason="no owners there")
def test_a_cache_of_another_user(node: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where everybody may write, as in /tmp, a cache that somebody else put there is not used."""
    hub = node / "hub"
    hub.mkdir(parents=True)
    me = os.getuid()
    if me == 0:
        os.chown(hub, 4242, -1)
    else:
        monkeypatch.setattr(os, "getuid", lambda: me + 1)
    assert find_stage(node, {}) == node
    node.chmod(0o1777)
    for to, environ in ((node, {}), (hub / "mine", {}), (None, {"TMPDIR": str(node)})):
        with pytest.raises(DestinationError) as caught:
            find_stage(to, environ)
        assert caught.value.message == (
            f"{hub} is another user's, in a folder where everybody may put something"
        )


def test_which_folder(tmp_path: Path) -> None:
    """The user's word comes first, then Slurm's, then the usual variable; without any nothing is guessed."""
    both = {"SLURM_TMPDIR": "/slurm", "TMPDIR": "/tmp/x"}
    assert find_stage(tmp_path, both) == tmp_path
    assert find_stage(None, both) == Path("/slurm").absolute()
    assert find_stage(None, {"TMPDIR": "/tmp/x"}) == Path("/tmp/x").absolute()
    with pytest.raises(ConfigError, match="nothing says where this node's own disk is"):
        find_stage(None, {})


class TestSharedFailure:
    """What went wrong in one's turn is raised for everybody who waited for it."""

    @pytest.fixture
    def fail_while_waited_for(self, tmp_path: Path) -> Met:
        """Fail in a turn that another thread waits for; give what that thread meets."""

        def run(error: HfpinError) -> BaseException | None:
            waits = threading.Event()
            met: list[BaseException | None] = []

            def wait() -> None:
                try:
                    with turn(tmp_path, idle=60, waiting=lambda _: waits.set()):
                        met.append(None)
                except HfpinError as caught:
                    met.append(caught)

            waiter = threading.Thread(target=wait)
            with contextlib.suppress(type(error)), turn(tmp_path, idle=60, waiting=lambda _: None):
                waiter.start()
                assert waits.wait(60)
                raise error
            waiter.join()
            return met[0]

        return run

    def test_is_raised(self, fail_while_waited_for: Met) -> None:
        """Kind, message and hint arrive."""
        met = fail_while_waited_for(IntegrityError("bad bytes", hint="mend them"))
        assert isinstance(met, IntegrityError)
        assert (met.message, met.hint) == ("bad bytes", "mend them")

    def test_once(self, tmp_path: Path, fail_while_waited_for: Met) -> None:
        """Who comes later tries for himself; where that works it is forgotten."""
        fail_while_waited_for(IntegrityError("bad bytes"))
        assert failure.last(tmp_path) is not None
        with turn(tmp_path, idle=60, waiting=lambda _: None):
            pass
        assert failure.last(tmp_path) is None

    def test_link_is_not_followed(self, tmp_path: Path) -> None:
        """A link of that name is replaced, not written through."""
        other = tmp_path / "other"
        other.write_text("mine")
        (tmp_path / failure.NAME).symlink_to(other)
        failure.leave(tmp_path, HfpinError("x"))
        assert other.read_text() == "mine"
        assert failure.last(tmp_path) is not None

    @pytest.mark.skipif(
        not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a file away"
    )
    def test_of_another_user(self, tmp_path: Path) -> None:
        """What another user may not read, this one may: only one's own failures are shared."""
        failure.leave(tmp_path, HfpinError("x"))
        os.chown(tmp_path / failure.NAME, 65534, 65534)
        assert failure.last(tmp_path) is None

    @pytest.mark.parametrize("text", ["", "[]", '{"number": 1}', '{"kind": "os", "message": 1, "hint": 2}'])
    def test_nonsense(self, tmp_path: Path, text: str) -> None:
        """What is no failure of ours is none."""
        (tmp_path / failure.NAME).write_text(text)
        assert failure.last(tmp_path) is None
