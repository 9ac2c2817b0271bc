"""A line of a command and paths needs no argparse, and means what argparse says."""

from __future__ import annotations

import argparse

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hfpin.cli.commands import NAMES, arguments_of_paths, load
from hfpin.cli.parser import command_parser

OF_PATHS = [name for name in NAMES if load(name).without_options is not None]
WORDS = st.lists(st.text(min_size=0, max_size=8).filter(lambda word: not word.startswith("-")), max_size=4)


def test_there_are_some() -> None:
    """The command that hooks call most is one of them."""
    assert "check" in OF_PATHS


@pytest.mark.parametrize("name", OF_PATHS)
@given(words=WORDS)
def test_paths_alone(name: str, words: list[str]) -> None:
    """What is made of paths is what argparse makes of them: every argument, and no other."""
    expected = command_parser(load(name)).parse_args(words)
    found = arguments_of_paths([name, *words])
    assert found is not None
    assert vars(found) == vars(expected)


@pytest.mark.parametrize("name", OF_PATHS)
@given(before=WORDS, option=st.sampled_from(["-h", "--select", "--", "-"]), after=WORDS)
def test_options(name: str, before: list[str], option: str, after: list[str]) -> None:
    """A line with anything that may be an option is left to argparse."""
    assert arguments_of_paths([name, *before, option, *after]) is None


def test_others() -> None:
    """So is one that starts with no command, or with one that takes no paths."""
    assert [arguments_of_paths(line) for line in ([], ["nothing"], ["lock"], ["--version"])] == [None] * 4


def test_parser_of_one_command() -> None:
    """The parser of a command speaks for it alone."""
    assert isinstance(command_parser(load("check")), argparse.ArgumentParser)
    assert command_parser(load("check")).format_usage().startswith("usage: hfpin check ")
