"""What a rule about a folder that holds an adapter is, and what it is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

from hfpin.dataclass import dataclass, field
from hfpin.finding import Finding
from hfpin.span import Position
from hfpin.tensors import Tensor

Tracking = Literal["git-lfs", "dvc", "git", "ignored", "none"]
"""Who has a file: Git LFS, DVC, git itself or, when it is added, nobody else; nobody, as git is told to look
away; or there is no git."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdapterFile:
    """A file of the folder.

    Args:
        name: Its name.
        size: Its bytes.
        is_pickle: Whether it is one, by its content.
        tracking: Who has it.
    """

    name: str
    size: int
    is_pickle: bool = False
    tracking: Tracking = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class AdapterFolder:
    """A folder with an `adapter_config.json`.

    Args:
        path: The folder, as messages call it; `.` for the one that one stands in.
        config: What the config says; empty where it cannot be read.
        files: The files beside it.
        tensors: Those of its safetensors, by name.
        unreadable: Each file whose header, or text, is wrong, and why.
        limit: Bytes that a file may have that neither Git LFS nor DVC has.
    """

    path: str
    config: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[AdapterFile, ...] = ()
    tensors: Mapping[str, Tensor] = field(default_factory=dict)
    unreadable: Mapping[str, str] = field(default_factory=dict)
    limit: int = 0

    def name_of(self, file: str) -> str:
        """What messages call a file of the folder."""
        return file if self.path == "." else f"{self.path}/{file}"

    def finding(self, code: str, file: str, message: str, why: str, hint: str) -> Finding:
        """Make a finding about a file."""
        return Finding(
            code=code,
            path=self.name_of(file),
            position=Position(1, 1),
            width=1,
            message=message,
            why=why,
            hint=hint,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AdapterRule:
    """One rule about such a folder.

    Args:
        code: `HFP` and three digits.
        title: What it finds, in a few words.
        check: Gives what is wrong.
    """

    code: str
    title: str
    check: Callable[[AdapterFolder], Iterator[Finding]]
