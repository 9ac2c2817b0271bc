"""The pytest host: a session-scoped fixture for each pin, and an offline that is offline.

pytest imports this package in every run of an environment that has hfpin. So its modules import nothing but
pytest and the standard library, and load the rest of hfpin in the functions that need it. Here are the hooks,
and nothing else: what they do is in the module that each of them names.
"""

from __future__ import annotations

import pytest

from hfpin.pytest_plugin import fixtures, offline, options
from hfpin.pytest_plugin.fixtures import hf_local_hub, hf_snapshot

__all__ = ["hf_local_hub", "hf_snapshot"]  # pytest finds the fixtures of a plugin among its names


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add hfpin's options and settings."""
    options.add(parser)


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Go offline before any conftest is imported: huggingface_hub reads its variables when it is."""
    offline.start(early_config)


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Make a fixture `hf_<name>` for each pin of the project's lock."""
    fixtures.register(config)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Put back what going offline changed."""
    offline.stop(config)


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Say in the header that this run is offline, and what was odd about the lock."""
    return [*offline.header(config), *fixtures.header(config)]
