"""What can be said on the command line and in pytest's settings."""

from __future__ import annotations

import pytest


def add(parser: pytest.Parser) -> None:
    """Add all options. Their defaults are None, so that a setting in a file can be told from none."""
    group = parser.getgroup("hfpin", "pinned Hugging Face repos")
    _offline(group)
    _fixtures(parser, group)


def said(config: pytest.Config, name: str) -> str | None:
    """Give what was chosen for an option that takes a text: on the command line, else in a file."""
    return config.getoption(name) or config.getini(name) or None


def _offline(group: pytest.OptionGroup) -> None:
    group.addoption(
        "--hf-offline",
        action="store_true",
        default=None,
        help="keep huggingface_hub and what builds on it off the network; pins must have been fetched",
    )


def _fixtures(parser: pytest.Parser, group: pytest.OptionGroup) -> None:
    group.addoption(
        "--hf-missing",
        choices=("fetch", "skip", "fail"),
        default=None,
        help="what to do where a test needs a pin that is not on disk (default: fail offline, else fetch)",
    )
    group.addoption(
        "--hf-dtype",
        metavar="DTYPE",
        default=None,
        help="what fixtures that declare a dtype load models in, instead of that: float32, bfloat16, …",
    )
    group.addoption(
        "--hf-device",
        metavar="DEVICE",
        default=None,
        help="where fixtures that declare a device put models, instead of there: cpu, cuda:1, auto, …",
    )
    parser.addini("hf_missing", "as --hf-missing: fetch, skip or fail")
    parser.addini("hf_dtype", "as --hf-dtype")
    parser.addini("hf_device", "as --hf-device")
