"""`@pytest.mark.hf("mistral")` and `@pytest.mark.hf_online`."""

from __future__ import annotations

import pytest

from hfpin.pytest_plugin import offline, session
from hfpin.pytest_plugin.refusing import failing


def register(config: pytest.Config) -> None:
    """Describe the markers, for `pytest --markers` and `--strict-markers`."""
    config.addinivalue_line(
        "markers", "hf(*names): needs these pins on disk, by name or repo id; else see --hf-missing"
    )
    config.addinivalue_line("markers", "hf_online: may use the network, so it is skipped with --hf-offline")


def apply(item: pytest.Item) -> None:
    """Skip, fail or supply a test before its fixtures are set up."""
    __tracebackhide__ = True
    if offline.is_on(item.config) and item.get_closest_marker("hf_online") is not None:
        pytest.skip("hfpin: it may use the network, and this run is offline")
    for marker in item.iter_markers("hf"):
        if not marker.args or marker.kwargs:
            pytest.fail(
                'hfpin: @pytest.mark.hf takes the names of pins: @pytest.mark.hf("mistral")', pytrace=False
            )
        for name in marker.args:
            with failing():
                pin = session.current(item.config).find(name)
            _ = pin.path  # brings it, or ends the test
