"""Declare which Hugging Face repos a project uses, at which commit, and hold it to that."""

from __future__ import annotations

__version__ = "0.1.0"
