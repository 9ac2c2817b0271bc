"""Tell which commit pins the code that a model brings along.

A config's `auto_map` names it as `module.Class`, or as `owner/repo--module.Class` where it is in another repo
(transformers, `dynamic_module_utils.get_class_from_dynamic_module`). That other repo has commits of its own,
which `code_revision` chooses; where nobody says it, the code comes from its default branch.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hfpin.errors import HfpinError
from hfpin.lock import Lock, LockedPin

_CONFIGS = ("config.json", "tokenizer_config.json", "processor_config.json", "preprocessor_config.json")
_SEPARATOR = "--"


def code_pins(folder: Path, locked: LockedPin, lock: Lock) -> tuple[LockedPin, ...]:
    """Give the pins of the code that a model names: its own, others, or none where it takes no code.

    Args:
        folder: The model's files.
        locked: Its pin.
        lock: Where other repos are pinned.

    Raises:
        HfpinError: Code is taken from a repo that is not pinned.
    """
    own = locked.pin.repo.repo_id
    pins = []
    for repo_id in sorted(set(_code_repos(folder))):
        found = (
            [locked]
            if repo_id in ("", own)
            else [one for one in lock.pins if one.pin.repo.repo_id == repo_id]
        )
        if len(found) != 1:
            reason = "which is pinned more than once" if found else "which is not pinned"
            raise HfpinError(
                f"{locked.pin} takes code from {repo_id}, {reason}",
                hint="Declare that repo in config.yaml, once, then run `hfpin pin`.",
            )
        if found[0] not in pins:
            pins.append(found[0])
    return tuple(pins)


def one_commit(locked: LockedPin, pins: tuple[LockedPin, ...]) -> str | None:
    """Give the commit to pass as `code_revision`; None where there is no code to choose.

    Raises:
        HfpinError: There would have to be several.
    """
    commits = {pin.pin.commit for pin in pins}
    if len(commits) > 1:
        repos = ", ".join(pin.pin.repo.repo_id for pin in pins)
        raise HfpinError(
            f"{locked.pin} takes code from {repos}, and one code_revision cannot pin them all",
            hint="Load its parts one by one, each with the code_revision of its code.",
        )
    return next(iter(commits), None)


def _code_repos(folder: Path) -> Iterator[str]:
    """List the repos of the code that configs name, the model's own as an empty text."""
    for name in _CONFIGS:
        try:
            config = json.loads((folder / name).read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            continue  # whoever loads the model will say what is wrong with it
        auto_map = config.get("auto_map") if isinstance(config, dict) else None
        for reference in _references(auto_map):
            repo_id, separator, _ = reference.partition(_SEPARATOR)
            yield repo_id if separator else ""


def _references(auto_map: Any) -> Iterator[str]:
    """List `module.Class` and the like: a value, or a pair for a slow and a fast tokenizer."""
    for value in auto_map.values() if isinstance(auto_map, dict) else ():
        yield from (one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str))
