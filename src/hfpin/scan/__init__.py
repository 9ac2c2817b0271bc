"""Finds the references in one file: text in, values out, no file opened and no network touched."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from types import MappingProxyType

from hfpin.reference import InvalidId, Reference
from hfpin.scan import references, yaml_tree
from hfpin.scan.tree import KeyPath, Node, leaves
from hfpin.scan.yaml_tree import YamlError
from hfpin.span import Position, SourceText

__all__ = ["READERS", "Scan", "Unreadable", "scan", "values"]

READERS: Mapping[str, Callable[[SourceText], tuple[Node, ...]]] = MappingProxyType(
    {
        ".yaml": yaml_tree.read,
        ".yml": yaml_tree.read,
    }
)
"""What reads each kind of file, by suffix. Another kind is another reader that gives the same tree."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """Why a file could not be read, and where."""

    reason: str
    position: Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What one file says.

    Args:
        path: The file, as it was given, with forward slashes.
        source: Its text; None where it is not UTF-8.
        references: Every reference, in the order of the file.
        invalid: Every value that is meant as a repo id and cannot be one, in the order of the file.
        unreadable: Why it could not be read; None where it could.
    """

    path: str
    source: SourceText | None
    references: tuple[Reference, ...] = ()
    invalid: tuple[InvalidId, ...] = ()
    unreadable: Unreadable | None = None


def scan(path: str, data: bytes) -> Scan:
    """Find the references of a file.

    Args:
        path: What to call the file; its suffix tells its kind, and an unknown one is read as YAML.
        data: Its content.
    """
    try:
        source = SourceText(data)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        reason = f"byte {error.start} is not UTF-8"
        return Scan(path=path, source=None, unreadable=Unreadable(reason=reason, position=Position(line, 1)))
    try:
        documents = _read(path, source)
    except YamlError as error:
        unreadable = Unreadable(reason=error.reason, position=Position(error.line, error.column))
        return Scan(path=path, source=source, unreadable=unreadable)
    found = sorted(references.find(path, source, documents), key=lambda one: one.span)
    return Scan(
        path=path,
        source=source,
        references=tuple(one for one in found if isinstance(one, Reference)),
        invalid=tuple(one for one in found if isinstance(one, InvalidId)),
    )


def values(path: str, data: bytes) -> tuple[tuple[KeyPath, str], ...]:
    """Give every scalar of a file with its path, to compare two versions of it.

    Raises:
        ValueError: The file cannot be read.
    """
    try:
        return tuple(leaves(_read(path, SourceText(data))))
    except (YamlError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} cannot be read: {error}") from error


def _read(path: str, source: SourceText) -> tuple[Node, ...]:
    """Read a file by its kind; one of no known kind is taken for YAML."""
    return READERS.get(PurePosixPath(path).suffix, yaml_tree.read)(source)
