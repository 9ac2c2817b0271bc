"""What is said of a fixture `hf_<name>` that is not there: pytest lists those that are, and no reason."""

from __future__ import annotations

import pytest

_PREFIX = "hf_"


def explain(config: pytest.Config, error: BaseException, report: pytest.TestReport) -> None:
    """Add to the report of a test why a pin's fixture was not found, if that is what it is about.

    Args:
        config: This run's.
        error: What was raised.
        report: pytest's report of it.
    """
    if not isinstance(error, pytest.FixtureLookupError):
        return
    name = error.argname
    if name is not None and name.startswith(_PREFIX):
        report.sections.append(("hfpin", _why(config, name.removeprefix(_PREFIX))))


def _why(config: pytest.Config, name: str) -> str:
    from hfpin.errors import HfpinError
    from hfpin.pytest_plugin import session

    try:
        pin = session.current(config).find(name)
    except HfpinError as error:
        return f"hfpin: no pin gives {_PREFIX}{name}: {error}"
    return f"hfpin: the fixture of {pin.locked.pin} is {_PREFIX}{pin.name}."
