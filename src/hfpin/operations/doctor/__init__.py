"""What is wrong with the place where a project's files go, before it goes wrong.

`gather` collects facts and judges nothing; each function in `CHECKS` judges facts and touches nothing.
"""

from __future__ import annotations

from hfpin.operations.doctor.checks import examine
from hfpin.operations.doctor.facts import Advice, Facts
from hfpin.operations.doctor.gather import gather

__all__ = ["Advice", "Facts", "examine", "gather"]
