"""Check config files against the rules. Offline by construction: nothing here can reach the Hub."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from hfpin.dataclass import dataclass
from hfpin.errors import ConfigError
from hfpin.finding import Finding
from hfpin.operations.project import scan_file
from hfpin.rules import RULES
from hfpin.scan import READERS, Scan


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One file and what the rules say of it, in the order of the file."""

    scan: Scan
    findings: tuple[Finding, ...]


def check(paths: Iterable[Path]) -> Iterator[Checked]:
    """Check files one by one, holding one in memory at a time.

    Args:
        paths: Files, or folders whose config files are all meant. They are called in messages what they are
            called here.

    Raises:
        ConfigError: A path does not exist or cannot be opened.
    """
    for path in expand(paths):
        scanned = scan_file(path, path.as_posix())
        findings = [finding for rule in RULES for finding in rule.check(scanned)]
        findings.sort(key=lambda finding: (finding.position, finding.code))
        yield Checked(scan=scanned, findings=tuple(findings))


def expand(paths: Iterable[Path]) -> Iterator[Path]:
    """Replace folders with the config files below them; hidden folders are left out."""
    for path in paths:
        if path.is_dir():
            below = (inner for inner in path.rglob("*") if inner.suffix in READERS and inner.is_file())
            yield from sorted(inner for inner in below if not _is_hidden(inner.relative_to(path)))
        elif path.exists():
            yield path
        else:
            raise ConfigError(
                f"{path.as_posix()} does not exist", hint="Check the path; it is relative to where you are."
            )


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts[:-1])
