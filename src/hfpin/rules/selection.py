"""Which rules speak of which file."""

from __future__ import annotations

from collections.abc import Iterable

from hfpin.config import FILE_NAME, Config
from hfpin.dataclass import dataclass
from hfpin.errors import ConfigError
from hfpin.globs import covers
from hfpin.rules import ADAPTER_CODES, RULES

CODES = frozenset((*(rule.code for rule in RULES), *ADAPTER_CODES))


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The rules of a run.

    Args:
        codes: Those that speak at all.
        per_file: Globs, each with the rules that do not speak of what it covers.
    """

    codes: frozenset[str] = CODES
    per_file: tuple[tuple[str, frozenset[str]], ...] = ()

    def of(self, path: str) -> frozenset[str]:
        """Give the rules that speak of a file.

        Args:
            path: The file, relative to the project.
        """
        silent = frozenset[str]().union(*(codes for glob, codes in self.per_file if covers(glob, path)))
        return self.codes - silent


def selection(config: Config, *, select: Iterable[str] = (), ignore: Iterable[str] = ()) -> Selection:
    """Decide which rules speak: those of the command line, else those of the settings, else all.

    Args:
        config: The project's settings.
        select: Only these, whatever the settings select and ignore.
        ignore: Not these, beside those that the settings ignore.

    Raises:
        ConfigError: A code is no rule's.
    """
    asked, left_out = _known(select, "--select"), _known(ignore, "--ignore")
    codes = asked or _known(config.select, _setting("select")) or CODES
    if not asked:
        left_out |= _known(config.ignore, _setting("ignore"))
    per_file = tuple(
        (glob, _known(own, _setting("per-file-ignores"))) for glob, own in config.per_file_ignores
    )
    return Selection(codes=codes - left_out, per_file=per_file)


def _setting(name: str) -> str:
    return f"{FILE_NAME}: [tool.hfpin] {name}"


def _known(codes: Iterable[str], where: str) -> frozenset[str]:
    found = frozenset(codes)
    for code in sorted(found - CODES):
        raise ConfigError(
            f"{where} has {code!r}, which is no rule",
            hint=f"The rules are: {', '.join(sorted(CODES))}.",
        )
    return found
