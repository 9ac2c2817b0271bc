"""What the frames of a stack tell: which line of the user's code is at work, and which repo is asked for."""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from types import FrameType
from typing import Any, NamedTuple

from hfpin.watch.access import Access, parse_url

_WATCH = os.path.dirname(os.path.abspath(__file__)) + os.sep  # noqa: PTH100, PTH120  # children do without pathlib
_OWN = os.path.dirname(_WATCH[:-1]) + os.sep  # noqa: PTH120  # as above
_STANDARD = os.path.normpath(sysconfig.get_path("stdlib")) + os.sep
_INSTALLED = ("site-packages", "dist-packages")
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


def user_line(frames: Iterable[FrameType], root: str) -> Line | None:
    """Find the line of the user's own code that is at work.

    It is the innermost one below `root`, else the innermost one of no installed package.

    Args:
        frames: A stack, from the innermost frame out.
        root: The user's project, an absolute path.
    """
    first = None
    below = root.rstrip(os.sep) + os.sep
    for frame in frames:
        path = frame.f_code.co_filename
        if not _is_users(path):
            continue
        line = Line(path, frame.f_lineno)
        if path.startswith(below) or not os.path.isabs(path):  # noqa: PTH117  # no pathlib in children
            return line
        first = first or line
    return first


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
