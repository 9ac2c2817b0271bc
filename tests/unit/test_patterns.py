"""Patterns mean what they mean to huggingface_hub."""

from __future__ import annotations

import pytest
from huggingface_hub.utils._paths import filter_repo_objects
from hypothesis import given, settings
from hypothesis import strategies as st

from hfpin.patterns import Patterns
from tests.support import since

PATHS = st.text(alphabet="aAb./\\*[]!-é", min_size=1, max_size=8)
PATTERNS = st.text(alphabet="aAb./\\*?[]!-é", min_size=1, max_size=6)
LISTS = st.none() | st.lists(PATTERNS, max_size=3).map(tuple)


@since("1.26", "patterns with a backslash")
@settings(max_examples=300)
@given(st.lists(PATHS, max_size=8), LISTS, LISTS)
def test_the_same_files_are_kept_as_by_huggingface_hub(
    paths: list[str], allow: tuple[str, ...] | None, ignore: tuple[str, ...] | None
) -> None:
    """For any paths and patterns, hfpin keeps what filter_repo_objects keeps."""
    theirs = filter_repo_objects(
        paths,
        allow_patterns=None if allow is None else list(allow),
        ignore_patterns=None if ignore is None else list(ignore),
    )
    patterns = Patterns(allow=allow, ignore=ignore)
    assert [path for path in paths if patterns.keeps(path)] == list(theirs)


@pytest.mark.parametrize(
    ("allow", "ignore", "path", "kept"),
    [
        (None, None, "model.safetensors", True),
        (("*.json",), None, "config.json", True),
        (("*.json",), None, "deep/config.json", True),
        (("*.json",), None, "config.JSON", False),
        (("onnx/",), None, "onnx/deep/model.onnx", True),
        (("onnx",), None, "onnx/model.onnx", False),
        ((), None, "config.json", False),
        (None, (), "config.json", True),
        (None, ("*.h5", "*.msgpack"), "tf_model.h5", False),
        (("*.json",), ("secret*",), "secret.json", False),
        (("model-0000[12].bin",), None, "model-00002.bin", True),
        (("a\\*",), None, "a/b", True),
    ],
)
def test_a_pattern_means(
    allow: tuple[str, ...] | None, ignore: tuple[str, ...] | None, path: str, *, kept: bool
) -> None:
    """A star crosses folders, case counts, a final slash means all below, and ignoring goes last."""
    assert Patterns(allow=allow, ignore=ignore).keeps(path) is kept
