"""`--hf-offline`."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import ExitStack
from types import FrameType
from typing import Any

import pytest

from hfpin.pytest_plugin import options

_OFFLINE = pytest.StashKey[ExitStack]()
_REFUSALS = {"NoLookUpError", "NoConnectionError"}
_MISSED = {"OfflineModeIsEnabled", "LocalEntryNotFoundError", "CachedRepoTreeNotFoundError"}


def start(config: pytest.Config) -> None:
    """Go offline if that is asked for, until pytest has done with this run."""
    if not options.is_offline(config, os.environ):
        return
    from hfpin.operations.offline import make_guard
    from hfpin.places import find_home
    from hfpin.watch import children
    from hfpin.watch.hook import listen
    from hfpin.watch.offline import offline

    hosts = options.allowed_hosts(config, os.environ)
    stack = config.stash.setdefault(_OFFLINE, ExitStack())
    config.add_cleanup(stack.close)  # also where a conftest cannot be imported, and nothing is configured
    stack.enter_context(offline(os.environ, sys.modules))
    variables = {
        children.OFFLINE: "1",
        children.ALLOW_HOSTS: ",".join(hosts),
        children.ROOT: str(config.rootpath),
    }
    stack.enter_context(children.watched(os.environ, variables))
    guard = make_guard(config.rootpath, os.environ, find_home())
    stack.callback(listen(guard.listeners()))


def is_on(config: pytest.Config) -> bool:
    """Whether this run is offline."""
    return _OFFLINE in config.stash


def header(config: pytest.Config) -> list[str]:
    """Say that this run is offline."""
    if not is_on(config):
        return []
    hosts = ", ".join(options.allowed_hosts(config, os.environ))
    return [f"hfpin: offline, but for {hosts}" if hosts else "hfpin: offline"]


def explain(config: pytest.Config, error: BaseException, report: Any) -> None:
    """Add to the report of a failure what was asked for, if that is what it is about.

    Args:
        config: This run's.
        error: What was raised.
        report: pytest's report of it, of a test or of a module that could not be collected.
    """
    chain = list(_chain(error))
    refused = next((one for one in chain if type(one).__name__ in _REFUSALS), None)
    text = str(refused) if refused is not None else _missed(config, chain)
    add = getattr(report.longrepr, "addsection", None)
    if not text:
        return
    if add is not None:
        add("hfpin", text)
    else:
        report.sections.append(("hfpin", text))


def _missed(config: pytest.Config, chain: list[BaseException]) -> str | None:
    """Explain what huggingface_hub did not find, or did not ask, by the frames that it was raised in."""
    missed = [one for one in chain if any(kind.__name__ in _MISSED for kind in type(one).__mro__)]
    if not missed:
        return None
    from hfpin.operations.refusal import explain_asked, hub_host, running_test
    from hfpin.places import find_home
    from hfpin.watch.stack import asked_for

    for one in missed:
        asked = asked_for(_frames(one))
        if asked is not None:
            return explain_asked(
                asked,
                hub_host(os.environ),
                running_test(os.environ),
                start=config.rootpath,
                environ=os.environ,
                home=find_home(),
            )
    return None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Give an exception, and those that led to it."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [one.__context__, one.__cause__]


def _frames(error: BaseException) -> list[FrameType]:
    """The frames that an exception went through, from the innermost out."""
    return [frame for frame, _ in traceback.walk_tb(error.__traceback__)][::-1]
