"""Hears each request of HTTP clients, whichever session of whatever factory makes it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

CLIENTS = {
    "httpx": ("Client", "AsyncClient"),
    "httpx2": ("Client", "AsyncClient"),
    "requests": ("Session",),
}
"""Classes with a method `send` that takes a request with a `url`: huggingface_hub's, before and after 2.0,
and the one that people use by themselves."""


def hear_requests(hear: Callable[[str], None]) -> Callable[[], None]:
    """Call `hear` with the address of each request from now on, of clients that are imported or will be.

    Returns:
        What ends it.
    """
    undo: list[Callable[[], None]] = []

    def patch(module: ModuleType) -> None:
        for name in CLIENTS[module.__name__]:
            client = getattr(module, name, None)
            if isinstance(client, type):
                undo.append(_patched(client, hear))

    for name in CLIENTS:
        module = sys.modules.get(name)
        if module is not None:
            patch(module)
    finder = _AfterImport(patch)
    sys.meta_path.insert(0, finder)

    def end() -> None:
        finders = sys.meta_path or []  # none where the interpreter has all but ended
        if finder in finders:
            finders.remove(finder)
        while undo:
            undo.pop()()

    return end


def _patched(client: Any, hear: Callable[[str], None]) -> Callable[[], None]:
    original = client.__dict__.get("send")
    if original is None:
        return lambda: None

    import functools

    @functools.wraps(original)
    def send(self: Any, request: Any, *args: Any, **kwargs: Any) -> Any:
        hear(str(getattr(request, "url", "")))
        return original(self, request, *args, **kwargs)

    client.send = send

    def end() -> None:
        if client.__dict__.get("send") is send:
            client.send = original

    return end


class _AfterImport:
    """Lets the other finders find a client, and has its module patched once it is there."""

    def __init__(self, patch: Callable[[ModuleType], None]) -> None:
        self._patch = patch

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in CLIENTS:
            return None
        for finder in sys.meta_path:
            find = getattr(finder, "find_spec", None)
            spec = None if finder is self or find is None else find(fullname, path, target)
            if isinstance(spec, ModuleSpec):
                self._wrap(spec.loader)
                return spec
        return None

    def _wrap(self, loader: Any) -> None:
        execute = getattr(loader, "exec_module", None)
        if execute is None:
            return

        def exec_module(module: ModuleType) -> None:
            execute(module)
            self._patch(module)

        loader.exec_module = exec_module  # the loader is this module's own, so no other is touched
