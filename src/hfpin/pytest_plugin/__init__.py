"""The pytest host: a session-scoped fixture for each pin, and an offline that is offline.

pytest imports this package in every run of an environment that has hfpin. So its modules import nothing but
pytest and the standard library, and load the rest of hfpin in the functions that need it. Here are the hooks,
and nothing else: what they do is in the module that each of them names.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

import pytest

from hfpin.pytest_plugin import audit, fixtures, lookup, markers, offline, options
from hfpin.pytest_plugin.fixtures import hf_local_hub, hf_pins, hf_snapshot

if TYPE_CHECKING:
    from xdist.workermanage import WorkerController

__all__ = ["hf_local_hub", "hf_pins", "hf_snapshot"]  # pytest finds the fixtures of a plugin among its names


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add hfpin's options and settings."""
    options.add(parser)


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Go offline and watch before any conftest is imported: huggingface_hub reads its variables then."""
    offline.start(early_config)
    audit.start(early_config)


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Describe the markers, and make a fixture `hf_<name>` for each pin of the project's lock."""
    audit.leave_to_controller(config)
    markers.register(config)
    fixtures.register(config)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: WorkerController) -> None:
    """Tell a worker of pytest-xdist what it shares with the others."""
    from hfpin.pytest_plugin import session

    session.tell_worker(node.config, node.workerinput)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """See to the markers of a test before its fixtures are set up."""
    markers.apply(item)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(request: pytest.FixtureRequest) -> Generator[None, object, object]:
    """Note for the audit which pins are handed out."""
    value = yield
    audit.note_given(request.config, value)
    return value


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Judge what the run opened, once the workers have ended."""
    audit.finish(session)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Tell what the run opened."""
    audit.summarize(terminalreporter, config)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Say in the report of a test that failed for being offline which pin would have served it.

    And of one that asked for a pin's fixture, why it is not there.
    """
    report = yield
    if report.failed and call.excinfo is not None:
        offline.explain(item.config, call.excinfo.value, report)
        lookup.explain(item.config, call.excinfo.value, report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """As above, for a module that asks while it is imported."""
    report = yield
    call: pytest.CallInfo[object] | None = getattr(report, "call", None)
    if report.failed and call is not None and call.excinfo is not None:
        offline.explain(collector.config, call.excinfo.value, report)
    return report


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Say in the header that this run is offline, and what was odd about the lock."""
    return [*offline.header(config), *fixtures.header(config)]
