"""The rules about folders of adapters, in the order of their codes; a check of configs does not load them."""

from __future__ import annotations

from hfpin.rules import (
    hfp020_base_not_declared,
    hfp021_base_revision,
    hfp022_pickled_adapter,
    hfp023_more_than_adapter,
    hfp024_untracked_adapter,
    hfp025_adapter_disagrees,
)
from hfpin.rules.adapters import AdapterRule

ADAPTER_RULES: tuple[AdapterRule, ...] = (
    AdapterRule.of(hfp020_base_not_declared.RULE, hfp020_base_not_declared.check_folder),
    AdapterRule.of(hfp021_base_revision.RULE, hfp021_base_revision.check_folder),
    hfp022_pickled_adapter.RULE,
    hfp023_more_than_adapter.RULE,
    hfp024_untracked_adapter.RULE,
    hfp025_adapter_disagrees.RULE,
)
