"""The work grows with the file, not with its square: no file can hold up a check."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from hfpin import scan as scanning
from hfpin.reference import Reference
from hfpin.scan import references, scan

LARGE: dict[str, Callable[[int], str]] = {
    "one-mapping.json": lambda n: "{" + ",".join(f'"m{i}_model_id":"a/m{i}"' for i in range(n)) + "}",
    "one-line.json": lambda n: '["ü",' + ",".join(f'{{"model":"a/m{i}"}}' for i in range(n)) + "]",
    "arguments.json": lambda n: '{"args":[' + ",".join(f'"--model","a/m{i}"' for i in range(n)) + "]}",
    "command.yaml": lambda n: "run: ü " + " ".join(f"--model a/m{i}" for i in range(n)) + "\n",
    "script.yaml": lambda n: "run: |\n" + "".join(f"  x --model a/m{i}\n" for i in range(n)),
    "env.yaml": lambda n: "env:\n" + "".join(f"- {{name: MODEL, value: a/m{i}}}\n" for i in range(n)),
    "table.yaml": lambda n: "model2path:\n" + "".join(f"  k{i}: a/m{i}\n" for i in range(n)),
    "tables.toml": lambda n: "".join(f'[[m]]\nmodel = "a/m{i}"\n' for i in range(n)),
    "template.yaml": lambda n: "{{ x }\n" + "".join(f"m{i}_model: a/m{i}\n" for i in range(n)),
    "deep.json": lambda n: '{"model":"a/m","b":' * n + "1" + "}" * n,
}


LARGE |= {
    "one-list.yaml": lambda n: "models: [" + ", ".join(f"a/m{i}" for i in range(n)) + "]\n",
    "one-mapping.yaml": lambda n: "{" + ", ".join(f"m{i}_model: a/m{i}" for i in range(n)) + "}\n",
    "arguments.yaml": lambda n: "args: [" + ", ".join(f"--model, a/m{i}" for i in range(n)) + "]\n",
    "addresses.yaml": lambda n: "x: " + " ".join(f"hf://a/m{i}" for i in range(n)) + "\n",
}


def _within(depth: int) -> str:
    """A config whose last value is a text that is such a config, and so on."""
    lines = []
    for number in range(depth):
        indent = " " * number
        lines += [f"{indent}{line}" for line in ("a: 1", "b: 2", f"m{number}_model: a/m{number}", "c: |")]
    return "\n".join([*lines, f"{' ' * depth}d: 3"]) + "\n"


def _calls(name: str, data: bytes) -> tuple[int, tuple[Reference, ...]]:
    """Scan a file, and count the calls of functions that it takes, Python's own included."""
    count = 0

    def called(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(called)
    try:
        found = scan(name, data).references
    finally:
        sys.setprofile(before)
    return count, found


@pytest.mark.parametrize("name", LARGE)
def test_twice_the_references_are_twice_the_work(name: str) -> None:
    """Each is found once, wherever they all stand, and none costs more because there are others."""
    scan(name, LARGE[name](400).encode())  # what is done once, and what is remembered of keys
    half, _ = _calls(name, LARGE[name](200).encode())
    whole, found = _calls(name, LARGE[name](400).encode())
    assert len(found) == 400
    assert whole < 2.1 * half


def test_texts_in_texts_are_no_more_work() -> None:
    """Configs in texts of configs are read a few deep; below that they are a text, whose lines count."""
    half, twice = _within(40), _within(80)
    scan("some.yaml", twice.encode())
    first, found = _calls("some.yaml", half.encode())
    second, more = _calls("some.yaml", twice.encode())
    assert [one.repo.repo_id for one in found] == [f"a/m{number}" for number in range(40)]
    assert [one.repo.repo_id for one in more] == [f"a/m{number}" for number in range(80)]
    assert second < 2.1 * first


def test_more_than_any_config_has_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """So many ids are looked at, and that there are more is said."""
    monkeypatch.setattr(references, "MOST", 10)
    whole = scan("some.yaml", LARGE["one-list.yaml"](10).encode())
    more = scan("some.yaml", LARGE["one-list.yaml"](11).encode())
    assert (len(whole.references), whole.unreadable) == (10, None)
    assert more.unreadable is not None
    assert (len(more.references), more.unreadable.reason) == (
        10,
        "more than 10 texts in it could be repo ids, and only so many were looked at",
    )


def test_what_waits_for_company_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is weighed again at the end is looked at once: it is one of so many."""
    monkeypatch.setattr(references, "MOST", 10)
    nine, ten = ("".join(f"k{number}: acme/n{number}\n" for number in range(count)) for count in (9, 10))
    whole, more = (scan("some.yaml", f"model: acme/m\n{keys}".encode()) for keys in (nine, ten))
    assert (len(whole.references), whole.unreadable) == (1, None)
    assert more.unreadable is not None


def test_a_file_larger_than_any_config_is_read_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its first lines are read, and that there are more is said; one whose bytes prove enough is parsed."""
    monkeypatch.setattr(scanning, "LARGEST", 30)
    found = scan("some.yaml", b"model: a/m\nother_model: a/n\nthird_model: a/o\n")
    assert [one.repo.repo_id for one in found.references] == ["a/m", "a/n"]
    assert found.unreadable is not None
    assert "only the first" in found.unreadable.reason
    assert scan("some.yaml", b"x: 1\n" * 1 + b"y: some words and more of them\n").says_nothing


@pytest.mark.parametrize(
    "text",
    [
        "x: " + " " * 500_000 + "a/b",
        "x: " + "a." * 200_000,
        "x: '" + "-a " * 100_000 + "/'",
        "x: " + "[" * 900,
        "x: " + "[" * 10_000 + "]" * 10_000,
        "x: " + "lab/" * 200_000,
        "x: '" + "download " * 50_000 + "'",
        "x: '" + "model " * 50_000 + "- " * 50_000 + "'",
        "a0: &a0 {b: c}\n" + "".join(f"a{n}: &a{n} [{f'*a{n - 1}, ' * 9}]\n" for n in range(1, 50)),
    ],
)
def test_what_almost_matches_costs_no_more(text: str) -> None:
    """Long runs of what a pattern begins with are passed over once."""
    assert scan("some.yaml", text.encode()).references == ()
