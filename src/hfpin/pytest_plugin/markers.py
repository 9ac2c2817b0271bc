"""`@pytest.mark.hf("mistral")` and `@pytest.mark.hf_online`."""

from __future__ import annotations

import pytest

from hfpin.pytest_plugin import offline


def register(config: pytest.Config) -> None:
    """Describe the markers, for `pytest --markers` and `--strict-markers`."""
    config.addinivalue_line(
        "markers", "hf(*names): needs these pins on disk, by name or repo id; else see --hf-missing"
    )
    config.addinivalue_line("markers", "hf_online: may use the network, so it is skipped with --hf-offline")


def apply(item: pytest.Item) -> None:
    """Supply, skip or fail a test before its fixtures are set up."""
    __tracebackhide__ = True
    try:
        _supply(item)
    except pytest.skip.Exception as skipped:
        item.add_marker(
            pytest.mark.skip(reason=str(skipped))
        )  # by pytest itself, which names the test's line
    if offline.is_on(item.config) and item.get_closest_marker("hf_online") is not None:
        item.add_marker(pytest.mark.skip(reason="hfpin: it may use the network, and this run is offline"))


def _supply(item: pytest.Item) -> None:
    """Bring the pins that a test is marked with, or end it."""
    __tracebackhide__ = True
    for marker in item.iter_markers("hf"):
        from hfpin.pytest_plugin import session
        from hfpin.pytest_plugin.refusing import failing

        names_pins = marker.args and all(isinstance(name, str) for name in marker.args)
        if not names_pins or marker.kwargs:
            usage = '@pytest.mark.hf takes the names of pins: @pytest.mark.hf("mistral")'
            pytest.fail(f"hfpin: {usage}", pytrace=False)
        for name in marker.args:
            with failing():
                pin = session.current(item.config).find(name)
            _ = pin.path  # brings it, or ends the test
