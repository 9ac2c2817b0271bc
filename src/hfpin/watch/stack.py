"""What the frames of a stack tell: which line of the user's code is at work, and which repo is asked for."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from types import FrameType
from typing import Any, NamedTuple

from hfpin.watch.access import Access, parse_url

_WATCH = os.path.dirname(os.path.abspath(__file__)) + os.sep  # noqa: PTH100, PTH120  # children do without pathlib
_OWN = os.path.dirname(_WATCH[:-1]) + os.sep  # noqa: PTH120  # as above
_STANDARD = os.path.dirname(os.__file__) + os.sep  # noqa: PTH120  # as above; sysconfig takes long to load
_INSTALLED = ("site-packages", "dist-packages")
_SHOWN = 4
_TYPED = ("<string>", "<stdin>")  # python -c, and a terminal
_SCRIPTS = os.path.dirname(sys.executable) + os.sep  # noqa: PTH120  # as above


class Line(NamedTuple):
    """A line of code."""

    path: str
    number: int


def outward(frame: FrameType | None) -> Iterator[FrameType]:
    """Walk a stack from the innermost frame out, past those that only watch."""
    while frame is not None and frame.f_code.co_filename.startswith(_WATCH):
        frame = frame.f_back
    while frame is not None:
        yield frame
        frame = frame.f_back


def user_lines(frames: Iterable[FrameType], root: str) -> tuple[Line, ...]:
    """Find the lines of the user's own code that are at work, from the innermost out, a few at most.

    They are those below `root`; where there are none, those of no installed package.

    Args:
        frames: A stack, from the innermost frame out.
        root: The user's project, an absolute path.
    """
    below = root.rstrip(os.sep) + os.sep
    lines = [
        Line(frame.f_code.co_filename, frame.f_lineno)
        for frame in frames
        if _is_users(frame.f_code.co_filename)
    ]
    named = [line for line in lines if line.path not in _TYPED] or lines
    near = [line for line in named if line.path.startswith(below) or not line.path.startswith(os.sep)]
    return tuple((near or named)[:_SHOWN])


def is_ours(frames: Iterable[FrameType]) -> bool:
    """Whether it is hfpin itself that is at work, whatever it uses of the standard library."""
    for frame in frames:
        path = frame.f_code.co_filename
        if not path.startswith((_STANDARD, "<frozen")):
            return path.startswith(_OWN)
    return False


def asked_for(frames: Iterable[FrameType]) -> Access | None:
    """Find which repo is asked for, by the arguments of huggingface_hub's own functions, or by an address.

    Args:
        frames: A stack, from the innermost frame out.
    """
    found = None
    for frame in frames:
        if str(frame.f_globals.get("__name__", "")).partition(".")[0] == "huggingface_hub":
            found = _arguments(frame) or found  # the outermost of its frames has what was passed
        elif found is not None:
            return found
        else:
            for name in ("url", "fullurl"):
                access = _address(frame.f_locals.get(name))
                if access is not None:
                    return access
    return found


def _arguments(frame: FrameType) -> Access | None:
    values = frame.f_locals
    repo_id, revision = values.get("repo_id"), values.get("revision")
    if not isinstance(repo_id, str):
        return None
    kind = values.get("repo_type") or frame.f_code.co_name.partition("_")[0]
    return Access(
        kind="request",
        repo_type=kind if kind in ("dataset", "space", "kernel") else "model",
        repo_id=repo_id,
        revision=str(revision) if revision else "",
        file=str(values.get("filename") or ""),
    )


def _address(value: Any) -> Access | None:
    return parse_url(value) if isinstance(value, str) else None


def _is_users(path: str) -> bool:
    if path in _TYPED:
        return True
    is_installed = any(name in path for name in _INSTALLED)
    return not is_installed and not path.startswith((_OWN, _SCRIPTS, _STANDARD, "<"))
