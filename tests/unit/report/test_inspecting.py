"""The verdict on a folder: it says no more than was looked at."""

from __future__ import annotations

from pathlib import Path

import pytest

from hfpin.operations.inspect import Checkpoint, Inspection
from hfpin.report.inspecting import render_inspection


def _of(format_: str, tensors: int | None) -> Checkpoint:
    return Checkpoint(name="model", format=format_, files=(f"model.{format_}",), size=1, tensors=tensors)


@pytest.mark.parametrize(
    ("checkpoints", "said"),
    [
        ((_of("safetensors", 3),), ", and every header agrees."),
        (
            (_of("bin", None), _of("safetensors", 3)),
            ", and every header agrees; what is in .bin was not looked at.",
        ),
        ((_of("bin", None), _of("h5", None)), "; what is in .bin and .h5 was not looked at."),
    ],
)
def test_formats_without_headers_are_named(checkpoints: tuple[Checkpoint, ...], said: str) -> None:
    """Of a pickle, nothing agrees with anything: to see what is in it, it would have to be run."""
    found = Inspection(root=Path("m"), kind="model", checkpoints=checkpoints, faults=(), notes=())
    *_, verdict = render_inspection("m", found)
    assert verdict == f"m is whole: every file that is named is there{said}"
