"""The far side: the only package that names huggingface_hub, and the only one that touches the network."""

from __future__ import annotations

from hfpin.hub.huggingface import HuggingFaceHub
from hfpin.hub.nobody import NoHub
from hfpin.hub.protocol import DEFAULT_BRANCH, DatedCommit, Hub, HubWithHistory, Resolved, Stream

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
