"""The floors of the design: a module imports from lower floors only."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

import pytest

import hfpin

PACKAGE = Path(hfpin.__file__).parent

FLOORS = (
    {"errors", "dataclass", "regex"},
    {
        "repo",
        "ages",
        "digest",
        "span",
        "paths",
        "patterns",
        "weights",
        "tensors",
        "pointer",
        "atomic",
        "watch",
        "glance",
        "globs",
    },
    {"reference", "pin"},
    {"lock", "edit", "config", "vocabulary", "target"},
    {"scan", "places"},
    {"finding", "snapshot"},
    {"rules", "hub"},
    {"operations"},
    {"report"},
    {"cli", "doit", "pytest_plugin", "child"},
    {"pytest"},
)
"""From the ground up. Parts of one floor do not know each other; modules of a package may, without cycles."""

APART = {"testing"}
"""A product of its own: it imports nothing of ours, and only a host reaches for it, where it is needed."""

MODULES = sorted(PACKAGE.rglob("*.py"))


def part(module: str) -> str:
    """The part of hfpin that a module belongs to: `operations` for `hfpin.operations.fetch`."""
    return module.split(".")[1] if "." in module else ""


def name(path: Path) -> str:
    """The module's dotted name."""
    relative = path.relative_to(PACKAGE.parent).with_suffix("")
    return ".".join(relative.parts).removesuffix(".__init__")


NAMES = {name(path) for path in MODULES}


@functools.cache
def imports(path: Path) -> list[tuple[str, int]]:
    """Every module that a module imports, at whatever depth, with the line."""
    return list(_imports(path))


def _imports(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno} is a relative import"
            assert node.module is not None
            yield node.module, node.lineno
            if node.module.split(".")[0] == "hfpin":
                inner = (f"{node.module}.{alias.name}" for alias in node.names)
                yield from ((module, node.lineno) for module in inner if module in NAMES)


def floor(module: str) -> int:
    """The number of a module's floor."""
    (number,) = (number for number, parts in enumerate(FLOORS) if part(module) in parts)
    return number


def test_every_part_has_a_floor() -> None:
    """No module is outside the design, and the design names no module that is not there."""
    parts = {part(name(path)) for path in MODULES} - {"", "__main__"}
    assert parts == set().union(*FLOORS) | APART


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_imports_go_down(path: Path) -> None:
    """A module knows only what is below it."""
    module = name(path)
    if part(module) in {"", "__main__"}:
        return  # the package itself imports nothing; `python -m hfpin` is the door to the top floor
    for imported, line in imports(path):
        if imported.split(".")[0] != "hfpin" or part(imported) in {"", part(module)}:
            continue
        where = f"{path.name}:{line}"
        if part(module) in APART:
            pytest.fail(f"{where}: {module} stands alone, and imports {imported}")
        if part(imported) in APART:
            assert part(module) == "pytest_plugin", f"{where}: only a fixture reaches for {imported}"
            continue
        assert floor(imported) < floor(module), f"{where}: {module} is not above {imported}"


def test_packages_have_no_cycles() -> None:
    """Modules of one package import each other in one direction only."""
    graph = {
        name(path): {
            imported
            for imported, _ in imports(path)
            if part(imported) == part(name(path)) and imported != name(path)
        }
        for path in MODULES
    }
    done: set[str] = set()

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, " imports ".join((*trail[trail.index(module) :], module))
        if module not in done:
            for imported in graph.get(module, ()):
                # a package is imported before its modules, which is no cycle of theirs
                if not (module.startswith(f"{imported}.")):
                    visit(imported, (*trail, module))
            done.add(module)

    for module in graph:
        visit(module, ())


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_one_door_to_the_hub(path: Path) -> None:
    """Only `hub` names huggingface_hub, and only inside functions."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = [module for module, _ in imports(path) if module.split(".")[0] in {"huggingface_hub", "httpx"}]
    if part(name(path)) != "hub":
        assert named == []
    at_module_level = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    for node in at_module_level:
        assert not ast.unparse(node).startswith(("import huggingface_hub", "from huggingface_hub"))


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_only_hosts_print(path: Path) -> None:
    """No code path prints, exits or reads the environment but the hosts."""
    if part(name(path)) in {"cli", "doit", "pytest_plugin", "child", "testing", "", "__main__"}:
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    assert calls.isdisjoint({"print", "exit", "sys.exit", "os.getenv", "os.getcwd", "Path.cwd", "Path.home"})
    assert not any(ast.unparse(node) == "os.environ" for node in ast.walk(tree))
