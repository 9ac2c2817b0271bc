"""Tell what pickles would import, by a scanner that reads their opcodes and loads nothing.

Source: picklescan (https://github.com/mmaitre314/picklescan), the extra `scan`.
"""

from __future__ import annotations

from hfpin.dataclass import dataclass
from hfpin.errors import ConfigError
from hfpin.operations.inspect.values import Inspection
from hfpin.weights import is_pickled


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """A pickle that was scanned.

    Args:
        path: The file, relative to the folder.
        dangerous: What it would import that can run anything, as `module.name`.
        unknown: What it would import that the scanner knows nothing about.
        harmless: How many other names it would import.
        failed: Whether the scanner could not read it to its end.
    """

    path: str
    dangerous: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    harmless: int = 0
    failed: bool = False

    @property
    def is_clean(self) -> bool:
        """Whether it was read, and nothing in it is dangerous."""
        return not self.dangerous and not self.failed


def scan_pickles(found: Inspection) -> tuple[Scanned, ...]:
    """Scan the pickles among the weights that an inspection found.

    Raises:
        ConfigError: The scanner is not installed.
    """
    paths = [path for one in found.checkpoints for path in one.files if is_pickled(path)]
    try:
        from picklescan.scanner import SafetyLevel, scan_file_path
    except ImportError:
        raise ConfigError("picklescan is not installed", hint="pip install 'hfpin[scan]'") from None
    results = []
    for path in paths:
        result = scan_file_path(str(found.root / path))
        names: dict[object, set[str]] = {}
        for one in result.globals:
            names.setdefault(one.safety, set()).add(f"{one.module}.{one.name}")
        results.append(
            Scanned(
                path=path,
                dangerous=tuple(sorted(names.get(SafetyLevel.Dangerous, ()))),
                unknown=tuple(sorted(names.get(SafetyLevel.Suspicious, ()))),
                harmless=len(names.get(SafetyLevel.Innocuous, ())),
                failed=bool(result.scan_err),
            )
        )
    return tuple(results)
