"""An embedded Hub: a writable Hugging Face Hub on loopback, for tests of code that uploads and downloads.

    with LocalHub() as hub:
        hub.create_repo("org/tiny")
        commit_hash = hub.commit("org/tiny", {"config.json": b"{}"})
        ...  # HfApi(endpoint=hub.endpoint, token=hub.writer_token), or a subprocess with hub.env

It needs the extra ``testing`` (aiohttp, dulwich), and nothing else of hfpin. See docs/testing-hub.md.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hfpin.testing.faults import Fault
    from hfpin.testing.local_hub import LocalHub
    from hfpin.testing.refusal import HubRefusal
    from hfpin.testing.request_log import RequestRecord

__all__ = ["Fault", "HubRefusal", "LocalHub", "RequestRecord"]

_EXTRA = ("aiohttp", "dulwich")
"""What the extra `testing` brings."""


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for (PEP 562): aiohttp and dulwich take 0.3 seconds."""
    homes = {
        "Fault": "hfpin.testing.faults",
        "HubRefusal": "hfpin.testing.refusal",
        "LocalHub": "hfpin.testing.local_hub",
        "RequestRecord": "hfpin.testing.request_log",
    }
    if name not in homes:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return getattr(import_module(homes[name]), name)
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package not in _EXTRA:
            raise
        raise ModuleNotFoundError(
            f"hfpin.testing needs {package}, which is not installed: pip install 'hfpin[testing]'",
            name=error.name,
        ) from None
