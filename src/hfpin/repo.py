"""What names a Hub repo, and what names one state of it."""

from __future__ import annotations

import enum
import re
from typing import Literal, get_args

from hfpin.dataclass import dataclass
from hfpin.errors import ConfigError
from hfpin.regex import lazily

RepoType = Literal["model", "dataset", "space", "kernel"]
REPO_TYPES: tuple[RepoType, ...] = get_args(RepoType)

# huggingface_hub.utils.validate_repo_id, narrowed to ASCII, which is all that the Hub serves.
_NAME = r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,94}[A-Za-z0-9_])?"
_REPO_ID = lazily(rf"(?:{_NAME}/)?{_NAME}")
_COMMIT = lazily(r"[0-9a-f]{40}")
_ABBREVIATED = lazily(r"[0-9a-f]{7,39}|[0-9a-fA-F]{40}", re.ASCII)
_INTERPOLATION = lazily(r"\$\{|\{\{|\{%")

MUTABLE_NAMES = frozenset({"main", "master", "HEAD"})
MUTABLE_PREFIX = "refs/"


class RevisionKind(enum.Enum):
    """What a revision promises."""

    COMMIT = "commit"
    """40 lowercase hex digits: names one state for ever."""
    ABBREVIATED = "abbreviated"
    """A shortened or upper-case commit: means a commit, but the Hub does not resolve it."""
    MUTABLE = "mutable"
    """`main`, `master`, `HEAD`, `refs/…`: moves by its nature."""
    NAMED = "named"
    """Any other branch or tag."""
    DYNAMIC = "dynamic"
    """An interpolation: what it names is not in this file."""


def is_commit(revision: str) -> bool:
    """Whether `revision` is a full commit hash: 40 lowercase hex digits."""
    return _COMMIT.fullmatch(revision) is not None


def is_interpolated(text: str) -> bool:
    """Whether `text` has a placeholder (`${…}`, `{{ … }}`, `{% … %}`) that another program fills."""
    return _INTERPOLATION.search(text) is not None


def revision_kind(revision: str) -> RevisionKind:
    """Tell what a revision promises, from its spelling alone."""
    if is_commit(revision):
        return RevisionKind.COMMIT
    if is_interpolated(revision):
        return RevisionKind.DYNAMIC
    if revision in MUTABLE_NAMES or revision.startswith(MUTABLE_PREFIX):
        return RevisionKind.MUTABLE
    if _ABBREVIATED.fullmatch(revision):
        return RevisionKind.ABBREVIATED
    return RevisionKind.NAMED


def is_repo_id(text: str) -> bool:
    """Whether `text` could be a repo id: `name` or `namespace/name`, as huggingface_hub validates it."""
    return (
        _REPO_ID.fullmatch(text) is not None
        and "--" not in text
        and ".." not in text
        and not text.endswith(".git")
    )


@dataclass(frozen=True, slots=True, order=True)
class Repo:
    """A Hub repo: its type and its id, validated.

    Args:
        repo_id: `namespace/name`, or a bare `name` for the oldest repos (`gpt2`).
        repo_type: `model`, `dataset`, `space` or `kernel`.

    Raises:
        ConfigError: Either is not what the Hub could have.
    """

    repo_id: str
    repo_type: RepoType = "model"

    def __post_init__(self) -> None:
        if self.repo_type not in REPO_TYPES:
            raise ConfigError(
                f"{self.repo_type!r} is not a type of Hub repo",
                hint=f"Use one of: {', '.join(REPO_TYPES)}.",
            )
        if not is_repo_id(self.repo_id):
            raise ConfigError(
                f"{self.repo_id!r} is not a repo id",
                hint="A repo id is namespace/name: letters, digits, '-', '_' and '.', each at most 96 long.",
            )

    @property
    def namespace(self) -> str:
        """The user or organization; empty for a one-word id."""
        return self.repo_id.rpartition("/")[0]

    @property
    def name(self) -> str:
        """The id without its namespace."""
        return self.repo_id.rpartition("/")[2]

    def __str__(self) -> str:
        return self.repo_id if self.repo_type == "model" else f"{self.repo_type} {self.repo_id}"
