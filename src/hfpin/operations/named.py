"""What the small files of a model name of other repos: what libraries go and load there.

Each reader follows what its library follows, and nothing that is only said (`_name_or_path` in a config.json
tells where a model came from, and nobody loads it):

- `adapter_config.json`: peft (`AutoPeftModel`, `PeftConfig`, prompt tuning) and transformers load its base.
- `auto_map`, `custom_pipelines` and the `type` of a module of sentence-transformers:
  `owner/repo--module.Class` runs code of another repo (transformers,
  `dynamic_module_utils.get_class_from_dynamic_module`).
- `modular_model_index.json`: diffusers (`ModularPipeline`) takes components from other repos.
- `open_clip_config.json`: open_clip (`factory.get_tokenizer`, `HFTextEncoder`) takes tokenizer and config.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

from hfpin.dataclass import dataclass
from hfpin.lock import BASE_MODEL, CODE, COMPONENT, TOKENIZER, LockedFile
from hfpin.paths import has_control
from hfpin.repo import Repo, is_repo_id

ADAPTER_CONFIG = "adapter_config.json"

LARGEST = 16 << 20
"""Bytes. A tokenizer_config.json with many added tokens has one MiB; what is larger is no config."""

_PIPELINES = frozenset({"modules.json", "model_index.json", "modular_model_index.json"})
"""At the top of a repo they say that the folders below hold parts of one model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Another repo that a file names.

    Args:
        role: What it is loaded for, one of `hfpin.lock.ROLES`.
        repo: The repo.
        revision: The revision that is asked for; None where the file says none.
        source: The file.
    """

    role: str
    repo: Repo
    revision: str | None
    source: str


_Mention: TypeAlias = tuple[str, object, object]
"""A role, and what should be an id and a revision."""


def files_to_read(files: Iterable[LockedFile]) -> tuple[LockedFile, ...]:
    """Give the files of a model that may name another repo.

    Those at the top; of a pipeline those of its parts too; and of a repo that has none at the top, of several
    adapters say, those of every folder. Files of the same bytes name the same: one of them is given.
    """
    files = tuple(files)
    known = [file for file in files if _name(file.path) in _READERS and file.size <= LARGEST]
    top = [file for file in known if "/" not in file.path]
    if any(file.path in _PIPELINES for file in files):
        known = [file for file in known if file.path.count("/") <= 1]
    elif top:
        known = top
    first = {(_name(file.path), file.digest): file for file in reversed(known)}
    return tuple(sorted(first.values(), key=lambda file: file.path))


def names_in(path: str, data: bytes) -> tuple[Named, ...]:
    """Read what a file names. What is no JSON, or no id of a repo (a folder, say), names nothing.

    Args:
        path: The file, one of `files_to_read`.
        data: Its bytes.
    """
    found = dict.fromkeys(
        Named(
            role=role,
            repo=Repo(repo_id),
            revision=revision if isinstance(revision, str) and revision else None,
            source=path,
        )
        for role, repo_id, revision in _READERS[_name(path)](_parsed(data))
        if isinstance(repo_id, str) and is_repo_id(repo_id) and not has_control(str(revision))
    )
    return tuple(found)


def is_adapter(data: bytes) -> bool:
    """Whether an `adapter_config.json` is one: peft's, or one that names a base as peft's do."""
    config = _parsed(data)
    return isinstance(config, dict) and not config.keys().isdisjoint({"peft_type", "base_model_name_or_path"})


def takes_own_code(path: str, data: bytes) -> bool:
    """Whether a config takes code of its own repo."""
    return any("--" not in reference for reference in _code_of(_name(path), _parsed(data)))


def _parsed(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None  # whoever loads the model will say what is wrong with it


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _adapter(config: Any) -> Iterator[_Mention]:
    if isinstance(config, dict):
        yield BASE_MODEL, config.get("base_model_name_or_path"), config.get("revision")
        given = config.get("tokenizer_kwargs")
        revision = given.get("revision") if isinstance(given, dict) else None
        yield TOKENIZER, config.get("tokenizer_name_or_path"), revision


def _config(config: Any) -> Iterator[_Mention]:
    yield from _code(_auto_map(config))
    yield from _code(_custom_pipelines(config))


def _processor(config: Any) -> Iterator[_Mention]:
    yield from _code(_auto_map(config))


def _modules(config: Any) -> Iterator[_Mention]:
    yield from _code(_module_types(config))


def _components(config: Any) -> Iterator[_Mention]:
    for value in config.values() if isinstance(config, dict) else ():
        match value:
            case [_, _, dict(spec)]:
                repo_id = spec.get("pretrained_model_name_or_path") or spec.get("repo")
                yield COMPONENT, repo_id, spec.get("revision")


def _open_clip(config: Any) -> Iterator[_Mention]:
    match config:
        case {"model_cfg": {"text_cfg": dict(text)}}:
            yield TOKENIZER, text.get("hf_tokenizer_name"), None
            yield TOKENIZER, text.get("hf_model_name"), None


def _code(references: Iterable[str]) -> Iterator[_Mention]:
    for reference in references:
        repo_id, separator, _ = reference.partition("--")
        if separator:
            yield CODE, repo_id, None


def _code_of(name: str, config: Any) -> Iterator[str]:
    yield from _module_types(config) if name == "modules.json" else _auto_map(config)
    yield from _custom_pipelines(config)


def _auto_map(config: Any) -> Iterator[str]:
    """List `module.Class` and the like: values, or pairs for a slow and a fast tokenizer."""
    found = config.get("auto_map") if isinstance(config, dict) else None
    values = found.values() if isinstance(found, dict) else [found]  # a bare pair is how it once was written
    for value in values:
        yield from (one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str))


def _custom_pipelines(config: Any) -> Iterator[str]:
    found = config.get("custom_pipelines") if isinstance(config, dict) else None
    for value in found.values() if isinstance(found, dict) else ():
        match value:
            case {"impl": str(reference)}:
                yield reference


def _module_types(config: Any) -> Iterator[str]:
    for value in config if isinstance(config, list) else ():
        match value:
            case {"type": str(reference)} if not reference.startswith("sentence_transformers."):
                yield reference


_READERS: Mapping[str, Callable[[Any], Iterator[_Mention]]] = MappingProxyType(
    {
        ADAPTER_CONFIG: _adapter,
        "config.json": _config,
        "tokenizer_config.json": _processor,
        "processor_config.json": _processor,
        "preprocessor_config.json": _processor,
        "video_preprocessor_config.json": _processor,
        "modules.json": _modules,
        "modular_model_index.json": _components,
        "open_clip_config.json": _open_clip,
    }
)
