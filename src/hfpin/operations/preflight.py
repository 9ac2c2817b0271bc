"""Refuse, before the first byte, a fetch that could not end well: no access, no room, no permission.

Which links are followed, and why that is safe: a lock holds names and digests and cannot make a link. The
Hub cache, a repo's folder in it, and any folder on the way to a `local_dir` may be links to elsewhere, as
people link `data` to a scratch disk: whoever made them may write there anyway, and an existing file that is
not ours is never replaced. A link that git has may be a stranger's, and is not followed out of the project:
new files are enough to do harm in a home directory. Below the place where a pin's own names begin nothing of
ours makes a link to a folder, so one that is there would carry files to where nobody said, and is refused. So
is a `local_dir` that leads into a `.git`, from which git runs programs.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from hfpin import atomic
from hfpin.errors import ConfigError, DestinationError
from hfpin.lock import LockedPin
from hfpin.operations.plan import Plan
from hfpin.operations.room import existing, find_room, to_bring
from hfpin.paths import RECORD_DIR, colliding, folded
from hfpin.places import Places

if TYPE_CHECKING:
    from hfpin.hub import Hub


def preflight(places: Places, plans: Iterable[Plan], hub: Hub) -> None:
    """Look whether what plans ask for can be fetched. With nothing to fetch this does nothing at all.

    It costs one request for each repo that something must be brought of.

    Args:
        places: Where files go.
        plans: All that is about to be fetched: room is needed for all of it together.
        hub: Asked whether each repo may be read.

    Raises:
        DestinationError: There is not enough room, no permission to write, or a link leads elsewhere.
        HubError: A repo may not be read, or the Hub does not answer.
    """
    todo = [plan for plan in plans if not plan.is_complete]
    for plan in todo:
        _refuse_links(places, plan)
        folder = existing(places.workshop(plan.locked.pin.target))
        _refuse_unwritable(folder)
        _refuse_collisions(plan.locked, folder)
    for room in find_room(places, todo):
        room.refuse_shortage()
    for repo in dict.fromkeys(plan.locked.pin.repo for plan in todo if to_bring(places, plan)):
        hub.check_access(repo)


def _refuse_links(places: Places, plan: Plan) -> None:
    target = plan.locked.pin.target
    folder = places.snapshot(target)
    parents = {PurePosixPath(parent) for parent in {file.path.rpartition("/")[0] for file, _ in plan.states}}
    if target.local_dir is None:
        base = places.repo_folder(target.repo)
        below = PurePosixPath("snapshots", target.commit)
        parents = {below / parent for parent in parents}
    else:
        base = folder
        parents.add(PurePosixPath(RECORD_DIR))
        place = Path(os.path.realpath(folder))
        if any(folded(part) == ".git" for part in place.parts):
            raise DestinationError(
                f"{folder} leads into {place}, which is git's own",
                hint="Choose another local_dir.",
            )
        _refuse_strangers_links(places.root, target.local_dir)
    for path in sorted({one for parent in parents for one in (parent, *parent.parents)} - {PurePosixPath()}):
        if (base / path).is_symlink():
            raise DestinationError(
                f"{base / path} is a link to {os.path.realpath(base / path)}: files would go there",
                hint="Remove the link; a folder above it may be one, and so may the Hub cache.",
            )


def _refuse_strangers_links(root: Path, local_dir: str) -> None:
    """Refuse a link that came with the project and leads out of it."""
    inside = Path(os.path.realpath(root))
    path = inside
    for part in PurePosixPath(local_dir).parts:
        link, path = path / part, Path(os.path.realpath(path / part))
        if path.is_relative_to(inside):
            continue
        if link.is_symlink() and _is_in_git(link):
            raise DestinationError(
                f"{root / local_dir} leads to {path}, out of the project, by a link that git has: {link}",
                hint="If it is yours, keep it out of git: git rm --cached, and a line in .gitignore.",
            )
        return  # by a link of this machine's: further ones are no business of the project


def _is_in_git(link: Path) -> bool:
    from hfpin.operations.git import open_git  # here: hardly any project has such a link

    try:
        return open_git(link.parent).has_link(link)
    except ConfigError:
        return False  # no repository, or no git


def _refuse_unwritable(folder: Path) -> None:
    try:
        atomic.try_folder(folder)
    except OSError as error:
        raise DestinationError(
            f"{folder} cannot be written to: {error.strerror}",
            hint="Ask whoever owns it, or set [tool.hfpin] cache-dir to a folder of your own.",
        ) from None


def _refuse_collisions(locked: LockedPin, folder: Path) -> None:
    """Refuse names that differ by case alone where they would be one file. Elsewhere they are two."""
    pair = next(colliding(file.path for file in locked.files), None)
    if pair is not None and not _tells_case_apart(folder):
        raise DestinationError(
            f"{locked.pin}: {pair[0]!r} and {pair[1]!r} are one file on this disk: it ignores case",
            hint="Leave one out with ignore_patterns, or fetch to a disk that tells case apart.",
        )


def _tells_case_apart(folder: Path) -> bool:
    import tempfile  # here: two names that differ by case alone are rare

    with tempfile.NamedTemporaryFile(prefix=".hfpin-case-", dir=folder) as file:
        path = Path(file.name)
        return not path.with_name(path.name.swapcase()).exists()
