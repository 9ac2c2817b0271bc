"""Writes the config files of a research repo that was never there: the same bytes for the same seed.

Most of them name no Hub repo, as in a real one: experiments with paths and interpolations, sweeps, workflows,
manifests, recorded results. Every twelfth declares models, pinned.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

_WORDS = (
    "alpha anneal batch beta clip cosine decay depth dropout encoder epochs eval factor gamma hidden "
    "horizon kernel layers length loss margin memory metric momentum noise offset optimizer order patience "
    "policy pool rate ratio sample scale schedule seed shards size smooth steps stride target temperature "
    "threshold tokens trainer update value warmup weight width window workers"
).split()
_FOLDERS = (
    "data outputs checkpoints logs scratch/runs /mnt/datasets ${paths.root} experiments ./assets".split()
)
_IMAGES = ("registry.example.org/lab/trainer", "nvcr.io/nvidia/pytorch", "docker.io/library/redis")


def _mapping(chance: random.Random, indent: int, lines: int) -> str:
    pad = " " * indent
    out: list[str] = []
    for _ in range(lines):
        key = f"{chance.choice(_WORDS)}_{chance.choice(_WORDS)}_{len(out)}"
        value = chance.choice(
            (
                str(chance.randint(1, 4096)),
                f"{chance.random():.5f}",
                f"{chance.randint(1, 9)}e-{chance.randint(1, 6)}",
                chance.choice(("true", "false", "null")),
                chance.choice(_WORDS),
                f'"{chance.choice(_WORDS)} of the {chance.choice(_WORDS)}"',
                "${" + f"{chance.choice(_WORDS)}.{chance.choice(_WORDS)}" + "}",
                f"{chance.choice(_FOLDERS)}/{chance.choice(_WORDS)}/{chance.choice(_WORDS)}_{len(out)}.json",
                f"[{', '.join(str(chance.randint(0, 512)) for _ in range(chance.randint(2, 6)))}]",
            )
        )
        comment = f"  # see the {chance.choice(_WORDS)}" if chance.randrange(10) == 0 else ""
        out.append(f"{pad}{key}: {value}{comment}\n")
    return "".join(out)


def _experiment(chance: random.Random) -> str:
    parts = ["# @package _global_\n", "defaults:\n", "  - _self_\n"]
    parts += [f"  - override /{word}: {chance.choice(_WORDS)}\n" for word in chance.sample(_WORDS, 3)]
    for section in chance.sample(_WORDS, 6):
        target = f"  _target_: lab.{section}.{section.title()}\n"
        parts.append(f"\n{section}:\n{target}{_mapping(chance, 2, chance.randint(4, 14))}")
    return "".join(parts)


def _sweep(chance: random.Random) -> str:
    parts = ["method: bayes\nmetric:\n  goal: minimize\n  name: eval/loss\nparameters:\n"]
    for word in chance.sample(_WORDS, 14):
        values = "".join(f"    - {chance.random() * 10:.4f}\n" for _ in range(chance.randint(2, 7)))
        parts.append(f"  {word}:\n    distribution: categorical\n    values:\n{values}")
    return "".join(parts)


def _workflow(chance: random.Random) -> str:
    parts = ["name: tests\non:\n  push:\n    branches: [main]\n  pull_request:\n\njobs:\n"]
    for word in chance.sample(_WORDS, 3):
        steps = "".join(
            f"      - name: {step}\n        run: |\n          python -m lab.{step} --out logs/{step}.txt\n"
            f"          grep -c {step} logs/{step}.txt | tee count.txt\n"
            for step in chance.sample(_WORDS, 4)
        )
        parts.append(
            f"  {word}:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n"
            f"      - uses: actions/setup-python@v5\n        with:\n          python-version: '3.12'\n{steps}"
        )
    return "".join(parts)


def _manifest(chance: random.Random) -> str:
    parts = []
    for word in chance.sample(_WORDS, 3):
        env = "".join(
            f'            - name: {key.upper()}\n              value: "{chance.randint(1, 64)}"\n'
            for key in chance.sample(_WORDS, 5)
        )
        parts.append(
            f"apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {word}\n  labels:\n"
            f"    app.kubernetes.io/name: {word}\nspec:\n  replicas: {chance.randint(1, 8)}\n  template:\n"
            f"    spec:\n      containers:\n        - name: {word}\n"
            f"          image: {chance.choice(_IMAGES)}:1.2\n          env:\n{env}"
            f"          resources:\n            limits:\n              memory: 16Gi\n"
        )
    return "---\n".join(parts)


def _results(chance: random.Random) -> str:
    parts = ["results:\n"]
    for word in chance.sample(_WORDS, 20):
        numbers = ", ".join(f"{name}: {chance.random():.6f}" for name in ("acc", "acc_stderr", "f1"))
        parts.append(f"  {word}: {{{numbers}}}\n")
    return "".join(parts) + "config:\n" + _mapping(chance, 2, 12)


def _models(chance: random.Random) -> str:
    parts = []
    for word in chance.sample(_WORDS, 3):
        commit = f"{chance.getrandbits(160):040x}"
        parts.append(
            f"{word}_model:\n  repo_id: lab-{chance.choice(_WORDS)}/{word}-{commit[:6]}-7b\n"
            f"  revision: {commit}  # main\n{_mapping(chance, 2, 8)}"
        )
    return "".join(parts) + _experiment(chance)


_KINDS: tuple[tuple[str, Callable[[random.Random], str]], ...] = (
    ("conf/experiment", _experiment),
    ("conf/sweep", _sweep),
    ("conf/experiment", _experiment),
    (".github/workflows", _workflow),
    ("deploy", _manifest),
    ("results", _results),
    ("conf/experiment", _experiment),
    ("conf/sweep", _sweep),
    ("results", _results),
    ("conf/experiment", _experiment),
    ("deploy", _manifest),
    ("conf/model", _models),
)


def write_tree(root: Path, files: int, seed: int = 0) -> tuple[Path, ...]:
    """Write so many config files below a folder, and give their paths, relative to it."""
    chance = random.Random(seed)
    paths = []
    for number in range(files):
        folder, text = _KINDS[number % len(_KINDS)]
        path = Path(folder, f"{number:04}.yaml")
        (root / folder).mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text(chance))
        paths.append(path)
    return tuple(paths)
