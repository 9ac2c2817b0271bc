"""The embedded Hub as a program, and the walk of a real client through it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import hfpin.testing
from hfpin.testing import LocalHub
from hfpin.testing.__main__ import main
from tests.testing.bare_http import fetch, send_json

SCENARIO = Path(__file__).with_name("scenario.py")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGTERM to another process")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_program(tmp_path: Path, number: signal.Signals) -> None:
    """The program says where it listens and what to export, is driven over HTTP, and ends quietly."""
    command = [
        sys.executable,
        "-m",
        "hfpin.testing",
        "--port",
        "0",
        "--root",
        str(tmp_path / "root"),
        "--no-xet",
    ]
    program = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ
    )
    try:
        assert program.stdout is not None
        lines = [program.stdout.readline() for _ in range(13)]
        exports = dict(re.findall(r"^export (\w+)='(.*)'$", "".join(lines), re.MULTILINE))
        endpoint = exports["HF_ENDPOINT"]
        assert lines[0] == f"# The hub listens at {endpoint} and stores in {tmp_path / 'root'}\n"
        assert exports["HF_HOME"] == str(tmp_path / "root" / "hf_home")
        assert exports["HF_HUB_DISABLE_XET"] == "1"
        assert lines[-1] == "# Stop it with Ctrl+C.\n"
        created = send_json(f"{endpoint}/api/repos/create", {"name": "tiny"}, token="hf_writer")
        assert created.json()["url"] == f"{endpoint}/tester/tiny"
        send_json(f"{endpoint}/_test/fault", {"kind": "stall", "match": "whoami"})
        assert fetch(f"{endpoint}/api/whoami-v2", timeout=0.2).timed_out
        program.send_signal(number)
        rest, errors = program.communicate(timeout=10)
        assert (program.returncode, rest, errors) == (0, "", "")
    finally:
        program.kill()
        program.communicate()


def test_program_lacks_the_extra(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Without the extra it says how to install it, and ends with 2; what else is missing is raised."""

    def lacks(name: str) -> Callable[[str], object]:
        def load(_: str) -> object:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

        return load

    monkeypatch.setattr("hfpin.testing.import_module", lacks("dulwich.index"))
    assert main([]) == 2
    assert capsys.readouterr() == (
        "",
        "hfpin.testing needs dulwich, which is not installed: pip install 'hfpin[testing]'\n",
    )
    monkeypatch.setattr("hfpin.testing.import_module", lacks("zlib"))
    with pytest.raises(ModuleNotFoundError, match=r"^No module named 'zlib'$"):
        getattr(hfpin.testing, "LocalHub")  # noqa: B009


def test_program_cannot_start(capsys: pytest.CaptureFixture[str]) -> None:
    """A host that is not loopback is said so, and a port that is none: exit code 2. Signals are let go."""
    handlers = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    assert main(["--port", "65536"]) == 2
    assert capsys.readouterr() == ("", "The hub cannot start: port=65536: a port is 0 to 65535.\n")
    assert main(["--host", "0.0.0.0"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == (
        "The hub cannot start: host='0.0.0.0': an embedded Hub listens on loopback only. Use '127.0.0.1'.\n"
    )
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == handlers


@pytest.mark.parametrize("options", [{}, {"xet": False, "resolve_cache": True}])
def test_scenario(options: dict[str, bool]) -> None:
    """The installed huggingface_hub passes every step of the scenario."""
    with LocalHub(**options) as hub:  # type: ignore[arg-type]
        done = subprocess.run(
            [sys.executable, str(SCENARIO)],
            env={**os.environ, **hub.env, "HF_HUB_DISABLE_PROGRESS_BARS": "1"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    failed = [line for line in done.stdout.splitlines() if line.startswith("FAIL")]
    assert failed == []
    assert done.returncode == 0, done.stderr
    assert re.search(r"^34 of 34 steps passed", done.stdout, re.MULTILINE)
