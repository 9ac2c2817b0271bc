"""The page of a rule, as it is installed: the docs folder is not."""

from __future__ import annotations

from pathlib import Path

from hfpin.errors import ConfigError
from hfpin.rules.selection import CODES

_INSTALLED = Path(__file__).parent.parent / "rules" / "pages"
_IN_THE_REPOSITORY = Path(__file__).parents[3] / "docs" / "rules"
"""Where an editable install finds it."""


def rule_page(code: str) -> str:
    """Read the page of a rule.

    Args:
        code: `HFP001` and the like.

    Returns:
        Markdown.

    Raises:
        ConfigError: There is no such rule, or its page is not installed.
    """
    if code not in CODES:
        raise ConfigError(f"there is no rule {code}", hint=f"There are: {', '.join(sorted(CODES))}.")
    for folder in (_INSTALLED, _IN_THE_REPOSITORY):
        try:
            return (folder / f"{code}.md").read_text(encoding="utf-8")
        except FileNotFoundError:
            continue
    raise ConfigError(f"the page of {code} is not installed", hint="Install hfpin again.")
