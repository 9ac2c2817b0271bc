"""HFP022: an adapter whose weights are a pickle."""

from __future__ import annotations

from collections.abc import Iterator

from hfpin.finding import Finding
from hfpin.rules.adapters import AdapterFolder, AdapterRule
from hfpin.weights import is_pickled, is_weights


def _check(folder: AdapterFolder) -> Iterator[Finding]:
    for file in folder.files:
        if is_weights(file.name) and (file.is_pickle or is_pickled(file.name)):
            yield folder.finding(
                RULE.code,
                file.name,
                "the weights of this adapter are a pickle",
                "A pickle can run anything when it is loaded.",
                "save it as safetensors: model.save_pretrained(folder), which is PEFT's default",
            )


RULE = AdapterRule(code="HFP022", title="pickled adapter", check=_check)
