"""Runs a command: parses, calls, prints, and turns what went wrong into a line and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from hfpin.cli.commands import arguments_of_words
from hfpin.cli.output import never_fail_to_print, print_error
from hfpin.errors import HfpinError

_INTERRUPTED = 130  # 128 + SIGINT, as shells have it


def main(argv: Sequence[str] | None = None) -> int:
    """Run hfpin.

    Args:
        argv: The arguments without the program's name; those of the process where None.

    Returns:
        The exit code: 0 clean, 1 findings, 2 could not run, 3 integrity.
    """
    never_fail_to_print()
    argv = sys.argv[1:] if argv is None else argv
    args = arguments_of_words(argv)
    if args is None:
        from hfpin.cli.parser import parse  # here: argparse takes as long to load as half a check

        args = parse(argv)
    try:
        return int(args.run(args))
    except HfpinError as error:
        print_error(error)
        return error.exit_code
    except KeyboardInterrupt:
        print(
            "hfpin: stopped; what was fetched is kept, the same command goes on from there", file=sys.stderr
        )
        return _INTERRUPTED
    except BrokenPipeError:
        # The reader (head, say) has seen enough. Python would complain again when it flushes stdout at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
