"""`hfpin check` on the command line: what is asked, in which format, and how it ends."""

from __future__ import annotations

import io
import json
import os
import sys

import pytest

from hfpin.cli import main
from tests.support import ResearchRepo

SUMMARY = "Checked 1 file: 2 Hub references, 2 findings.\n"


class Terminal(io.StringIO):
    """What stdout is to somebody who looks."""

    def isatty(self) -> bool:
        """Say that it is one."""
        return True


@pytest.fixture
def here(repo: ResearchRepo, monkeypatch: pytest.MonkeyPatch) -> ResearchRepo:
    """A project with two findings that one stands in."""
    repo.write("config.yaml", "- model: org/a\n- model: org/b\n  revision: main\n")
    monkeypatch.chdir(repo.root)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    return repo


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("args", "codes", "end"),
    [
        ((), ["HFP001", "HFP002"], 1),
        (("--select", "HFP002"), ["HFP002"], 1),
        (("--select", "HFP001,HFP003", "--select", "HFP004"), ["HFP001"], 1),
        (("--ignore", "HFP001, HFP002"), [], 0),
        (("--select", "HFP001", "--ignore", "HFP001"), [], 0),
    ],
)
def test_rules_are_chosen(
    capsys: pytest.CaptureFixture[str], args: tuple[str, ...], codes: list[str], end: int
) -> None:
    """Codes are given with commas or one by one, and what is left decides how it ends."""
    assert main(["check", "--format", "json", *args]) == end
    assert [one["code"] for one in json.loads(capsys.readouterr().out)["findings"]] == codes


def test_settings_are_obeyed(here: ResearchRepo, capsys: pytest.CaptureFixture[str]) -> None:
    """What pyproject.toml requires and leaves out holds for whoever runs it."""
    here.write("config.yaml", "model: org/a\nrevision: v1\n")
    here.write("pyproject.toml", "[tool.hfpin]\nrequire = 'commit'\n")
    assert main(["check", "config.yaml"]) == 1
    assert capsys.readouterr().out.startswith(
        "config.yaml:2:11: HFP003 org/a is at v1, which is not a commit\n"
    )
    here.write("pyproject.toml", "[tool.hfpin]\nrequire = 'commit'\nexclude = ['config.yaml']\n")
    assert main(["check", "config.yaml"]) == 0
    assert capsys.readouterr().out == "Checked 0 files: 0 Hub references.\n"


@pytest.mark.usefixtures("here")
def test_statistics(capsys: pytest.CaptureFixture[str]) -> None:
    """The findings are counted, and decide how it ends all the same."""
    assert main(["check", "--statistics"]) == 1
    assert capsys.readouterr().out == (
        f"  1  HFP001  no revision       in 1 file\n  1  HFP002  mutable revision  in 1 file\n{SUMMARY}"
    )


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--select", "HFP099"), "hfpin: --select has 'HFP099', which is no rule\n"),
        (("--ignore", "no"), "hfpin: --ignore has 'no', which is no rule\n"),
        (("--format", "json", "no.yaml"), "hfpin: no.yaml does not exist\n"),
        (
            ("--statistics", "--format", "sarif"),
            "hfpin: --statistics is for people; --format sarif has the findings for programs\n",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(
    capsys: pytest.CaptureFixture[str], args: tuple[str, ...], message: str
) -> None:
    """A wrong code, and a table where a program expects findings: exit 2, and nothing on stdout."""
    assert main(["check", *args]) == 2
    out, err = capsys.readouterr()
    assert (out, err.splitlines(keepends=True)[0]) == ("", message)


@pytest.mark.parametrize(
    ("env", "choice", "is_coloured"),
    [
        ({}, "auto", True),
        ({"NO_COLOR": "1"}, "auto", False),
        ({"NO_COLOR": ""}, "auto", True),
        ({"TERM": "dumb"}, "auto", False),
        ({"NO_COLOR": "1"}, "always", True),
        ({}, "never", False),
    ],
)
def test_colour_on_a_terminal(
    here: ResearchRepo,
    monkeypatch: pytest.MonkeyPatch,
    env: dict[str, str],
    choice: str,
    is_coloured: bool,  # noqa: FBT001  # a case
) -> None:
    """NO_COLOR and a dumb terminal are heeded, and what is asked for is done."""
    del here
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stdout", terminal := Terminal())
    assert main(["check", "--color", choice]) == 1
    assert ("\x1b[" in terminal.getvalue()) is is_coloured
    assert terminal.getvalue().endswith(SUMMARY)


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="file names are text there")
@pytest.mark.parametrize("form", ["text", "sarif"])
def test_a_name_that_is_no_utf8(here: ResearchRepo, form: str) -> None:
    """Whatever bytes a name has, what is found is printed whole, and no escape reaches the terminal."""
    (here.root / "config.yaml").rename(here.root / os.fsdecode(b"\xff\x1b[31m.yaml"))
    done = here.hfpin("check", ".", "--format", form, PYTHONIOENCODING="utf-8:strict")
    assert done.returncode == 1
    assert "Traceback" not in done.stdout
    if form == "text":
        assert done.stdout.startswith("\ufffd\ufffd[31m.yaml:1:10: HFP001 org/a has no revision\n")
    else:
        json.loads(done.stdout)


@pytest.mark.usefixtures("here")
def test_no_colour_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    """A file or a hook's output has no escapes in it, unless they are asked for."""
    main(["check"])
    assert "\x1b[" not in capsys.readouterr().out
    main(["check", "--color", "always"])
    assert "\x1b[" in capsys.readouterr().out
