"""Finds the references in one file: text in, values out, no file opened and no network touched."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import PurePosixPath
from types import MappingProxyType

from hfpin.dataclass import dataclass, replace
from hfpin.reference import Ignore, InvalidId, NoSlot, OrphanRevision, Reference
from hfpin.scan import references, sieve
from hfpin.scan.judging import Judged, judge
from hfpin.scan.slots import Syntax
from hfpin.scan.tree import Node, ReadError
from hfpin.span import Position, SourceText
from hfpin.vocabulary import NOTHING, Taught

__all__ = ["READERS", "Reader", "Scan", "Unreadable", "documents", "judged", "scan"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """What reads one kind of file.

    Args:
        syntax: How such a file is written, for what is added to it.
        module: The module whose `read` gives the tree. It is imported when the first such file is read, so
            that `hfpin check` of YAML does not pay for TOML.
    """

    syntax: Syntax
    module: str

    def read(self, source: SourceText) -> tuple[Node, ...]:
        """Give the tree of a file.

        Raises:
            ReadError: It does not parse.
        """
        read: Callable[[SourceText], tuple[Node, ...]] = import_module(self.module).read
        return read(source)

    def parses(self, source: SourceText) -> bool:
        """Tell whether a file surely parses, without making its tree. A no may be one too many."""
        parses: Callable[[SourceText], bool] = import_module(self.module).parses
        return parses(source)


_YAML = Reader(syntax=Syntax.YAML, module="hfpin.scan.yaml_tree")
_JSON = Reader(syntax=Syntax.JSON, module="hfpin.scan.json_tree")
_TOML = Reader(syntax=Syntax.TOML, module="hfpin.scan.toml_tree")
READERS: Mapping[str, Reader] = MappingProxyType(
    {".yaml": _YAML, ".yml": _YAML, ".json": _JSON, ".jsonc": _JSON, ".toml": _TOML}
)
"""What reads each kind of file, by suffix. Another kind is another reader that gives the same tree."""


_UNREADABLE = NoSlot(reason="its file could not be read as a whole", hint="Mend the file first.")
"""Nothing can be written into a file that does not parse."""


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
        references: Every reference, in the order of the file. Of a file that does not parse, those that a
            reading line by line finds.
        invalid: Every value that is meant as a repo id and cannot be one, in the order of the file.
        orphans: Every revision that can belong to no repo of the file, in its order.
        ignores: Every comment that ignores findings, in the order of the file.
        unreadable: Why it could not be read; None where it could.
    """

    path: str
    source: SourceText | None
    references: tuple[Reference, ...] = ()
    invalid: tuple[InvalidId, ...] = ()
    orphans: tuple[OrphanRevision, ...] = ()
    ignores: tuple[Ignore, ...] = ()
    unreadable: Unreadable | None = None

    @property
    def says_nothing(self) -> bool:
        """Whether no rule can have anything to say of it."""
        return self.unreadable is None and not (
            self.references or self.invalid or self.orphans or self.ignores
        )


def scan(path: str, data: bytes, taught: Taught = NOTHING, *, sift: bool = True) -> Scan:
    """Find the references of a file.

    Args:
        path: What to call the file; its suffix tells its kind, and an unknown one is read as YAML.
        data: Its content.
        taught: What the project says about its own keys and values.
        sift: Whether a file whose bytes prove that it holds nothing is only parsed. It finds the same.
    """
    try:
        source = SourceText(data)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        reason = f"byte {error.start} is not UTF-8"
        return Scan(path=path, source=None, unreadable=Unreadable(reason=reason, position=Position(line, 1)))
    words = not sift or sieve.may_hold_words(data, taught)
    if not words and not sieve.may_hold_more(data) and _reader(path).parses(source):
        return Scan(path=path, source=source)
    documents, unreadable = _read_or_guess(path, source)
    syntax = _reader(path).syntax
    found = references.find(path, source, documents, syntax, taught, words=words)
    mentioned = found.references
    if not found.is_all:
        unreadable = unreadable or _too_much()
    if unreadable is not None:
        mentioned = tuple(replace(one, slot=_UNREADABLE) for one in mentioned)
    return Scan(
        path=path,
        source=source,
        references=mentioned,
        invalid=found.invalid if unreadable is None else (),
        orphans=_orphans(source, documents, mentioned, taught) if unreadable is None else (),
        ignores=_ignores(source, documents, syntax),
        unreadable=unreadable,
    )


def _too_much() -> Unreadable:
    reason = f"more than {references.MOST:,} texts in it could be repo ids, and only so many were looked at"
    return Unreadable(reason=reason, position=Position(1, 1))


def _orphans(
    source: SourceText, documents: tuple[Node, ...], mentioned: tuple[Reference, ...], taught: Taught
) -> tuple[OrphanRevision, ...]:
    if "revision" not in source.text and not taught.revision_keys:
        return ()
    from hfpin.scan import orphans  # here and below: few files have any

    found = orphans.find(source, documents, mentioned, taught)
    return tuple(sorted(found, key=lambda one: one.position))


def _ignores(source: SourceText, documents: tuple[Node, ...], syntax: Syntax) -> tuple[Ignore, ...]:
    if "hfpin:" not in source.text:
        return ()
    from hfpin.scan import ignores

    return ignores.find(source, documents, syntax)


def judged(path: str, data: bytes, taught: Taught = NOTHING) -> tuple[SourceText, tuple[Judged, ...]]:
    """Give everything in a file that could be an id, with what is thought of it, in the order of the file.

    Raises:
        UnicodeDecodeError: The file is not UTF-8.
    """
    source = SourceText(data)
    documents, _ = _read_or_guess(path, source)
    return source, tuple(sorted(judge(path, source, documents, taught), key=lambda one: one.span))


def documents(path: str, data: bytes) -> tuple[Node, ...]:
    """Read a file into trees, to compare two versions of it.

    Raises:
        ValueError: The file cannot be read.
    """
    try:
        return _reader(path).read(SourceText(data))
    except (ReadError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} cannot be read: {error}") from error


LARGEST = 10_000_000
"""Bytes of a file that are read into a tree: no config has more, and a tree takes 50 times that in memory."""


def _read_or_guess(path: str, source: SourceText) -> tuple[tuple[Node, ...], Unreadable | None]:
    """Read a file by its kind; line by line where it does not parse, or is too large to be a config."""
    if len(source.data) > LARGEST:
        from hfpin.scan import line_tree  # here and below: most files parse

        size = len(source.data) / 1_000_000
        reason = (
            f"it has {size:.0f} MB, and only the first {LARGEST / 1_000_000:.0f} were looked at, line by line"
        )
        return line_tree.read(source, LARGEST), Unreadable(reason=reason, position=Position(1, 1))
    try:
        return _reader(path).read(source), None
    except ReadError as error:
        from hfpin.scan import line_tree

        unreadable = Unreadable(reason=error.reason, position=Position(error.line, error.column))
        return line_tree.read(source), unreadable


def _reader(path: str) -> Reader:
    """What reads a file of this name; one of no known kind is taken for YAML."""
    return READERS.get(PurePosixPath(path).suffix, _YAML)
