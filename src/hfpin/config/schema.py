"""The JSON schema of `[tool.hfpin]`, for editors and validators."""

from __future__ import annotations

from typing import Any


def tool_schema(tool_name: str = "hfpin") -> dict[str, Any]:
    """Give the schema of `[tool.hfpin]`, as validate-pyproject asks its plugins for it.

    A test holds it against what `loads` takes.

    Args:
        tool_name: The tool that is asked about: this one.

    Returns:
        A JSON schema, draft 7 (https://validate-pyproject.readthedocs.io/en/latest/dev-guide.html).
    """
    import json
    from importlib.resources import files

    del tool_name
    text = files("hfpin.config").joinpath("schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema
