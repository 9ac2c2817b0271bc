"""What patterns and formats keep of a commit, and what that means for the model."""

from __future__ import annotations

import json

import pytest
from huggingface_hub.utils._paths import filter_repo_objects
from hypothesis import given
from hypothesis import strategies as st

from hfpin.digest import Digest
from hfpin.lock import Dropped, LockedFile
from hfpin.operations.select import Selection, select
from hfpin.patterns import Patterns
from hfpin.pin import Target
from hfpin.repo import Repo, RepoType

SHARDS = ("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors")
INDEX = "model.safetensors.index.json"
OLD_SHARDS = ("pytorch_model-00001-of-00002.bin", "pytorch_model-00002-of-00002.bin")
OLD_INDEX = "pytorch_model.bin.index.json"
WEIGHT_MAPS = {INDEX: SHARDS, OLD_INDEX: OLD_SHARDS}


def locked_file(path: str) -> LockedFile:
    """Give a file of as many bytes as its name is long."""
    return LockedFile(path=path, size=len(path), digest=Digest("git-sha1", "0" * 40))


def chosen(
    *paths: str,
    allow: tuple[str, ...] | None = None,
    ignore: tuple[str, ...] | None = None,
    safetensors: bool = False,
    repo_type: RepoType = "model",
    asked: list[str] | None = None,
) -> Selection:
    """Select among files; which indices were read goes to `asked`."""

    def read_index(file: LockedFile) -> bytes:
        if asked is not None:
            asked.append(file.path)
        folder, _, name = file.path.rpartition("/")
        assert folder in {"", "unet"}
        return json.dumps({"weight_map": dict(enumerate(WEIGHT_MAPS[name]))}).encode()

    target = Target(
        repo=Repo("a/b", repo_type),
        commit="0" * 40,
        patterns=Patterns(allow=allow, ignore=ignore),
        formats="safetensors" if safetensors else None,
    )
    return select([locked_file(path) for path in sorted(paths)], target, read_index)


def test_each_file_that_is_left_out_has_one_reason() -> None:
    """Patterns go first, each with what it took; then the formats that are there twice."""
    selection = chosen(
        *("config.json", "model.safetensors", "pytorch_model.bin", "tf_model.h5", "x.h5", "a.txt"),
        allow=("*.json", "*.safetensors", "*.bin", "*.h5", "*.none"),
        ignore=("tf_*", "*.h5", "*.msgpack"),
        safetensors=True,
    )
    assert [file.path for file in selection.kept] == ["config.json", "model.safetensors"]
    assert selection.dropped == (
        Dropped(by="allow_patterns", pattern="", files=1, size=5),
        Dropped(by="formats", pattern="*.bin", files=1, size=17),
        Dropped(by="ignore_patterns", pattern="*.h5", files=1, size=4),
        Dropped(by="ignore_patterns", pattern="tf_*", files=1, size=11),
    )
    assert selection.unmatched_patterns == ("allow_patterns '*.none'", "ignore_patterns '*.msgpack'")
    assert selection.incomplete is None


PATHS = st.sets(st.text(alphabet="ab./*[", min_size=1, max_size=6), max_size=8)
LISTS = st.none() | st.lists(st.text(alphabet="ab./*?[]", min_size=1, max_size=5), max_size=3).map(tuple)


@given(PATHS, LISTS, LISTS)
def test_the_same_is_kept_as_by_huggingface_hub_and_the_rest_is_accounted_for(
    paths: set[str], allow: tuple[str, ...] | None, ignore: tuple[str, ...] | None
) -> None:
    """What is kept is what `snapshot_download` would bring; kept and dropped add up to the commit."""
    selection = chosen(*paths, allow=allow, ignore=ignore)
    theirs = filter_repo_objects(
        sorted(paths),
        allow_patterns=None if allow is None else list(allow),
        ignore_patterns=None if ignore is None else list(ignore),
    )
    assert [file.path for file in selection.kept] == list(theirs)
    assert len(selection.kept) + sum(one.files for one in selection.dropped) == len(paths)
    sizes = sum(file.size for file in selection.kept) + sum(one.size for one in selection.dropped)
    assert sizes == sum(map(len, paths))


@pytest.mark.parametrize(
    ("paths", "patterns", "incomplete", "asked"),
    [
        (
            ("config.json", "model.safetensors", "pytorch_model.bin"),
            {"ignore": ("*.safetensors", "*.bin")},
            "every weight file is left out by ignore_patterns '*.safetensors' and ignore_patterns '*.bin'",
            [],
        ),
        (
            ("config.json", "model.safetensors"),
            {"allow": ("*.json",)},
            "every weight file is left out by allow_patterns",
            [],
        ),
        (
            (INDEX, *SHARDS),
            {"ignore": ("*-00002-*",)},
            f"{SHARDS[1]}, which {INDEX} names, is left out by ignore_patterns '*-00002-*'",
            [INDEX],
        ),
        (
            (f"unet/{INDEX}", *(f"unet/{shard}" for shard in SHARDS), "a.bin"),
            {"ignore": ("*-00001-*",)},
            f"unet/{SHARDS[0]}, which unet/{INDEX} names, is left out by ignore_patterns '*-00001-*'",
            [f"unet/{INDEX}"],
        ),
        (
            (INDEX, *SHARDS, OLD_INDEX, *OLD_SHARDS),
            {"ignore": ("*.safetensors",)},
            f"{SHARDS[0]}, which {INDEX} names, is left out by ignore_patterns '*.safetensors'",
            [INDEX],
        ),
        (
            (OLD_INDEX, *OLD_SHARDS),
            {"ignore": ("*-00001-*",)},
            f"{OLD_SHARDS[0]}, which {OLD_INDEX} names, is left out by ignore_patterns '*-00001-*'",
            [OLD_INDEX],
        ),
        ((INDEX, *SHARDS, OLD_INDEX, *OLD_SHARDS), {"ignore": ("*.bin",)}, None, []),
        ((INDEX, *SHARDS, "consolidated.safetensors"), {"ignore": ("model-*",)}, None, [INDEX]),
        ((INDEX, *SHARDS, "consolidated.safetensors"), {"ignore": ("consolidated*",)}, None, [INDEX]),
        (("config.json", "optimizer.pt"), {"ignore": ("*.pt",)}, None, []),
        ((INDEX, *SHARDS), {}, None, []),
    ],
)
def test_a_model_that_cannot_be_loaded_is_known(
    paths: tuple[str, ...],
    patterns: dict[str, tuple[str, ...]],
    incomplete: str | None,
    asked: list[str],
) -> None:
    """Lost weights are blamed on their pattern; a format left out whole is a choice; few indices are read."""
    read: list[str] = []
    selection = chosen(*paths, allow=patterns.get("allow"), ignore=patterns.get("ignore"), asked=read)
    assert (selection.incomplete, read) == (incomplete, asked)


def test_formats_leave_a_model_that_can_be_loaded() -> None:
    """What `formats` leaves out takes its index along, so no shard is named that is not there."""
    selection = chosen(INDEX, *SHARDS, OLD_INDEX, *OLD_SHARDS, safetensors=True)
    assert [file.path for file in selection.kept] == [*SHARDS, INDEX]
    assert selection.incomplete is None


def test_a_dataset_has_no_weights() -> None:
    """Only a model can be left without weights."""
    assert chosen("a.bin", "b.txt", ignore=("*.bin",), repo_type="dataset").incomplete is None
