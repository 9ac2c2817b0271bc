"""What the pytest host decides without pytest: keys of what was loaded, types and devices, missing pins."""

from __future__ import annotations

import functools
import multiprocessing
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hfpin.errors import ConfigError, HfpinError, NetworkError
from hfpin.pytest_plugin.loading import Loaded, frozen, load_to, rank
from hfpin.pytest_plugin.missing import choose
from hfpin.pytest_plugin.sharing import Shared

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from([0.0, 1.0, "", "a", b"a"]),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from("ab"), inner) | st.tuples(inner, inner),
    max_leaves=6,
)


def spelled(value: Any) -> str:
    """A value as it is written, the keys of its dicts in order: equal for equal values of equal types."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key!r}: {spelled(value[key])}' for key in sorted(value))}}}"
    if isinstance(value, list | tuple):
        return f"{type(value).__name__}({', '.join(spelled(item) for item in value)})"
    return repr(value)


@given(VALUES, VALUES)
def test_keys_are_equal_for_equal_arguments(one: Any, two: Any) -> None:
    """Keys are hashable, and equal where arguments are written the same: 1, 1.0 and True are three."""
    assert (frozen(one) == frozen(two)) is (spelled(one) == spelled(two))
    assert hash(frozen(one)) == hash(frozen(one))


class Unhashable:
    """Equal to everything, as an array may seem to be."""

    __hash__ = None  # type: ignore[assignment]  # the point of it

    def __eq__(self, other: object) -> bool:
        return True


def test_loaded_once() -> None:
    """A loader is called once for its arguments, methods and partials included; what fails is tried again."""
    calls: list[object] = []

    class Model:
        @classmethod
        def from_pretrained(cls, path: str, **kwargs: object) -> object:
            calls.append((path, kwargs))
            if len(calls) == 1:
                raise RuntimeError("out of memory")
            return cls()

    loaded, odd = Loaded(), Unhashable()
    with pytest.raises(RuntimeError):
        loaded.load(Model.from_pretrained, ("p",), {})
    first = loaded.load(Model.from_pretrained, ("p",), {})
    assert loaded.load(Model.from_pretrained, ("p",), {}) is first
    assert loaded.load(functools.partial(Model.from_pretrained, a=[1]), ("p",), {}) is loaded.load(
        functools.partial(Model.from_pretrained, a=[1]), ("p",), {}
    )
    assert loaded.load(Model.from_pretrained, ("p",), {"a": odd}) is loaded.load(
        Model.from_pretrained, ("p",), {"a": odd}
    )
    assert loaded.load(Model.from_pretrained, ("p",), {"a": Unhashable()}) is not first
    assert len(calls) == 5
    loaded.clear()
    assert loaded.load(Model.from_pretrained, ("p",), {}) is not first


class Movable:
    """Something that remembers where it was put."""

    def __init__(self, source: str, **kwargs: object) -> None:
        self.seen: list[object] = [source, kwargs]

    def to(self, **kwargs: object) -> Movable:
        """Go elsewhere."""
        self.seen.append(kwargs)
        return self


def test_placed() -> None:
    """A model is moved only where that was asked for; the type `auto` is the loader's business."""
    assert load_to(Movable, "p", None, None, {"a": 1}).seen == ["p", {"a": 1}]
    assert load_to(len, "path", None, None, {}) == 4
    assert load_to(Movable, "p", "auto", "cuda:1", {}).seen == ["p", {}, {"device": "cuda:1"}]
    kind = object()
    assert load_to(Movable, "p", kind, "cpu", {}).seen == ["p", {}, {"dtype": kind, "device": "cpu"}]


@pytest.mark.parametrize(
    ("module", "name"), [("transformers.models.auto", "dtype"), ("diffusers.x", "torch_dtype")]
)
def test_types_that_libraries_load_in(module: str, name: str) -> None:
    """Transformers and diffusers are told the type while they load, so that weights are never there twice."""

    def from_pretrained(source: str, **kwargs: object) -> object:
        return source, kwargs

    from_pretrained.__module__ = module
    kind = object()
    assert load_to(functools.partial(from_pretrained, a=1), "p", kind, None, {}) == (
        "p",
        {"a": 1, name: kind},
    )


