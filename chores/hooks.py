"""Joins the stanzas of `hooks/*/hook.yaml` into `.pre-commit-hooks.yaml`, where pre-commit looks for them."""

from __future__ import annotations

from pathlib import Path

HEADER = "# Joined from hooks/*/hook.yaml by `doit hooks`. Edit those.\n"


def joined_stanzas(hooks: Path) -> str:
    """Join the stanzas, sorted by folder, each as an item of a list.

    Args:
        hooks: The folder that holds a folder for each hook.
    """
    parts = [HEADER]
    for stanza in sorted(hooks.glob("*/hook.yaml")):
        first, *rest = stanza.read_text(encoding="utf-8").splitlines()
        parts += [f"\n- {first}\n", *(f"  {line}\n" for line in rest)]
    return "".join(parts)


def write(root: Path) -> None:
    """Write `.pre-commit-hooks.yaml` of the repository at `root`."""
    (root / ".pre-commit-hooks.yaml").write_text(joined_stanzas(root / "hooks"), encoding="utf-8")
