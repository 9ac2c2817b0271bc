"""What a project decided about hfpin."""

from __future__ import annotations

from typing import Literal, get_args

from hfpin.dataclass import dataclass
from hfpin.weights import Formats

Link = Literal["auto", "copy"]
LINKS: tuple[Link, ...] = get_args(Link)

Requirement = Literal["revision", "commit"]
REQUIREMENTS: tuple[Requirement, ...] = get_args(Requirement)

FILE_NAME = "pyproject.toml"
DECLARING_FILES = ("config.y*ml", "conf/**/*.y*ml", "config/**/*.y*ml", "configs/**/*.y*ml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What a project decided about hfpin.

    Args:
        files: Globs, relative to the project, of the files that declare its pins.
        cache_dir: The Hub cache to use, as written: `$NAME`, `${NAME:-fallback}` and `~` not yet expanded;
            None for the one that huggingface_hub would use.
        jobs: How many files to fetch at once; huggingface_hub's own default.
        link: Whether a file of a `local_dir` that the cache has may share its bytes (`auto`: a reflink, else
            a hard link, else a symbolic one) or is a copy (`copy`).
        write_refs: Whether a fetch lets the branch or tag that was asked for point at its commit in the
            cache, for programs that ask for it by name; one that is there is never changed.
        purge_after: Seconds after which the cluster's policy takes a file that nobody used; None without one.
        formats: The format of weights that is enough where a declaration does not say; None for all.
        allow_incomplete: Pins, by name or repo id, whose patterns may leave out what their model needs.
        without_dependencies: Pins, by name or repo id, that are locked without what they need of other repos.
        record_tensors: Pins, by name or repo id, whose tensors the lock names, with their types and shapes.
        exclude: Globs of files that are never read, even where they are given by name.
        model_keys: The project's own keys that hold the id of a model, each with the key of its revision.
        dataset_keys: The same for datasets.
        revision_keys: The project's own keys that hold a revision.
        ignore_values: Globs of ids that are no Hub repos.
        require: What a reference needs to count as pinned: any `revision` that does not move by its nature,
            or a `commit`.
        require_lock: Whether a missing lock is a finding.
        select: The rules that speak; empty for all.
        ignore: Rules that do not.
        per_file_ignores: Globs, each with rules that do not speak of what it covers.
    """

    files: tuple[str, ...] = DECLARING_FILES
    cache_dir: str | None = None
    jobs: int = 8
    link: Link = "auto"
    write_refs: bool = False
    purge_after: int | None = None
    formats: Formats | None = None
    allow_incomplete: tuple[str, ...] = ()
    without_dependencies: tuple[str, ...] = ()
    record_tensors: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    model_keys: tuple[tuple[str, str | None], ...] = ()
    dataset_keys: tuple[tuple[str, str | None], ...] = ()
    revision_keys: tuple[str, ...] = ()
    ignore_values: tuple[str, ...] = ()
    require: Requirement = "revision"
    require_lock: bool = False
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
