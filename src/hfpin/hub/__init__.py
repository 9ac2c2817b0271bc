"""The far side: the only package that names huggingface_hub, and the only one that touches the network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hfpin.hub.nobody import NoHub
from hfpin.hub.protocol import DEFAULT_BRANCH, DatedCommit, Hub, HubWithHistory, Resolved, Stream

if TYPE_CHECKING:
    from hfpin.hub.huggingface import HuggingFaceHub

__all__ = [
    "DEFAULT_BRANCH",
    "DatedCommit",
    "Hub",
    "HubWithHistory",
    "HuggingFaceHub",
    "NoHub",
    "Resolved",
    "Stream",
]


def __getattr__(name: str) -> Any:
    """Load the real one when it is asked for: it takes 8 ms, and much is done without it."""
    if name == "HuggingFaceHub":
        from hfpin.hub.huggingface import HuggingFaceHub

        return HuggingFaceHub
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
