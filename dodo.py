"""Our own chores: `doit list` shows them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from chores import cli_page, hooks

ROOT = Path(__file__).parent
PYTHON = f'"{sys.executable}" -m'
DOIT_CONFIG = {"default_tasks": ["lint", "types", "test"], "verbosity": 2}

Task = dict[str, Any]


def task_lint() -> Task:
    """Check style and format with ruff."""
    return {"actions": [f"{PYTHON} ruff check .", f"{PYTHON} ruff format --check ."]}


def task_types() -> Task:
    """Check types with mypy, strictly."""
    return {"actions": [f"{PYTHON} mypy"]}


def task_test() -> Task:
    """Run the tests, on all cores."""
    return {"actions": [f"{PYTHON} pytest"]}


def task_docs() -> Task:
    """Write the pages that are made from the program, then run every example in the docs."""
    return {"actions": [(cli_page.write, [ROOT]), f"{PYTHON} pytest tests/docs"]}


def task_hooks() -> Task:
    """Join hooks/*/hook.yaml into .pre-commit-hooks.yaml."""
    return {"actions": [(hooks.write, [ROOT])]}


def task_demo() -> Task:
    """Tell the whole story on a real model: hook, pin, fetch, offline tests."""
    return {"actions": [f"{PYTHON} demo"]}


def task_bench() -> Task:
    """Measure what we claim, side by side with what people use instead."""
    suites = (
        "benchmarks",
        "benchmarks.fetching",
        "benchmarks.verify",
        "benchmarks.warm",
        "benchmarks.pytest_plugin",
    )
    return {"actions": [f"{PYTHON} {suite}" for suite in suites]}


def task_compat() -> Task:
    """Run the embedded Hub's scenario with other releases of huggingface_hub, each in a venv of its own."""
    return {"actions": [f"{PYTHON} chores.compat"]}
