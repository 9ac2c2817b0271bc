"""Tell whether DVC tracks a file: by a `.dvc` file beside it or a folder above it, or by a `dvc.yaml`.

Source: https://dvc.org/doc/user-guide/project-structure/dvc-files: `outs`, each with a `path` relative to the
file or to its `wdir`; in `dvc.yaml`, the `outs` of each stage, texts or mappings of one key, the path.
An output with `cache: false` is git's to keep.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hfpin import atomic

_LONGEST = 1 << 20


def tracked_by(top: Path, path: str) -> str | None:
    """Give the file that says so; None where there is none.

    Args:
        top: The top of the working tree.
        path: The file, relative to it, with forward slashes.
    """
    part = path
    while part:
        folder = posixpath.dirname(part)
        for name, outs in ((f"{part}.dvc", _of_file), (posixpath.join(folder, "dvc.yaml"), _of_stages)):
            content = _load(top / name)
            for out in outs(content):
                covered = posixpath.normpath(posixpath.join(folder, out))
                if path == covered or path.startswith(f"{covered}/"):
                    return name
        part = folder
    return None


def _load(path: Path) -> Any:
    try:
        if atomic.a_file(path).stat().st_size > _LONGEST:
            return None
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    from ruamel.yaml import YAML  # here: nearly no commit has weights to ask about
    from ruamel.yaml.error import YAMLError

    try:
        return YAML(typ="safe").load(text)
    except (YAMLError, ValueError, RecursionError):
        return None


def _of_file(content: Any) -> Iterator[str]:
    outs = content.get("outs") if isinstance(content, dict) else None
    for out in outs if isinstance(outs, list) else ():
        if isinstance(out, dict) and isinstance(out.get("path"), str) and out.get("cache") is not False:
            yield posixpath.join(str(content.get("wdir") or ""), out["path"])


def _of_stages(content: Any) -> Iterator[str]:
    stages = content.get("stages") if isinstance(content, dict) else None
    for stage in stages.values() if isinstance(stages, dict) else ():
        outs = stage.get("outs") if isinstance(stage, dict) else None
        for out in outs if isinstance(outs, list) else ():
            for name, flags in out.items() if isinstance(out, dict) else ((out, None),):
                is_cached = not isinstance(flags, dict) or flags.get("cache") is not False
                if isinstance(name, str) and is_cached:
                    yield posixpath.join(str(stage.get("wdir") or ""), name)
