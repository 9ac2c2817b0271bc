"""What came of a fetch."""

from __future__ import annotations

from hfpin.dataclass import dataclass
from hfpin.errors import HfpinError
from hfpin.lock import LockedPin


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What fetching one pin came to.

    Args:
        locked: The pin.
        files: How many files were brought or put in place.
        fetched: Bytes that came over the network.
        kept: Bytes that were there: from a broken-off fetch, or in the cache under another commit.
        error: Why it is not complete; None where it is.
    """

    locked: LockedPin
    files: int = 0
    fetched: int = 0
    kept: int = 0
    error: HfpinError | None = None
