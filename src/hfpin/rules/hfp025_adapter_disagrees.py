"""HFP025: an `adapter_config.json` that is not about the tensors beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from hfpin.dataclass import dataclass
from hfpin.finding import Finding
from hfpin.regex import lazily
from hfpin.rules.adapters import AdapterFolder, AdapterRule
from hfpin.tensors import Tensor

_CONFIG = "adapter_config.json"
_PREFIX = "base_model.model."
# PEFT, `tuners/lora/layer.py`: linear layers and convolutions, and embeddings, whose factors are transposed;
# the bias that `lora_bias` asks for is none
_FACTOR = lazily(
    r"(?P<module>.*)\.(?P<factor>lora_A|lora_B|lora_embedding_A|lora_embedding_B)(?:\.(?!bias$)[^.]+)*"
)
_RANK_FIRST = ("lora_A", "lora_embedding_A")
_PARTNERS = {"lora_A": "lora_B", "lora_embedding_A": "lora_embedding_B"}
_WHY = "It loads with some layers missing, or not at all."
_HINT = "save both again, together: peft_model.save_pretrained(folder)"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Factor:
    """A low-rank factor, by its tensor's name."""

    name: str
    module: str
    factor: str
    tensor: Tensor

    @property
    def rank(self) -> int:
        """Its rank, by its shape; -1 where it has none."""
        shape, first = self.tensor.shape, self.factor in _RANK_FIRST
        return -1 if len(shape) < 2 else shape[0 if first else 1]  # noqa: PLR2004  # a matrix has two


def _check(folder: AdapterFolder) -> Iterator[Finding]:
    for file, reason in folder.unreadable.items():
        yield folder.finding(RULE.code, file, f"it cannot be read: {reason}", _WHY, _HINT)
    config = folder.config
    if not folder.tensors or config.get("peft_type") != "LORA":
        return
    factors = list(_factors(folder.tensors))
    for message, name in _disagreements(config, factors):
        file = folder.tensors[name].file if name else _CONFIG
        yield folder.finding(RULE.code, file, message, _WHY, _HINT)


def _factors(tensors: Mapping[str, Tensor]) -> Iterator[_Factor]:
    for name, tensor in tensors.items():
        match = _FACTOR.fullmatch(name)
        if match is not None:
            module = match["module"].removeprefix(_PREFIX)
            yield _Factor(name=name, module=module, factor=match["factor"], tensor=tensor)


def _disagreements(config: Mapping[str, Any], factors: list[_Factor]) -> Iterator[tuple[str, str]]:
    """Give what the two say differently, each once with how often, and a tensor that shows it."""
    if not factors:
        yield "it says LORA, and no tensor is one of LoRA's", ""
        return
    halves = {(one.module, one.factor) for one in factors}
    alone = [
        one
        for one in factors
        if one.factor in _PARTNERS and (one.module, _PARTNERS[one.factor]) not in halves
    ]
    if alone:
        yield f"{alone[0].name!r}{_more(alone)} has no {_PARTNERS[alone[0].factor]} beside it", alone[0].name
    of_modules = [one for one in factors if not _is_on_parameters(config, one.module)]
    wrong = [(one, rank) for one in of_modules if (rank := _rank(config, one.module)) not in (None, one.rank)]
    if wrong:
        one, rank = wrong[0]
        yield f"{one.name!r}{_more(wrong)} is of rank {one.rank}, and {_CONFIG} says {rank}", one.name
    targets = config.get("target_modules")
    if isinstance(targets, str) and targets == "all-linear":
        return
    strange = [one for one in of_modules if not _is_target(targets, one.module)]
    if strange:
        what = f"{strange[0].name!r}{_more(strange)} is on no module that target_modules names"
        yield what, strange[0].name
    for target in targets if isinstance(targets, list) else ():
        if isinstance(target, str) and not any(_is_target([target], one.module) for one in factors):
            yield f"target_modules names {target!r}, and no tensor is on it", ""


def _more(found: list[Any]) -> str:
    return f" (and {len(found) - 1} more)" if len(found) > 1 else ""


def _rank(config: Mapping[str, Any], module: str) -> int | None:
    """The rank that a module should have: that of a pattern for it, else `r` (PEFT, `get_pattern_key`)."""
    patterns = config.get("rank_pattern")
    for pattern, rank in patterns.items() if isinstance(patterns, dict) else ():
        if _matches(rf"(?:.*\.)?(?:{pattern})", module):
            return rank if isinstance(rank, int) else None
    rank = config.get("r")
    return rank if isinstance(rank, int) else None


def _is_on_parameters(config: Mapping[str, Any], module: str) -> bool:
    """Whether a module's parameters are targets, as those of experts, all in one tensor, are.

    Its factors are of rank `r` for each expert, and those of a second parameter are on the `base_layer` of
    the first (PEFT, `ParamWrapper`).
    """
    parameters = config.get("target_parameters")
    named = parameters if isinstance(parameters, list) else ()
    holders = [one.rpartition(".")[0] for one in named if isinstance(one, str)]
    return "" in holders or _is_target(holders, re.sub(r"(?:\.base_layer)+$", "", module))


def _is_target(targets: Any, module: str) -> bool:
    """Whether a module is one of those: by its end, or where they are one text as a regular expression."""
    if isinstance(targets, str):
        return _matches(targets, module)
    if not isinstance(targets, list):
        return True
    return any(isinstance(one, str) and (module == one or module.endswith(f".{one}")) for one in targets)


def _matches(pattern: str, module: str) -> bool:
    try:
        return re.fullmatch(pattern, module) is not None
    except re.error:
        return True


RULE = AdapterRule(code="HFP025", title="adapter disagrees", check=_check)
