"""The JSON schema of `[tool.hfpin]` takes what hfpin takes, and refuses what it refuses."""

from __future__ import annotations

import json
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hfpin import config
from hfpin.config.schema import tool_schema
from hfpin.errors import ConfigError
from hfpin.rules.selection import CODES, selection

ROOT = Path(__file__).parent.parent.parent
SCHEMA = tool_schema("hfpin")
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)
SETTINGS = sorted(SCHEMA["properties"])


def is_taken(table: dict[str, Any]) -> bool:
    """Whether hfpin takes a table: what JSON and TOML write alike is written as JSON."""
    lines = [f"{json.dumps(name)} = {toml(value)}\n" for name, value in table.items()]
    try:
        selection(config.loads(f"[tool.hfpin]\n{''.join(lines)}"))
    except ConfigError:
        return False
    return True


def toml(value: Any) -> str:
    """Write a value as TOML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {toml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    return json.dumps(value)


WORDS = st.sampled_from(
    [
        "",
        "a",
        "auto",
        "copy",
        "safetensors",
        "all",
        "revision",
        "commit",
        "HFP001",
        "HFP999",
        "7d",
        "d7",
        "0h",
    ]
)
VALUES = st.recursive(
    WORDS | st.integers(-2, 3) | st.booleans() | st.just(0.5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(WORDS, inner, max_size=2),
    max_leaves=4,
)


def test_schema_is_one() -> None:
    """It is a JSON schema of draft 7, with an id, and a description and a type for each setting."""
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    assert SCHEMA["$id"]
    assert all(one["description"].endswith(".") for one in SCHEMA["properties"].values())


def test_it_names_every_setting_and_rule() -> None:
    """What hfpin reads is described, and nothing else; so are the defaults, and the rules."""
    described = SCHEMA["properties"]
    fields = {
        name.replace("_", "-"): getattr(config.Config(), name) for name in config.Config.__annotations__
    }
    assert set(described) == set(fields)
    defaults = {name: one["default"] for name, one in described.items() if "default" in one}
    assert defaults == {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in fields.items()
        if name in defaults
    }
    assert {name for name, value in fields.items() if value not in (None, ())} == set(defaults)
    for rules in (
        described["select"],
        described["ignore"],
        described["per-file-ignores"]["additionalProperties"],
    ):
        assert set(rules["items"]["enum"]) == CODES


@pytest.mark.parametrize("setting", [*SETTINGS, "file", "cache_dir"])
@settings(max_examples=25)
@given(value=VALUES)
@example(value=["HFP001"])
@example(value={"a": ["HFP001"]})
@example(value="7d")
@example(value={"a": "b"})
def test_it_takes_what_hfpin_takes(setting: str, value: Any) -> None:
    """Value by value, hfpin and the schema agree."""
    assert VALIDATOR.is_valid({setting: value}) == is_taken({setting: value})


def test_validators_find_it() -> None:
    """The entry point that pyproject.toml declares for validate-pyproject gives the schema."""
    project = config_of_ourselves()["project"]["entry-points"]["validate_pyproject.tool_schema"]
    assert list(project) == ["hfpin"]
    entry = EntryPoint(name="hfpin", value=project["hfpin"], group="validate_pyproject.tool_schema")
    assert entry.load()("hfpin") == SCHEMA


def config_of_ourselves() -> dict[str, Any]:
    """Our own pyproject.toml."""
    tomllib = pytest.importorskip("tomllib", reason="Python 3.11 reads TOML")
    loaded: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return loaded
