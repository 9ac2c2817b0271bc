"""The name of a repo: its type and its id."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hfpin.testing.refusal import bad_request

if TYPE_CHECKING:
    from pathlib import Path

REPO_TYPES = ("model", "dataset", "space", "kernel")

# Each part starts and ends with a letter or digit; validate_repo_id of huggingface_hub forbids "--", "..".
_ID_PART = r"[A-Za-z0-9](?:[\w.-]{0,94}[A-Za-z0-9_])?"
_REPO_ID = re.compile(rf"{_ID_PART}(?:/{_ID_PART})?", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class RepoName:
    """A repo's type and id.

    Args:
        repo_type: One of `REPO_TYPES`.
        repo_id: ``namespace/name``, or one word as the Hub's oldest repos have it (``gpt2``).

    Raises:
        HubRefusal: The type is unknown, or the id is not one that the Hub takes (status 400).
    """

    repo_type: str
    repo_id: str

    def __post_init__(self) -> None:
        if self.repo_type not in REPO_TYPES:
            raise bad_request(f"Unknown repo type {self.repo_type!r}: use one of {', '.join(REPO_TYPES)}.")
        well_formed = _REPO_ID.fullmatch(self.repo_id) and not re.search(
            r"--|\.\.|\.git(?:/|$)", self.repo_id
        )
        if not well_formed:
            raise bad_request(f"Repo id {self.repo_id!r} is not of the form 'namespace/name' or 'name'.")

    @classmethod
    def from_plural(cls, plural: str, repo_id: str) -> RepoName:
        """Read the type as URLs write it (``models``)."""
        return cls(repo_type=plural.removesuffix("s"), repo_id=repo_id)

    @property
    def plural(self) -> str:
        """The type as URLs write it: ``models``, ``datasets``, ``spaces``, ``kernels``."""
        return f"{self.repo_type}s"

    @property
    def namespace(self) -> str | None:
        """The part before the slash, None for a one-word id."""
        return self.repo_id.partition("/")[0] if "/" in self.repo_id else None

    @property
    def url_path(self) -> str:
        """The repo's page below the endpoint: models have no prefix there."""
        return self.repo_id if self.repo_type == "model" else f"{self.plural}/{self.repo_id}"

    def git_folder(self, root: Path) -> Path:
        """Return the folder of the bare git repository below `root`."""
        return root / self.plural / f"{self.repo_id}.git"
