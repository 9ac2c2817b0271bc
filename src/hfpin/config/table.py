"""Reads the settings of pyproject.toml one by one, and says which of them holds what it may not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from hfpin.ages import seconds
from hfpin.config.values import FILE_NAME
from hfpin.errors import ConfigError
from hfpin.paths import has_control

_TABLE = f"{FILE_NAME}: [tool.hfpin]"
_Text = TypeVar("_Text", bound=str)


class Table:
    """`[tool.hfpin]`, whose values are taken by their kind.

    Args:
        values: What was parsed.
    """

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def refuse_unknown(self, known: tuple[str, ...]) -> None:
        """Refuse settings that do not exist.

        Raises:
            ConfigError: There is one; the hint names what may have been meant.
        """
        for key in self._values:
            if key not in known:
                import difflib  # here: it is for those who misspelled

                near = difflib.get_close_matches(key, known, n=1)
                raise ConfigError(
                    f"{_TABLE} has no setting {key!r}",
                    hint=f"Did you mean {near[0]!r}?" if near else f"The settings are: {', '.join(known)}.",
                )

    def error(self, key: str, takes: str) -> ConfigError:
        """Make the error that says what a setting is and what it takes."""
        return ConfigError(f"{_TABLE} {key} is {self._values.get(key)!r}", hint=f"It takes {takes}.")

    def string(self, key: str) -> str | None:
        """Read a string that is not empty, or none."""
        value = self._values.get(key)
        if value is None or _is_text(value):
            return value
        raise self.error(key, "a string that is not empty")

    def strings(self, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Read a list of strings that are not empty."""
        value = self._values.get(key, list(default))
        if isinstance(value, list) and all(map(_is_text, value)):
            return tuple(value)
        raise self.error(key, "a list of strings")

    def keys(self, key: str) -> tuple[tuple[str, str | None], ...]:
        """Read keys: a list of them, or a table that gives each another key."""
        value = self._values.get(key, [])
        if isinstance(value, list) and all(map(_is_text, value)):
            return tuple((item, None) for item in value)
        if isinstance(value, dict) and all(map(_is_text, (*value, *value.values()))):
            return tuple(value.items())
        raise self.error(key, "a list of keys, or a table that gives each the key of its revision")

    def lists(self, key: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Read a table of lists of strings."""
        value = self._values.get(key, {})
        if isinstance(value, dict) and all(
            isinstance(own, list) and all(map(_is_text, own)) for own in value.values()
        ):
            return tuple((name, tuple(own)) for name, own in value.items())
        raise self.error(key, "a table that gives each glob a list of rules")

    def positive(self, key: str, default: int) -> int:
        """Read a whole number from 1 on."""
        value = self._values.get(key, default)
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
        raise self.error(key, "a number, 1 or more")

    def age(self, key: str) -> int | None:
        """Read an age in seconds, or none."""
        value = self._values.get(key)
        found = seconds(value) if isinstance(value, str) else None
        if value is None or found is not None:
            return found
        raise self.error(key, "hours, days or weeks: 12h, 30d or 8w")

    def switch(self, key: str) -> bool:
        """Read true or false."""
        value = self._values.get(key, False)
        if isinstance(value, bool):
            return value
        raise self.error(key, "true or false")

    def one_of(self, key: str, known: tuple[_Text, ...]) -> _Text | None:
        """Read one of a few words, or none."""
        value = self._values.get(key)
        for word in known:
            if value == word:
                return word
        if value is None:
            return None
        raise self.error(key, f"one of: {', '.join(known)}" if len(known) > 1 else known[0])


def _is_text(value: object) -> bool:
    """Whether it is a string that holds something, and nothing that a terminal would obey."""
    return isinstance(value, str) and bool(value) and not has_control(value)
