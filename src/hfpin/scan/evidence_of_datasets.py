"""What says that one word is a dataset of the Hub, from the time before namespaces."""

from __future__ import annotations

import re

from hfpin.scan.block import Block
from hfpin.scan.candidate import Candidate
from hfpin.scan.evidence_around import loader_class
from hfpin.scan.keys import KeyKind, kind
from hfpin.scan.mentions import Form
from hfpin.scan.places import Place
from hfpin.scan.tree import Scalar, resolve
from hfpin.vocabulary import programs, shapes

_MOST = 50
"""How many items of a list are looked at: a list of datasets is shorter."""
_OFF = ("false", "no", "off")
_OPTIONS = programs.DATASET_OPTIONS | programs.SUBSET_OPTIONS
_PLAIN_OPTIONS = frozenset("data_dir packed shards split splits".split())
"""Those that other programs have for datasets of their own names, too."""


def task_dataset(candidate: Candidate) -> str | None:
    """The file is a task of lm-evaluation-harness, whose datasets may have one-word ids."""
    is_path = candidate.key == "dataset_path" and candidate.mention.form is Form.WORD
    return "'dataset_path' of a task" if is_path and candidate.facts.is_task else None


def legacy_dataset(candidate: Candidate) -> str | None:
    """It is a dataset from the time before namespaces, and what stands around it loads from the Hub."""
    if candidate.mention.repo_id not in shapes.LEGACY_DATASETS or candidate.mention.form is not Form.WORD:
        return None
    for key in (candidate.key, *candidate.above[:1]):
        if kind(key) is KeyKind.CERTAIN:  # `hf_dataset`, and a section that is called so
            return f"{key!r}"
    if _is_name(candidate) and candidate.block is not None:
        said = _cut_beside(candidate.block, candidate.mention.repo_id)
        if said is not None:
            return said
    return _meant(candidate) if candidate.kind in (KeyKind.DATASET, KeyKind.GENERAL) else None


def _meant(candidate: Candidate) -> str | None:
    """What says that it is no name of the program's own."""
    is_dataset = candidate.kind is KeyKind.DATASET or _is_name(candidate)
    if is_dataset and candidate.facts.is_said_to_be_of_hub(candidate.mention.repo_id):
        return "the comment beside it speaks of Hugging Face"
    if _is_among_aliases(candidate.place):
        return None
    if candidate.company is not None and candidate.mention.repo_id not in shapes.BENCHMARKS:
        return f"beside {candidate.company!r}"
    return loader_class(candidate) or _chosen_beside(candidate)


def _chosen_beside(candidate: Candidate) -> str | None:
    """An argument of load_dataset or of transformers' scripts beside it, or a switch: it is no folder."""
    if candidate.kind is KeyKind.GENERAL and candidate.key not in ("path", "id"):
        return None
    is_path = candidate.key in ("path", "id", "dataset_path")
    options = _OPTIONS if is_path else _OPTIONS - _PLAIN_OPTIONS
    for block in candidate.blocks:
        for key in sorted(options & block.values.keys()):  # a sweep has mappings there: `{value: de}`
            is_share = key == "subset" and block.texts.get(key, "").replace(".", "").isdigit()
            if not is_share:
                return f"beside {key!r}"
        for key in block.telling.switches:
            if block.texts[key].lower() in _OFF:
                return f"beside {key!r}, which is {block.texts[key]!r}"
    return None


def _is_among_aliases(place: Place) -> bool:
    """Whether its list has names that are none of the Hub's: then all are the program's own."""
    items = place.frame.items
    others = (resolve(item) for item in items.items[:_MOST]) if items is not None else ()
    return any(
        isinstance(one, Scalar) and "/" not in one.value and one.value not in shapes.LEGACY_DATASETS
        for one in others
    )


def _is_name(candidate: Candidate) -> bool:
    """Whether it is the `name` of a dataset."""
    above = candidate.above[0] if candidate.above else candidate.facts.group
    is_of_dataset = above is not None and (kind(above) is KeyKind.DATASET or above == "data")
    return candidate.key == "name" and is_of_dataset


def _cut_beside(block: Block, word: str) -> str | None:
    """What of a dataset is chosen beside its name, as only load_dataset takes it."""
    if {"split", "config"} <= {key.removesuffix("_name") for key in block.texts}:
        return "beside a split and a config of it"
    for key, text in block.texts.items():
        if key.endswith("split") and re.fullmatch(programs.SLICE, text):
            return f"beside the split {text!r}"
    known = ("config_name", "streaming", *(() if word in shapes.BENCHMARKS else ("split",)))
    return next((f"beside {key!r}" for key in known if key in block.texts), None)
