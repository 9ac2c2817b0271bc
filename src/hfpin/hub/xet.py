"""Xet, the Hub's chunked storage: many connections at once, by hf_xet.

Its client is not Python, so nothing of huggingface_hub's session holds for it, and a stalled transfer would
wait for minutes: a watchdog aborts it. What it brings is hashed by the caller like everything else: it does
not notice a changed byte by itself.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Any

from hfpin.errors import NetworkError
from hfpin.regex import lazily

SMALLEST = 16 << 20
"""Bytes still wanted of a file below which Xet's extra requests cost more than its connections bring."""

STALL = 30.0
"""Seconds without a byte after which a transfer is given up."""

_PIECE = 4 << 20
"""Bytes that are asked for, and handed over, at once.

By default hf_xet asks for 256 MB and more, and gets it in terms, as the Hub stores it: up to 64 MiB each,
which it holds whole. Of what is asked for in small steps the Hub names only the chunks that are wanted.
"""

_MEMORY = 48 << 20
"""Bytes of pieces under way, of all files together; by default gigabytes, by the machine's memory."""

_BOUNDS = {
    "reconstruction.min_reconstruction_fetch_size": _PIECE,
    "reconstruction.max_reconstruction_fetch_size": _PIECE,
    "reconstruction.download_buffer_size": _MEMORY,
    "reconstruction.download_buffer_perfile_size": _MEMORY,
    "reconstruction.download_buffer_limit": _MEMORY,
    "reconstruction.min_prefetch_buffer": _MEMORY,
}

_SIZE = lazily(r"[0-9]{1,18}")

_M_MMAP_THRESHOLD = -3
"""`mallopt`'s number for it, in glibc's malloc.h."""


def open_session() -> Any:
    """Open what all transfers of a Hub share: connections, threads, and memory within bounds.

    `HF_XET_HIGH_PERFORMANCE`, by which huggingface_hub lets hf_xet use the whole machine, lifts the bounds.

    Raises:
        Exception: hf_xet is not installed, or too old.
    """
    import hf_xet
    from huggingface_hub import constants

    config = hf_xet.XetConfig()
    if constants.HF_XET_HIGH_PERFORMANCE:
        return hf_xet.XetSession(config)
    _give_freed_memory_back()
    return hf_xet.XetSession(config.with_config(_BOUNDS))


def _give_freed_memory_back() -> None:
    """Let what is freed in large blocks go back to the system at once, as other C libraries do.

    glibc keeps them, once it has seen some, for each thread of the process: pieces pass through threads of
    hf_xet, one for each core, so that what it kept would grow with the cores.
    """
    import ctypes

    # Windows has no such handle, other C libraries no such function.
    with contextlib.suppress(TypeError, OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, 1 << 20)


def open_stream(  # noqa: PLR0913  # what was answered, what was asked, and what to use
    response: Any,
    headers: dict[str, str],
    start: int,
    *,
    endpoint: str | None,
    session: Callable[[], Any],
    stack: contextlib.ExitStack,
) -> Iterator[bytes] | None:
    """Open the rest of a file in Xet, where the Hub's answer offers it and it pays.

    Args:
        response: The Hub's answer to the GET of the file, not followed.
        headers: The headers of that GET.
        start: The first byte that is wanted.
        endpoint: The Hub's address; that of `HF_ENDPOINT` where None.
        session: Gives what `open_session` opened.
        stack: Closes the transfer.

    Returns:
        The bytes from `start` on; None where plain HTTP is the way.
    """
    from huggingface_hub import constants

    size = response.headers.get(constants.HUGGINGFACE_HEADER_X_LINKED_SIZE)
    if constants.HF_HUB_DISABLE_XET or size is None or not _pays(size, start):
        return None
    try:
        import hf_xet
        from huggingface_hub import get_session
        from huggingface_hub.utils import _xet
    except ImportError:
        return None
    with contextlib.suppress(Exception):  # whatever is wrong with it, or too old in hf_xet
        data = _xet.parse_xet_file_data_from_response(response, endpoint=endpoint)
        if data is None:
            return None
        # One try, unlike huggingface_hub's five with half a minute between them: plain HTTP is at hand.
        answer = get_session().get(
            data.refresh_route, headers=headers, timeout=constants.HF_HUB_DOWNLOAD_TIMEOUT
        )
        connection = _xet.parse_xet_connection_info_from_headers(answer.headers)
        if not answer.is_success or connection is None:
            return None
        group = session().new_download_stream_group(
            endpoint=connection.endpoint,
            token=connection.access_token,
            token_expiry_unix_secs=connection.expiration_unix_epoch,
            token_refresh_url=data.refresh_route,
            token_refresh_headers=headers,
        )
        stack.callback(group.abort)
        stream = group.download_stream(hf_xet.XetFileInfo(data.file_hash, int(size)), start=start)
        return watched(stream, group.abort, STALL)
    return None


def _pays(size: str, start: int) -> bool:
    """Whether Xet pays for what is still wanted of a file; not where what a header says is no size."""
    return _SIZE.fullmatch(size) is not None and int(size) - start >= SMALLEST


def watched(stream: Any, abort: Callable[[], object], stall: float) -> Iterator[bytes]:
    """Give the chunks of a stream, and abort it where none comes for so many seconds.

    Args:
        stream: What hf_xet gives; it cannot be cancelled while a thread waits for it.
        abort: Ends the stream from any thread: that of its group.
        stall: Seconds.

    Raises:
        NetworkError: The transfer broke off, or stalled.
    """
    stalled = threading.Event()

    def give_up() -> None:
        stalled.set()
        abort()

    while True:
        timer = threading.Timer(stall, give_up)
        timer.daemon = True
        timer.start()
        failure = ""
        try:
            chunk = next(stream, None)
        except Exception as error:  # noqa: BLE001  # hf_xet raises plain RuntimeErrors, and more with time
            failure = f"Xet broke off ({type(error).__name__})"
        finally:
            timer.cancel()
        if stalled.is_set():
            failure = f"Xet sent nothing for {stall:.0f} s"
        if failure:
            raise NetworkError(failure, hint="Run the same command again: nothing is lost.")
        if chunk is None:
            return
        yield bytes(chunk)
