"""Whether there is a token. What it is stays with huggingface_hub."""

from __future__ import annotations

from hfpin.hub.client import find_token, load


def has_token() -> bool:
    """Whether huggingface_hub finds a token, in the environment or where `hf auth login` put it.

    Raises:
        ConfigError: A variable, or the token's file, cannot be read.
    """
    return find_token(load()) is not None
