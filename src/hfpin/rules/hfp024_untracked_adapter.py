"""HFP024: a large file of an adapter that git itself has, or would have."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from hfpin.finding import Finding
from hfpin.rules.adapters import AdapterFolder, AdapterRule

_MB = 1_000_000


def _check(folder: AdapterFolder) -> Iterator[Finding]:
    for file in folder.files:
        if file.size > folder.limit and file.tracking == "git":
            ending = file.name.rpartition(".")[2]
            name = quote(folder.name_of(file.name))
            yield folder.finding(
                RULE.code,
                file.name,
                f"{file.size / _MB:.0f} MB, and neither Git LFS nor DVC has it",
                "git keeps every version of it, in every clone, for ever.",
                f'git lfs track "*.{ending}" && git add .gitattributes {name}   (or: dvc add {name})',
            )


RULE = AdapterRule(code="HFP024", title="untracked adapter", check=_check)
