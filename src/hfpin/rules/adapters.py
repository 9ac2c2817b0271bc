"""What a rule about a folder that holds an adapter is, and what it is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

from hfpin.dataclass import dataclass, field
from hfpin.finding import Finding
from hfpin.lock import Lock
from hfpin.reference import Reference
from hfpin.rules.rule import Rule
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
        base: The mention of its base in its config; None where that is a path, or none.
        lock: The project's; None where there is none that can be used.
    """

    path: str
    config: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[AdapterFile, ...] = ()
    tensors: Mapping[str, Tensor] = field(default_factory=dict)
    unreadable: Mapping[str, str] = field(default_factory=dict)
    limit: int = 0
    base: Reference | None = None
    lock: Lock | None = None

    def name_of(self, file: str) -> str:
        """What messages call a file of the folder."""
        return file if self.path == "." else f"{self.path}/{file}"

    def finding(self, code: str, place: str | Reference, message: str, why: str, hint: str) -> Finding:
        """Make a finding about a file, or about what its config mentions."""
        if isinstance(place, str):
            path, position, width = self.name_of(place), Position(1, 1), 1
        else:
            path, position, width = place.path, place.position, len(place.repo.repo_id)
        return Finding(
            code=code,
            path=path,
            position=position,
            width=width,
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

    @classmethod
    def of(cls, rule: Rule, check: Callable[[AdapterFolder], Iterator[Finding]]) -> AdapterRule:
        """Make one of a rule that speaks of configs as well."""
        return cls(code=rule.code, title=rule.title, check=check)
