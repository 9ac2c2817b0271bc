"""How the command line speaks when something is wrong."""

from __future__ import annotations

import sys

from hfpin.errors import HfpinError


def print_error(error: HfpinError) -> None:
    """Print an error as people should meet it: what is wrong, then what to do."""
    sys.stdout.flush()
    print(f"hfpin: {error.message}", file=sys.stderr)
    if error.hint:
        print(f"  = {error.hint}", file=sys.stderr)
