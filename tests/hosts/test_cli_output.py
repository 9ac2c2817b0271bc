"""Where the output goes, and what it can hold there: streams that are closed, full, of another encoding."""

from __future__ import annotations

import os
import sys

import pytest

from hfpin.cli import main
from tests.support import ResearchRepo

ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": ""}
FULL = """\
hfpin: stopped: No space left on device
  = Check the disk that it is about, or where the output goes.
"""
GONE = "hfpin: the folder that you stand in is gone\n  = Go to one that is there.\n"


@pytest.fixture
def here(repo: ResearchRepo) -> ResearchRepo:
    """A project with one finding."""
    repo.write("config.yaml", "model: acme/tiny\n")
    return repo


@pytest.mark.skipif(os.name == "nt", reason="a shell's redirections")
@pytest.mark.parametrize(
    ("line", "said", "code"),
    [
        ("hfpin check >&-", "", 1),
        ("hfpin check nofile >&-", "hfpin: nofile does not exist", 2),
        ("hfpin check >&- 2>&-", "", 1),
        ("hfpin check nofile 2>&-", "", 2),
        ("exec 3>&1; (hfpin check; echo $? >&3) | true", "141\n", 0),
        ("exec 3>&1; (hfpin check nofile; echo $? >&3) 2>/dev/null | true", "2\n", 0),
    ],
)
def test_nobody_listens(here: ResearchRepo, line: str, said: str, code: int) -> None:
    """A stream that is closed, or that nobody reads any more, makes no noise; what was found is not lost."""
    wait = 'hfpin() { sleep 0.1; command hfpin "$@"; }; '  # until the reader has gone
    done = here.run("sh", "-c", f"{wait}{line}", PYTHONUNBUFFERED="")
    assert (done.returncode, done.stdout[: len(said) or None]) == (code, said)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")  # noqa: PTH110
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_full_disk(here: ResearchRepo, unbuffered: str) -> None:
    """Output that finds no room is an error that says so, not a clean check and not a traceback."""
    done = here.run("sh", "-c", "hfpin check > /dev/full", PYTHONUNBUFFERED=unbuffered)
    assert (done.returncode, done.stdout) == (2, FULL)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere UTF-8 is what the C locale has")
def test_locale_without_letters(here: ResearchRepo) -> None:
    """What a locale cannot encode is printed as an escape; a patch is UTF-8 everywhere."""
    here.write("config.yaml", "- é: 1\n  model: acme/tiny\n")
    done = here.run("hfpin", "check", **ASCII)
    assert (done.returncode, done.stdout.splitlines()[1]) == (1, "  1 | - \\xe9: 1")
    here.write("pyproject.toml", "# é\n")
    assert " # é\n+\n+[tool.hfpin]\n" in here.run("hfpin", "init", "--diff", **ASCII).stdout


def test_folder_gone(here: ResearchRepo) -> None:
    """A folder that was removed below one's feet is named as what it is."""
    if os.name == "nt":
        pytest.skip("there it cannot be removed")
    for command in ("check", "refs", "large-files", "adapters"):
        done = here.run("sh", "-c", f"mkdir gone && cd gone && rmdir ../gone && hfpin {command}")
        assert (done.returncode, done.stdout) == (2, GONE)


def test_stopped_before_it_began(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl+C while a command is being loaded is no traceback, either."""

    def stop(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sys.modules["hfpin.cli.main"], "arguments_of_words", stop)
    assert main(["check"]) == 130
    stopped = "hfpin: stopped; what was done is kept, the same command goes on from there\n"
    assert capsys.readouterr().err == stopped


@pytest.mark.skipif(os.name == "nt", reason="no such names there")
@pytest.mark.parametrize(
    "words", ["check", "check --format github", "refs", "refs .", "lock", "pin --offline", "explain {}:1"]
)
@pytest.mark.parametrize("text", ["model: acme/tiny\n", "a: [\n"])
def test_names_that_speak_to_the_terminal(
    repo: ResearchRepo,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: str,
    text: str,
) -> None:
    """A file's name that holds escapes or a line of its own says none of them where it is named."""
    name = "conf/\x1b[2J\n::set-env name=A::b.yaml"
    repo.write(name, text)
    monkeypatch.chdir(repo.root)
    main([word.replace("{}", name) for word in words.split(" ")])
    out, err = capsys.readouterr()
    lines = (out + err).split("\n")
    assert any("set-env" in line for line in lines)
    assert [line for line in lines if line.startswith("::set-env") or not line.isprintable()] == []
