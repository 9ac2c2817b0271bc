"""``python -m hfpin.testing``: a hub of its own process, until it is interrupted."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hfpin.testing import LocalHub

_STOPPING = (signal.SIGINT, signal.SIGTERM)
_CHECK_EVERY = 1.0
"""Seconds. Windows delivers no signal while a thread waits without an end."""


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m hfpin.testing",
        description="A writable Hugging Face Hub on loopback, for tests.",
        epilog="Faults: POST a JSON object to /_test/fault. Requests so far: GET /_test/requests.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="IPv4 loopback address (default: %(default)s)")
    parser.add_argument(
        "--port", type=int, default=0, help="port, 0 for any that is free (default: %(default)s)"
    )
    parser.add_argument(
        "--root", help="folder to keep everything in (default: a temporary one, removed at the end)"
    )
    parser.add_argument("--no-xet", action="store_true", help="large files go over git LFS only")
    parser.add_argument(
        "--resolve-cache", action="store_true", help="redirect small files as the real Hub does"
    )
    arguments = parser.parse_args(argv)
    try:
        from hfpin.testing import LocalHub
    except ModuleNotFoundError as error:
        print(error, file=sys.stderr)
        return 2
    hub = LocalHub(
        arguments.root,
        host=arguments.host,
        port=arguments.port,
        xet=not arguments.no_xet,
        resolve_cache=arguments.resolve_cache,
    )
    with _stopping() as stop:
        try:
            hub.start()
        except (ValueError, OSError) as error:
            print(f"The hub cannot start: {error}", file=sys.stderr)
            return 2
        with closing(hub):
            print(_usage(hub), flush=True)
            while not stop.wait(_CHECK_EVERY):
                pass
    return 0


@contextmanager
def _stopping() -> Iterator[threading.Event]:
    """Give what a signal sets. Afterwards signals do again what they did: who called may live on."""
    stop = threading.Event()
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in _STOPPING}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _usage(hub: LocalHub) -> str:
    """Return what a shell can take over, comments and all."""
    exports = "\n".join(f"export {name}='{value}'" for name, value in hub.env.items())
    return (
        f"# The hub listens at {hub.endpoint} and stores in {hub.root}\n"
        f"{exports}\n"
        f"# To write: export HF_TOKEN={hub.writer_token}\n"
        f"# To read as somebody who may not: export HF_TOKEN={hub.reader_token}\n"
        "# Stop it with Ctrl+C."
    )


if __name__ == "__main__":
    raise SystemExit(main())
