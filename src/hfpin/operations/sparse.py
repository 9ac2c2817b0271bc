"""What a sparse checkout leaves out: files that declare pins, and that nobody can read here."""

from __future__ import annotations

from pathlib import Path

from hfpin.errors import ConfigError, PartialCheckoutError
from hfpin.operations.files import is_declaring
from hfpin.operations.project import Project, is_excluded

_PATTERNS = Path("info", "sparse-checkout")
_LEADS_TO = "gitdir: "


def not_checked_out(project: Project) -> tuple[str, ...]:
    """Name the declaring files that git has and a sparse checkout leaves out, as the project calls them.

    git is asked only where it was ever told to leave something out.
    """
    if not _may_be_sparse(project.root):
        return ()
    from hfpin.operations.git import open_git

    try:
        names = open_git(project.root).left_out(project.root)
    except ConfigError:  # no git, or no repository of ours: then nothing says that a file is missing
        return ()
    return tuple(
        name
        for name in names
        if is_declaring(project, name)
        and not is_excluded(project.config, name)
        and not (project.root / name).exists()
    )


def refuse_partial(project: Project) -> None:
    """Refuse to derive a lock from a part of the configs: the pins of the others would be gone.

    Raises:
        PartialCheckoutError: A sparse checkout leaves out files that declare.
    """
    names = not_checked_out(project)
    if names:
        more = f" (and {len(names) - 1} more)" if len(names) > 1 else ""
        raise PartialCheckoutError(
            f"what {names[0]}{more} declares is not known: this sparse checkout leaves it out",
            hint="`git sparse-checkout disable` checks out all, `git sparse-checkout add FOLDER` one folder "
            "more; then run the same command again.",
        )


def _may_be_sparse(root: Path) -> bool:
    """Whether the working tree that a folder is in has patterns of what to check out."""
    for folder in (root, *root.parents):
        git = folder / ".git"
        if git.is_dir():
            return (git / _PATTERNS).exists()
        if git.is_file():  # a worktree of another repository, or a submodule
            try:
                text = git.read_text(encoding="utf-8", errors="surrogateescape")
            except OSError:
                return False
            return (folder / text.removeprefix(_LEADS_TO).rstrip("\r\n") / _PATTERNS).exists()
    return False
