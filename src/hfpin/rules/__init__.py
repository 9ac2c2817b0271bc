"""The rules: one a file, listed here."""

from __future__ import annotations

from hfpin.rules import (
    hfp000_unreadable,
    hfp001_no_revision,
    hfp002_mutable_revision,
    hfp008_invalid_repo_id,
)

__all__ = ["RULES"]

RULES = (
    hfp000_unreadable.RULE,
    hfp001_no_revision.RULE,
    hfp002_mutable_revision.RULE,
    hfp008_invalid_repo_id.RULE,
)
