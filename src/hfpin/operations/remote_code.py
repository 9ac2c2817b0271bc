"""Tell which commit pins the code that a model brings along.

A config's `auto_map` names it as `module.Class`, or as `owner/repo--module.Class` where it is in another repo
(transformers, `dynamic_module_utils.get_class_from_dynamic_module`). That other repo has commits of its own,
which `code_revision` chooses; where nobody says it, the code comes from its default branch. The lock says
which pin it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hfpin.errors import HfpinError
from hfpin.lock import BASE_MODEL, CODE, Lock, LockedPin
from hfpin.operations.named import files_to_read, names_in, takes_own_code
from hfpin.paths import DECLARING_FILE


def code_pins(
    folder: Path, locked: LockedPin, lock: Lock, *, with_base: bool = False
) -> tuple[LockedPin, ...]:
    """Give the pins of the code that a model runs: its own, others, or none where it takes no code.

    Args:
        folder: The model's files.
        locked: Its pin.
        lock: Where other repos are pinned.
        with_base: Whether the code that an adapter's base takes from other repos is meant too: some loaders
            load the base that an adapter names.

    Raises:
        HfpinError: Code is taken from a repo that is not pinned.
    """
    own = [locked] if _takes_own_code(folder, locked) else []
    others = list(_others(folder, locked, lock))
    if with_base:
        names = {one.name for one in locked.dependencies if one.role == BASE_MODEL}
        bases = (one for one in lock.pins if one.pin.name in names)
        others += [code for base in bases for code in _locked_code(base, lock)]
    return tuple({one.pin.name: one for one in (*own, *others)}.values())


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


def _others(folder: Path, locked: LockedPin, lock: Lock) -> Iterator[LockedPin]:
    """Give the pins of other repos that code comes from."""
    if not lock.knows_dependencies or locked.without_dependencies:
        yield from _by_repo(folder, locked, lock)
    else:
        yield from _locked_code(locked, lock)


def _locked_code(locked: LockedPin, lock: Lock) -> Iterator[LockedPin]:
    names = {one.name for one in locked.dependencies if one.role == CODE}
    yield from (one for one in lock.pins if one.pin.name in names)


def _by_repo(folder: Path, locked: LockedPin, lock: Lock) -> Iterator[LockedPin]:
    """Find them by what the configs say, where the lock does not."""
    named = {
        one.repo
        for path, data in _configs(folder, locked)
        for one in names_in(path, data)
        if one.role == CODE and one.repo != locked.pin.repo
    }
    for repo in sorted(named):
        found = [one for one in lock.pins if one.pin.repo == repo]
        if len(found) != 1:
            reason = "which is pinned more than once" if found else "which is not pinned"
            raise HfpinError(
                f"{locked.pin} takes code from {repo}, {reason}",
                hint=f"Declare that repo {DECLARING_FILE}, once, then run `hfpin pin`.",
            )
        yield found[0]


def _takes_own_code(folder: Path, locked: LockedPin) -> bool:
    own = locked.pin.repo
    return any(
        takes_own_code(path, data) or any(one.repo == own for one in names_in(path, data) if one.role == CODE)
        for path, data in _configs(folder, locked)
    )


def _configs(folder: Path, locked: LockedPin) -> Iterator[tuple[str, bytes]]:
    for file in files_to_read(locked.files):
        try:
            yield file.path, (folder / file.path).read_bytes()
        except OSError:
            continue  # whoever loads the model will say what is wrong with it
