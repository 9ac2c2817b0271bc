"""Which files of a repo are wanted: huggingface_hub's own pattern rules."""

from __future__ import annotations

from fnmatch import fnmatchcase

from hfpin.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Patterns:
    """`allow_patterns` and `ignore_patterns`, meaning what they mean to `snapshot_download`.

    Matching follows `huggingface_hub.utils.filter_repo_objects`: case-sensitive `fnmatch` on the whole
    path, where `*` crosses folders and a pattern that ends in `/` means everything below it. A file is
    kept when some allow pattern matches (or there are none) and no ignore pattern does.

    Args:
        allow: The allow patterns, or None where all files are allowed.
        ignore: The ignore patterns, or None.
    """

    allow: tuple[str, ...] | None = None
    ignore: tuple[str, ...] | None = None

    @property
    def keep_all(self) -> bool:
        """Whether there are no patterns, so that every file is wanted."""
        return self.allow is None and self.ignore is None

    def keeps(self, path: str) -> bool:
        """Whether a file of the repo is wanted; `path` is relative, with forward slashes."""
        if self.allow is not None and not any(matches(path, pattern) for pattern in self.allow):
            return False
        return self.ignore is None or not any(matches(path, pattern) for pattern in self.ignore)


def matches(path: str, pattern: str) -> bool:
    """Whether one pattern matches one path, as huggingface_hub has it."""
    pattern = pattern.replace("\\", "/")
    if pattern.endswith("/"):
        pattern += "*"
    return fnmatchcase(path.replace("\\", "/"), pattern)
