"""How the command line writes: what belongs together at once."""

from __future__ import annotations

import io
import sys

import pytest

from hfpin.cli.output import print_error, print_line
from hfpin.errors import ConfigError


class Unbuffered(io.StringIO):
    """A stream as PYTHONUNBUFFERED has it: every call reaches the system."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[str] = []

    def write(self, text: str) -> int:
        """Note what is written."""
        self.calls.append(text)
        return len(text)


def test_ranks_that_share_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line, and a message with its hint, are one call each, so that no other rank's come in between."""
    stream = Unbuffered()
    monkeypatch.setattr(sys, "stderr", stream)
    print_line("1 pin: all there", stream)
    print_error(ConfigError("it is wrong", hint="Mend it."), "n1: ")
    print_error(ConfigError("it is wrong"))
    assert stream.calls == [
        "1 pin: all there\n",
        "hfpin: n1: it is wrong\n  = Mend it.\n",
        "hfpin: it is wrong\n",
    ]


def test_names_of_strangers(capsys: pytest.CaptureFixture[str]) -> None:
    """What an error says of a stranger's file is one line, and nothing that a terminal obeys."""
    print_error(ConfigError("conf/\x1b[31m\n::set-env name=A::b.yaml: no", hint="Mend conf/\r::x"))
    assert capsys.readouterr().err == "hfpin: conf/�[31m�::set-env name=A::b.yaml: no\n  = Mend conf/�::x\n"
