"""What a check came to, in numbers."""

from __future__ import annotations

from collections import Counter

from hfpin.dataclass import dataclass, field
from hfpin.operations.check import Checked


@dataclass(slots=True, kw_only=True)
class Totals:
    """Counts, added to file by file.

    Args:
        files: How many were checked.
        references: How many Hub references they hold.
        loose: How many of those have no revision, or one that moves by its nature.
        by_code: How often each rule spoke.
        files_by_code: In how many files it did.
    """

    files: int = 0
    references: int = 0
    loose: int = 0
    by_code: Counter[str] = field(default_factory=Counter)
    files_by_code: Counter[str] = field(default_factory=Counter)

    @property
    def findings(self) -> int:
        """How many findings there are in all."""
        return self.by_code.total()

    def add(self, checked: Checked) -> None:
        """Count a file."""
        if checked.scan is not None:
            self.files += 1
            self.references += len(checked.scan.references)
            self.loose += sum(1 for one in checked.scan.references if one.is_loose)
        codes = [finding.code for finding in checked.findings]
        self.by_code.update(codes)
        self.files_by_code.update(set(codes))
