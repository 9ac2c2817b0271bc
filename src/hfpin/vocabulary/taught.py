"""What a project says about its own configs, which no vocabulary of programs can know."""

from __future__ import annotations

from collections.abc import Mapping

from hfpin.dataclass import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Taught:
    """Keys and values that a project teaches. Without any, hfpin reads by its own vocabulary.

    Args:
        model_keys: Keys that hold the id of a model, each with the key that carries its revision; None
            where the project does not say which that is.
        dataset_keys: The same for datasets.
        revision_keys: Keys that carry the revision of the one repo that their mapping is about.
        ignore_values: Globs of ids that are no Hub repos, whatever stands around them.
    """

    model_keys: Mapping[str, str | None] = field(default_factory=dict)
    dataset_keys: Mapping[str, str | None] = field(default_factory=dict)
    revision_keys: tuple[str, ...] = ()
    ignore_values: tuple[str, ...] = ()


NOTHING = Taught()
"""What a project teaches that says nothing."""
