"""What can be said on the command line and in pytest's settings."""

from __future__ import annotations

import pytest


def add(parser: pytest.Parser) -> None:
    """Add all options. Their defaults are None, so that a setting in a file can be told from none."""
    group = parser.getgroup("hfpin", "pinned Hugging Face repos")
    _offline(group)


def _offline(group: pytest.OptionGroup) -> None:
    group.addoption(
        "--hf-offline",
        action="store_true",
        default=None,
        help="keep huggingface_hub and what builds on it off the network; pins must have been fetched",
    )
