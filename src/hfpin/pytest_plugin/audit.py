"""`--hf-audit`."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from hfpin.pytest_plugin import options

if TYPE_CHECKING:
    from pathlib import Path

    from hfpin.operations.audit import Audit
    from hfpin.operations.watching import Watch
    from hfpin.watch.recorder import Recorder

_WATCH: pytest.StashKey[Watch] = pytest.StashKey()
_RECORDER: pytest.StashKey[Recorder] = pytest.StashKey()
_STACK = pytest.StashKey[ExitStack]()
_AUDIT: pytest.StashKey[Audit] = pytest.StashKey()
_FAULT = pytest.StashKey[str]()


def start(config: pytest.Config) -> None:
    """Watch what this run opens, from before any conftest is imported, if that is asked for.

    Raises:
        pytest.UsageError: The lock or the settings cannot be used, or the report cannot be written.
    """
    if options.audit(config) is None:
        return
    from hfpin.errors import HfpinError
    from hfpin.operations.report_file import try_report
    from hfpin.operations.watching import watching
    from hfpin.places import find_home

    stack = config.stash.setdefault(_STACK, ExitStack())
    config.add_cleanup(stack.close)
    report = _report(config)
    try:
        if report is not None:
            try_report(report)
        watch = stack.enter_context(watching(config.rootpath, os.environ, find_home(), is_here=True))
    except HfpinError as error:
        raise pytest.UsageError(str(error)) from None
    config.stash[_WATCH] = watch
    config.stash[_RECORDER] = watch.recorder


def leave_to_controller(config: pytest.Config) -> None:
    """Let a worker of pytest-xdist write for the process that started it, which has it watched as a child."""
    if not hasattr(config, "workerinput") or _STACK not in config.stash:
        return
    from hfpin.watch.children import AUDIT
    from hfpin.watch.recorder import Recorder, read_settings

    config.stash[_STACK].close()
    del config.stash[_WATCH], config.stash[_RECORDER]
    folder = os.environ.get(AUDIT)
    if folder is not None:
        config.stash[_RECORDER] = Recorder(folder, read_settings(folder), os.environ)


def note_given(config: pytest.Config, value: Any) -> None:
    """Note that a fixture handed out the snapshot of a pin: it may be read by what no hook sees."""
    recorder = config.stash.get(_RECORDER, None)
    locked = getattr(value, "locked", None)
    if recorder is None or locked is None:
        return
    from hfpin.watch.access import Access

    repo = locked.pin.repo
    recorder.note(Access("given", repo.repo_type, repo.repo_id, locked.pin.commit, ""))


def finish(session: pytest.Session) -> None:
    """Judge the run, write the report, and fail the run where that is asked for."""
    config = session.config
    watch = config.stash.get(_WATCH, None)
    if watch is None:
        return
    from hfpin.errors import HfpinError
    from hfpin.operations.report_file import write_report
    from hfpin.report.audit import render_audit_json

    audit = config.stash[_AUDIT] = watch.judge()
    fails = options.audit(config) == "fail" and not audit.is_clean
    path = _report(config)
    if path is not None:
        try:
            write_report(path, render_audit_json(audit))
        except HfpinError as error:
            config.stash[_FAULT] = f"hfpin: {error}"
            fails = True
    if fails and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def summarize(terminal: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Tell at the end what was used, and what of it was not pinned."""
    audit = config.stash.get(_AUDIT, None)
    if audit is None:
        return
    from hfpin.report.audit import render_audit

    terminal.section("hfpin audit")
    for line in render_audit(audit):
        terminal.line(line)
    if _FAULT in config.stash:
        terminal.write_line(config.stash[_FAULT], red=True)


def _report(config: pytest.Config) -> Path | None:
    """Where the report goes; None for nowhere."""
    name = config.known_args_namespace.hf_audit_report
    return None if name is None else config.invocation_params.dir / name
