"""Where the page of a rule is."""

from __future__ import annotations

_FOLDER = "docs/rules"
"""In the project's repository, which has no address of its own yet: the one place to change when it has."""


def page_of(code: str) -> str:
    """Give the address of a rule's page."""
    return f"{_FOLDER}/{code}.md"


def told_by(code: str) -> str:
    """Give the command that prints a rule's page, and the page's address."""
    return f"hfpin explain {code}   ({page_of(code)})"
