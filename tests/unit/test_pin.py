"""Pins: what they are called."""

from __future__ import annotations

import keyword

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hfpin.errors import ConfigError
from hfpin.patterns import Patterns
from hfpin.pin import RESERVED_NAMES, Mention, Pin, Target, assign_names, identifier
from hfpin.repo import Repo

ONE, TWO = "1" * 40, "2" * 40


def target(repo_id: str, commit: str = ONE, *, ignore: str | None = None) -> Target:
    """Make a target; `ignore` tells apart two that are the same but for their patterns."""
    return Target(repo=Repo(repo_id), commit=commit, patterns=Patterns(ignore=(ignore,) if ignore else None))


def mention(stands_for: Target, name: str | None = None, where: str = "config.yaml:1:1") -> Mention:
    """Make a mention."""
    return Mention(target=stands_for, name=name, where=where)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Mistral-7B-v0.1", "mistral_7b_v0_1"),
        ("openai-community/gpt2", "openai_community_gpt2"),
        ("--a  b--", "a_b"),
        ("7B", "_7b"),
        ("", "_"),
        ("模型", "_"),
        ("café", "caf"),
        ("already_fine", "already_fine"),
    ],
)
def test_a_name_is_an_identifier(text: str, name: str) -> None:
    """Any key becomes an identifier in lower case, of ASCII letters, digits and underscores."""
    assert identifier(text) == name


@given(st.text())
def test_every_text_gives_an_identifier_that_stays_itself(text: str) -> None:
    """What names a pin can name a fixture, and naming it again changes nothing."""
    name = identifier(text)
    assert f"hf_{name}".isidentifier()
    assert not keyword.iskeyword(f"hf_{name}")
    assert identifier(name).lstrip("_") == name.lstrip("_")


def test_a_declared_name_is_taken_as_it_is() -> None:
    """The mapping key is the name, and another key for the same target is an alias."""
    tiny = target("org/tiny")
    mentions = [mention(tiny, "Small"), mention(tiny), mention(tiny, "mini"), mention(tiny, "small")]
    assert assign_names(mentions) == {tiny: ("small", "mini")}


def test_a_target_without_a_name_is_called_after_its_repo() -> None:
    """Without a key, the repo's own name is the name."""
    assert assign_names([mention(target("org/Tiny-1"))]) == {target("org/Tiny-1"): ("tiny_1",)}


@pytest.mark.parametrize(
    ("targets", "names"),
    [
        ([target("a/tiny"), target("b/tiny")], ["a_tiny", "b_tiny"]),
        ([target("a/tiny", ONE), target("a/tiny", TWO)], ["a_tiny_11111111", "a_tiny_22222222"]),
        (
            [target("a/tiny"), target("a/tiny", ignore="*.h5"), target("a/tiny", ignore="*.pt")],
            ["a_tiny_11111111_1", "a_tiny_11111111_2", "a_tiny_11111111_3"],
        ),
        ([target("a/pins"), target("snapshot")], ["a_pins", "snapshot_11111111"]),
        (
            [target("a/b"), target("b"), target("a_b")],
            ["a_b", "a_b_11111111", "b"],
        ),
    ],
    ids=["owner", "commit", "number", "reserved", "mixed"],
)
def test_names_that_would_collide_are_told_apart(targets: list[Target], names: list[str]) -> None:
    """The owner tells two repos apart, then the commit, then a number; no fixture of hfpin's is hidden."""
    given_names = assign_names(map(mention, targets))
    assert sorted(name for (name,) in given_names.values()) == sorted(names)


def test_a_declared_name_goes_before_a_derived_one() -> None:
    """A repo does not take the name that a file declares for another."""
    declared, derived = target("a/x"), target("b/tiny")
    names = assign_names([mention(derived), mention(declared, "tiny")])
    assert names == {declared: ("tiny",), derived: ("b_tiny",)}


@given(
    st.lists(
        st.builds(
            target,
            st.sampled_from(["a/b", "c/b", "b", "a_b", "pins"]),
            st.sampled_from([ONE, TWO]),
            ignore=st.sampled_from([None, "x", "y"]),
        )
    ).flatmap(lambda targets: st.tuples(st.just(targets), st.permutations(targets)))
)
def test_names_are_unique_and_do_not_depend_on_the_order(orders: tuple[list[Target], list[Target]]) -> None:
    """Every target has a name of its own, the same one whatever file is read first."""
    first, second = (assign_names(map(mention, order)) for order in orders)
    assert first == second
    names = [name for (name,) in first.values()]
    assert len(set(names)) == len(names) == len(set(orders[0]))
    assert RESERVED_NAMES.isdisjoint(names)


@pytest.mark.parametrize(
    ("mentions", "message", "hint"),
    [
        (
            [mention(target("a/x"), "tiny", "a.yaml:1:1"), mention(target("b/x"), "Tiny", "b.yaml:2:3")],
            "b.yaml:2:3: the name 'tiny' is taken: a.yaml:1:1 declares it for a/x at 11111111",
            "Rename one of the two mapping keys.",
        ),
        (
            [mention(target("a/x"), "pins", "a.yaml:1:1")],
            "a.yaml:1:1: no pin can be called 'pins': hf_pins is a fixture of hfpin's own",
            "Rename the mapping key.",
        ),
    ],
)
def test_names_that_cannot_be_are_refused(mentions: list[Mention], message: str, hint: str) -> None:
    """One name stands for one target, and never for a fixture of hfpin's own."""
    with pytest.raises(ConfigError) as caught:
        assign_names(mentions)
    assert (caught.value.message, caught.value.hint) == (message, hint)


def test_a_pin_answers_to_its_names_and_its_repo_id() -> None:
    """Everywhere a name is taken, an alias or the repo id is taken too."""
    pin = Pin(name="tiny", aliases=("mini",), target=target("org/tiny-1"), revision="main")
    assert pin.names == ("tiny", "mini", "org/tiny-1")
    assert (pin.repo, pin.commit) == (Repo("org/tiny-1"), ONE)
    assert str(pin) == "tiny (org/tiny-1 at 11111111)"


def test_a_pin_answers_to_its_key_as_a_config_writes_it() -> None:
    """A key that is no identifier means the pin that it names; a part of a repo id means none."""
    pin = Pin(name="tiny_1", aliases=("mini_7b",), target=target("org/other"), revision="main")
    asked = ("tiny_1", "tiny-1", "Tiny.1", "Mini-7B", "org/other", "other", "org-other", "tiny/1", "tiny")
    assert [name for name in asked if pin.answers_to(name)] == list(asked[:5])
    assert pin.is_among(["none", "tiny-1"])
    assert not pin.is_among(["none"])
