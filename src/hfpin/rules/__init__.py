"""The rules: one a file, listed here in the order of their codes."""

from __future__ import annotations

from hfpin.rules import (
    hfp000_unreadable,
    hfp001_no_revision,
    hfp002_mutable_revision,
    hfp003_not_a_commit,
    hfp004_not_a_whole_commit,
    hfp005_unquoted_revision,
    hfp006_two_commits,
    hfp007_trusted_code,
    hfp008_invalid_repo_id,
    hfp009_orphan_revision,
    hfp010_lock_disagrees,
    hfp011_comment_disagrees,
    hfp012_unused_ignore,
    hfp020_base_not_declared,
    hfp021_base_revision,
    hfp030_pickled_weights,
    hfp031_foreign_code,
)
from hfpin.rules.rule import Context, Examined, Rule, Watch

__all__ = ["ADAPTER_CODES", "RULES", "Context", "Examined", "Rule", "Watch"]

RULES: tuple[Rule, ...] = (
    hfp000_unreadable.RULE,
    hfp001_no_revision.RULE,
    hfp002_mutable_revision.RULE,
    hfp003_not_a_commit.RULE,
    hfp004_not_a_whole_commit.RULE,
    hfp005_unquoted_revision.RULE,
    hfp006_two_commits.RULE,
    hfp007_trusted_code.RULE,
    hfp008_invalid_repo_id.RULE,
    hfp009_orphan_revision.RULE,
    hfp010_lock_disagrees.RULE,
    hfp011_comment_disagrees.RULE,
    hfp012_unused_ignore.RULE,
    hfp020_base_not_declared.RULE,
    hfp021_base_revision.RULE,
    hfp030_pickled_weights.RULE,
    hfp031_foreign_code.RULE,
)

ADAPTER_CODES = ("HFP020", "HFP021", "HFP022", "HFP023", "HFP024", "HFP025")
"""Rules about folders of adapters, listed in `rules.adapter_rules`, which a check does not load."""
