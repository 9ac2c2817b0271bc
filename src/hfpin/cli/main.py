"""Runs a command: parses, calls, prints, and turns what went wrong into a line and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from hfpin.cli.commands import arguments_of_words
from hfpin.cli.output import forget_unprinted, never_fail_to_print, print_error
from hfpin.errors import HfpinError

_FAILED = 2
_INTERRUPTED = 130  # 128 + SIGINT, as shells have it
_NOBODY_READS = 141  # 128 + SIGPIPE: nobody can say that nothing was found


def main(argv: Sequence[str] | None = None) -> int:
    """Run hfpin.

    Args:
        argv: The arguments without the program's name; those of the process where None.

    Returns:
        The exit code: 0 clean, 1 findings, 2 could not run, 3 integrity; as shells have it where the process
        was interrupted, or its reader went away.
    """
    never_fail_to_print()
    try:
        code = _run(sys.argv[1:] if argv is None else argv)
        sys.stdout.flush()  # here: what fails when Python ends is a complaint of its own, and exit code 120
    except BrokenPipeError:  # the reader (head, say) has seen enough
        forget_unprinted()
        return _NOBODY_READS
    except OSError as error:  # what the commands do not expect: a disk that is full, where the output goes
        forget_unprinted()
        where = "" if error.filename is None else f"{error.filename}: "
        print_error(
            HfpinError(
                f"stopped: {where}{error.strerror or error}",
                hint="Check the disk that it is about, or where the output goes.",
            )
        )
        return _FAILED
    return code


def _run(argv: Sequence[str]) -> int:
    try:
        args = arguments_of_words(argv)
        if args is None:
            from hfpin.cli.parser import parse  # here: argparse takes as long to load as half a check

            args = parse(argv)
        return int(args.run(args))
    except HfpinError as error:
        print_error(error)
        return error.exit_code
    except KeyboardInterrupt:
        print("hfpin: stopped; what was done is kept, the same command goes on from there", file=sys.stderr)
        return _INTERRUPTED
