"""A lock as text: the same bytes for the same lock, on every machine."""

from __future__ import annotations

import json
from typing import Any

from hfpin.lock.values import VERSION, Dependency, Dropped, Lock, LockedFile, LockedPin

_json = json.JSONEncoder(ensure_ascii=False).encode


def dumps(lock: Lock) -> str:
    """Write a lock as text."""
    pins = ",\n".join(_pin(locked) for locked in sorted(lock.pins, key=lambda locked: locked.pin.name))
    return f'{{\n "lock_version": {_json(VERSION)},\n "pins": [{_block(pins, 1)}]\n}}\n'


def _pin(locked: LockedPin) -> str:
    pin, target = locked.pin, locked.pin.target
    fields: dict[str, Any] = {
        "name": pin.name,
        "aliases": pin.aliases,
        "repo_type": target.repo.repo_type,
        "repo_id": target.repo.repo_id,
        "revision": pin.revision,
        "commit": target.commit,
        "allow_patterns": target.patterns.allow,
        "ignore_patterns": target.patterns.ignore,
        "formats": target.formats,
        "local_dir": target.local_dir,
        "unmatched_patterns": locked.unmatched_patterns,
        "incomplete": locked.incomplete,
        "size": locked.size,
    }
    if locked.kind is not None:
        fields["kind"] = locked.kind
    flags = {"without_dependencies": locked.without_dependencies, "is_dependency": locked.is_dependency}
    fields.update({key: True for key, is_set in flags.items() if is_set})
    lines = [f"   {_json(key)}: {_json(value)}," for key, value in fields.items()]
    if locked.dependencies:
        in_order = sorted(locked.dependencies, key=lambda one: one.sort_key)
        dependencies = ",\n".join(_dependency(one) for one in in_order)
        lines.append(f'   "dependencies": [{_block(dependencies, 3)}],')
    dropped = ",\n".join(_dropped(one) for one in sorted(locked.dropped))
    files = ",\n".join(_file(file) for file in sorted(locked.files, key=lambda file: file.path))
    return "\n".join(
        ["  {", *lines, f'   "dropped": [{_block(dropped, 3)}],', f'   "files": [{_block(files, 3)}]', "  }"]
    )


def _dependency(one: Dependency) -> str:
    fields = {
        "role": one.role,
        "repo_type": one.repo.repo_type,
        "repo_id": one.repo.repo_id,
        "revision": one.revision,
        "name": one.name,
        "source": one.source,
    }
    return "    " + _json(fields)


def _dropped(one: Dropped) -> str:
    return "    " + _json({"by": one.by, "pattern": one.pattern, "files": one.files, "size": one.size})


def _file(file: LockedFile) -> str:
    fields: dict[str, Any] = {"path": file.path, "size": file.size, file.digest.algorithm: file.digest.hex}
    if file.tensors is not None:
        fields["tensors"] = {name: (tensor.dtype, tensor.shape) for name, tensor in file.tensors}
    return "    " + _json(fields)


def _block(lines: str, indent: int) -> str:
    return f"\n{lines}\n{' ' * indent}" if lines else ""
