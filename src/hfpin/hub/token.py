"""Whether there is a token. What it is stays with huggingface_hub."""

from __future__ import annotations


def has_token() -> bool:
    """Whether huggingface_hub finds a token, in the environment or where `hf auth login` put it."""
    from huggingface_hub import get_token

    return get_token() is not None
