"""Colour for a terminal."""

from __future__ import annotations

from hfpin.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Paint:
    """Colours a text, or leaves it as it is.

    Args:
        on: Whether to colour. The escapes are those of ECMA-48, SGR.
    """

    on: bool = False

    def bold(self, text: str) -> str:
        """What is looked for first."""
        return self._with("1", text)

    def red(self, text: str) -> str:
        """What is wrong."""
        return self._with("1;31", text)

    def blue(self, text: str) -> str:
        """What leads the eye."""
        return self._with("1;34", text)

    def _with(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.on and text else text
