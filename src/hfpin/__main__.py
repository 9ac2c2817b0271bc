"""The process that runs one command and ends: `hfpin`, and `python -m hfpin`."""

from __future__ import annotations

import gc

_GARBAGE = 50_000
"""Objects between two searches for cycles."""


def main() -> int:
    """Run the command of this process's arguments, and return its exit code.

    By default Python searches for cycles after each 700 objects, so a dozen times while it loads what a
    command needs, and once more when it ends. None of that is ever garbage, and it was a tenth of a hook on
    one small file.
    """
    gc.set_threshold(_GARBAGE)
    from hfpin.cli import main as run  # here: the garbage collector is to know before anything is loaded

    exit_code = run()
    gc.freeze()
    return exit_code


if __name__ == "__main__":
    raise SystemExit(main())
