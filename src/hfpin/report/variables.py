"""Environment variables as a shell or a program reads them back, whatever characters they hold."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from typing import Literal, get_args

VariableFormat = Literal["sh", "fish", "json"]
VARIABLE_FORMATS: tuple[VariableFormat, ...] = get_args(VariableFormat)


def render_variables(variables: Mapping[str, str], form: VariableFormat) -> str:
    """Render variables, for `eval "$(…)"` in sh, for `… | source` in fish, or as a JSON object.

    In fish's single quotes a backslash escapes itself and the quote
    (https://fishshell.com/docs/current/language.html#quotes); in those of sh nothing is special.
    """
    if form == "json":
        return json.dumps(variables, indent=1) + "\n"
    if form == "fish":
        escaped = {name: value.replace("\\", "\\\\").replace("'", "\\'") for name, value in variables.items()}
        return "".join(f"set -gx {name} '{value}'\n" for name, value in escaped.items())
    return "".join(f"export {name}={shlex.quote(value)}\n" for name, value in variables.items())
