"""The work grows with the file, not with its square: no file can hold up a check."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hfpin.scan import scan

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


@pytest.mark.parametrize("name", LARGE)
def test_many_references_are_all_found(name: str) -> None:
    """Each of a thousand is found once, wherever they all stand."""
    assert len(scan(name, LARGE[name](1000).encode()).references) == 1000


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