def test_what_takes_no_device() -> None:
    """A tokenizer cannot be put on a GPU, and the message names what it was."""
    with pytest.raises(ConfigError) as caught:
        load_to(str, "p", None, "cpu", {})
    assert caught.value.message == "builtins.str has no `to`, so it takes no device"


@pytest.mark.parametrize(
    ("environ", "number"),
    [({}, 0), ({"LOCAL_RANK": "3", "PYTEST_XDIST_WORKER": "gw1"}, 3), ({"PYTEST_XDIST_WORKER": "gw12"}, 12)],
)
def test_rank(environ: dict[str, str], number: int) -> None:
    """Processes that share a machine count themselves, so that each takes a GPU of its own."""
    assert rank(environ) == number


@pytest.mark.parametrize(
    ("asked", "online", "offline"),
    [(None, "fetch", "fail"), ("fetch", "fetch", "fail"), ("skip", "skip", "skip"), ("fail", "fail", "fail")],
)
def test_missing(asked: str | None, online: str, offline: str) -> None:
    """Nothing is fetched offline, whoever asks for it; else it is as it was asked for."""
    assert choose(asked, is_offline=False) == online
    assert choose(asked, is_offline=True) == offline


def _count(parent: Path, fail: bool, results: Any) -> None:  # noqa: FBT001  # an argument of a process
    def do() -> HfpinError | None:
        with (parent / "calls").open("a") as calls:
            calls.write("x")
        return NetworkError("no answer", hint="Ask again.") if fail else None

    error = Shared("run", is_owner=False, parent=parent).once("pin", do)
    results.put(None if error is None else (error.message, error.hint))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on Windows")
@pytest.mark.parametrize("fail", [True, False])
def test_shared_by_processes(tmp_path: Path, *, fail: bool) -> None:
    """A failure is that of the first process, in the same words; after a success each looks for itself."""
    context = multiprocessing.get_context("fork")
    results = context.Queue()
    processes = [context.Process(target=_count, args=(tmp_path, fail, results)) for _ in range(4)]
    for process in processes:
        process.start()
    told = {results.get() for _ in processes}
    for process in processes:
        process.join()
    assert told == {("no answer", "Ask again.") if fail else None}
    assert len((tmp_path / "calls").read_text()) == (1 if fail else 4)


def test_shared_folder(tmp_path: Path) -> None:
    """The folder is ours alone and goes with the run; one that is somebody else's is not used, nor missed."""
    shared = Shared("one", is_owner=True, parent=tmp_path)
    assert shared.once("pin", lambda: None) is None
    (folder,) = tmp_path.iterdir()
    assert folder.stat().st_mode & 0o777 == 0o700
    shared.close()
    assert list(tmp_path.iterdir()) == []
    folder.symlink_to(tmp_path / "elsewhere")
    error = HfpinError("no")
    assert shared.once("pin", lambda: error) is error
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize(
    ("workerinput", "environ", "same"),
    [
        ({}, {}, False),
        ({"hfpin_shared": "n"}, {}, True),
        ({}, {"TORCHELASTIC_RUN_ID": "none", "MASTER_PORT": "1"}, True),
    ],
)
def test_shared_name(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    workerinput: dict[str, str],
    environ: dict[str, str],
    *,
    same: bool,
) -> None:
    """Processes of one run name the same folder, and two runs never do."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    made: list[Callable[[], None]] = []
    for _ in range(2):
        shared = Shared.of(workerinput, environ)
        shared.once("pin", lambda: None)
        made.append(shared.close)
    assert len(list(tmp_path.iterdir())) == (1 if same else 2)
    for close in made:
        close()
    assert len(list(tmp_path.iterdir())) == (1 if same else 0)
