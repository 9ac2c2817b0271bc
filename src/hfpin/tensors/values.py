"""What the readers of all formats give, and raise."""

from __future__ import annotations

from collections.abc import Callable

from hfpin.dataclass import dataclass
from hfpin.errors import IntegrityError

Read = Callable[[int, int], bytes]
"""Gives the bytes of a file from one offset up to another; fewer at its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tensor:
    """A tensor as its file describes it.

    Args:
        dtype: Its type, in the format's own words: `F32`, `BF16`, `I8`, `Q4_K`, …
        shape: Its dimensions.
        file: The file of the repo that holds it.
    """

    dtype: str
    shape: tuple[int, ...]
    file: str


class MalformedError(IntegrityError):
    """A file is not what its name says.

    Args:
        path: The file.
        kind: What it should be: `a safetensors file`.
        reason: What is wrong with it.
    """

    def __init__(self, path: str, kind: str, reason: str) -> None:
        super().__init__(
            f"{path} is not {kind}: {reason}",
            hint="`hfpin verify` tells whether these are the bytes that were locked.",
        )
        self.path = path
        self.kind = kind
        self.reason = reason
