"""A line of a command and words needs no argparse, and means what argparse says."""

from __future__ import annotations

import argparse

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hfpin.cli.commands import NAMES, arguments_of_words, load
from hfpin.cli.parser import command_parser

ALWAYS_PARSED = {"run", "slurm", "audit"}
"""They take another command behind two dashes, or a verb."""

OF_WORDS = [name for name in NAMES if name not in ALWAYS_PARSED]
WORD = st.text(min_size=0, max_size=8).filter(lambda word: not word.startswith("-"))
WORDS = st.lists(WORD, max_size=4)


def parsed(name: str, words: list[str]) -> dict[str, object] | None:
    """What argparse makes of a line; None where it refuses it."""
    try:
        return vars(command_parser(load(name)).parse_args(words))
    except SystemExit:
        return None


@pytest.mark.parametrize("name", OF_WORDS)
@settings(max_examples=20)  # of each command: argparse is slow
@given(words=WORDS)
def test_words_alone(name: str, words: list[str]) -> None:
    """What is made of words is what argparse makes of them: every argument, and no other."""
    found = arguments_of_words([name, *words])
    assert (None if found is None else vars(found)) == parsed(name, words)


@given(
    name=st.sampled_from(OF_WORDS),
    before=WORDS,
    option=st.sampled_from(["-h", "--select", "--", "-"]),
    after=WORDS,
)
def test_options(name: str, before: list[str], option: str, after: list[str]) -> None:
    """A line with anything that may be an option is left to argparse."""
    assert arguments_of_words([name, *before, option, *after]) is None


@pytest.mark.parametrize(
    "line", [[], ["nothing"], ["--version"], *([name] for name in sorted(ALWAYS_PARSED))]
)
def test_others(line: list[str]) -> None:
    """So is one that starts with no command, or with one that is always parsed."""
    assert arguments_of_words(line) is None


def test_parser_of_one_command() -> None:
    """The parser of a command speaks for it alone."""
    assert isinstance(command_parser(load("check")), argparse.ArgumentParser)
    assert command_parser(load("check")).format_usage().startswith("usage: hfpin check ")
