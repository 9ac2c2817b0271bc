"""What a reference stands for, once its commit is known."""

from __future__ import annotations

from hfpin.errors import ConfigError
from hfpin.paths import is_device, is_record_path, is_safe_path
from hfpin.pin import Target
from hfpin.reference import Reference
from hfpin.weights import FORMATS, Formats

ALL_FORMATS = "all"
"""Beside an id it takes back what `[tool.hfpin] formats` says for the project."""


def target_of(reference: Reference, commit: str, formats: Formats | None) -> Target:
    """Give the target of a reference.

    Args:
        reference: It.
        commit: Its commit, or that of its tag or branch.
        formats: The project's default.

    Raises:
        ConfigError: `formats` or `local_dir` beside the id cannot be used.
    """
    return Target(
        repo=reference.repo,
        commit=commit,
        patterns=reference.patterns,
        formats=_formats(reference, formats),
        local_dir=_local_dir(reference),
    )


def _formats(reference: Reference, default: Formats | None) -> Formats | None:
    written = reference.formats
    if written is None:
        return default
    for known in FORMATS:
        if written == known:
            return known
    if written == ALL_FORMATS:
        return None
    raise ConfigError(
        f"{reference.where}: formats {written!r} is not known",
        hint=f"Write one of: {', '.join((*FORMATS, ALL_FORMATS))}.",
    )


def _local_dir(reference: Reference) -> str | None:
    written = reference.local_dir
    if written is None:
        return None
    tidy = written.removeprefix("./").rstrip("/")
    if tidy.startswith("~") or "$" in tidy:
        raise ConfigError(
            f"{reference.where}: local_dir {written!r} would be a folder of that very name",
            hint="Nothing is expanded there: a home or scratch folder is for [tool.hfpin] cache-dir.",
        )
    if not is_safe_path(tidy) or is_device(tidy) or is_record_path(tidy):
        raise ConfigError(
            f"{reference.where}: local_dir {written!r} is not a path inside the project",
            hint="Write a relative one, like data/models/mistral; a shared place is [tool.hfpin] cache-dir.",
        )
    return tidy
