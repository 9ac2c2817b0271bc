"""The far side: the only package that names huggingface_hub, and the only one that touches the network."""

from __future__ import annotations

from hfpin.hub.huggingface import HuggingFaceHub
from hfpin.hub.protocol import DEFAULT_BRANCH, Hub, Resolved, Stream

__all__ = ["DEFAULT_BRANCH", "Hub", "HuggingFaceHub", "Resolved", "Stream"]
