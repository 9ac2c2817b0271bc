"""Reads the fields of JSON objects from a stranger, and says where one stands that is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeGuard

from hfpin.errors import LockError
from hfpin.lock.entries import as_written
from hfpin.lock.values import FILE_NAME, LockedFile
from hfpin.paths import has_control
from hfpin.regex import lazily

RELOCK = "Run `hfpin lock` to write it anew, or restore it from git."

_LONGEST_MESSAGE = 500
_SURROGATE = lazily("[\ud800-\udfff]")


class Reader:
    """One JSON object.

    Its place is put into words only when something is wrong: a lock may hold a million of them.

    Args:
        value: What was parsed.
        parent: The object that it stands in; None for the whole document.
        key: The list of the parent that it stands in.
        index: Where in that list.

    Raises:
        LockError: The value is no object.
    """

    __slots__ = ("_fields", "_place")

    def __init__(self, value: Any, parent: Reader | None = None, key: str = "", index: int = 0) -> None:
        self._place = (parent, key, index)
        value = as_written(value)
        if not isinstance(value, dict):
            raise LockError(f"{self._context()}: not an object", hint=RELOCK)
        self._fields = value

    def error(self, key: str, message: str) -> LockError:
        """Make the error that says what is wrong with a field, cut short where it shows a very long value."""
        if len(message) > _LONGEST_MESSAGE:
            message = f"{message[:_LONGEST_MESSAGE]}…"
        return LockError(f"{self._context()}.{key}: {message}", hint=RELOCK)

    def has(self, key: str) -> bool:
        """Whether the field is there."""
        return key in self._fields

    def text(self, key: str) -> str:
        """Read a text that is not empty."""
        value = self.optional_text(key)
        if value is None:
            raise self.error(key, "missing")
        return value

    def optional_text(self, key: str) -> str | None:
        """Read a text that is not empty, or none."""
        value = as_written(self._fields.get(key))
        if value is None or (_is_text(value) and value):
            return value
        raise self.error(key, f"{value!r} is not a text")

    def plain_text(self, key: str) -> str | None:
        """Read a text that may be empty or missing, and that a terminal can show."""
        value = as_written(self._fields.get(key))
        if value is None or (_is_text(value) and not has_control(value)):
            return value
        raise self.error(key, f"{value!r} is not a text that can be shown")

    def count(self, key: str, what: str) -> int:
        """Read a whole number from 0 on."""
        value = as_written(self._fields.get(key))
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        raise self.error(key, f"{value!r} is not a number of {what}")

    def flag(self, key: str) -> bool:
        """Read a yes or no; no where it is missing."""
        value = as_written(self._fields.get(key, False))
        if isinstance(value, bool):
            return value
        raise self.error(key, f"{value!r} is neither true nor false")

    def texts(self, key: str) -> tuple[str, ...] | None:
        """Read a list of texts that a terminal can show, or none."""
        value = self._fields.get(key)
        if value is None:
            return None
        if not isinstance(value, list) or not all(_is_text(item) for item in value):
            raise self.error(key, "not a list of texts")
        for item in value:
            if has_control(item):
                raise self.error(key, f"{item!r} holds control characters")
        return tuple(value)

    def mapping(self, key: str) -> Iterator[tuple[str, Any]]:
        """Read an object whose keys a terminal can show."""
        value = as_written(self._fields.get(key))
        if not isinstance(value, dict):
            raise self.error(key, "not an object")
        for name, item in value.items():
            if not _is_text(name) or has_control(name):
                raise self.error(key, f"{name!r} is not a text that can be shown")
            yield name, item

    def objects(self, key: str, *, optional: bool = False) -> Iterator[Reader]:
        """Read a list of objects."""
        if optional and self._fields.get(key) is None:
            return
        for index, item in enumerate(self._list(key)):
            yield Reader(item, self, key, index)

    def files(self, key: str) -> Iterator[LockedFile | Reader]:
        """Read a list of files: those that are sound as they are, the others to be looked at."""
        for index, item in enumerate(self._list(key)):
            yield item if type(item) is LockedFile else Reader(item, self, key, index)

    def _list(self, key: str) -> list[Any]:
        value = self._fields.get(key)
        if not isinstance(value, list):
            raise self.error(key, "not a list")
        return value

    def _context(self) -> str:
        parent, key, index = self._place
        return FILE_NAME if parent is None else f"{parent._context()}.{key}[{index}]"  # noqa: SLF001  # its own kind


def _is_text(value: object) -> TypeGuard[str]:
    """Whether a value is a string that UTF-8 can hold: JSON's escapes can spell half a character."""
    return isinstance(value, str) and (value.isascii() or not _SURROGATE.search(value))
