"""The tasks in dodo.py."""

from __future__ import annotations

import ast
import re

from hfpin.operations.init.change import Change, Refused, newline

NAME = "dodo.py"
_LINE = "from hfpin.doit import *  # noqa: F403  # fetch, verify, lock: a task for each pin"
_ENCODING = re.compile(rb"[ \t\f]*#.*?coding[:=]")  # https://peps.python.org/pep-0263/
_TASKS = frozenset({"task_fetch", "task_lock", "task_verify", "task_slurm"})


def add_tasks(before: bytes | None) -> Change | Refused | None:
    """Add the import behind the other imports; None where hfpin.doit is imported.

    Args:
        before: The file; None where there is none.
    """
    if before is None or not before.strip():
        text = f'"""Tasks of this project: `doit list` shows them."""\n\n{_LINE}\n'
        return Change(name=NAME, what="two lines", before=before, after=(before or b"") + text.encode())
    try:
        module = ast.parse(before)
    except (SyntaxError, ValueError):
        return Refused(name=NAME, reason="it is not Python", text=_LINE + "\n")
    if any(_imports_us(node) for node in ast.walk(module)):
        return None
    own = {node.name for node in module.body if isinstance(node, ast.FunctionDef)} & _TASKS
    if own:
        return Refused(name=NAME, reason=f"it has a {min(own)} of its own", text=f"{_LINE}\n")
    head = _head(module)
    lines, end = before.splitlines(keepends=True), newline(before).encode()
    at = (head[-1].end_lineno or 0) if head else _first(lines)
    above = b"".join(lines[:at])
    if above and not above.endswith((b"\n", b"\r")):
        above += end
    if head and not isinstance(head[-1], ast.Import | ast.ImportFrom):  # a docstring
        above += end
    after = above + _LINE.encode() + end + b"".join(lines[at:])
    if not _only_adds(module, after):
        reason = "a line cannot be added behind its imports"
        return Refused(name=NAME, reason=reason, text=f"{_LINE}\n")
    return Change(name=NAME, what="one line", before=before, after=after)


def _imports_us(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom):
        return node.module == "hfpin.doit" or (node.module == "hfpin" and node.names[0].name == "doit")
    return isinstance(node, ast.Import) and any(one.name == "hfpin.doit" for one in node.names)


def _head(module: ast.Module) -> list[ast.stmt]:
    """The docstring and the imports that a module starts with."""
    head: list[ast.stmt] = []
    for node in module.body:
        is_docstring = not head and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if not (is_docstring or isinstance(node, ast.Import | ast.ImportFrom)):
            break
        head.append(node)
    return head


def _first(lines: list[bytes]) -> int:
    """How many lines must stay the first: `#!` and the encoding, where there are any."""
    at = 1 if lines[0].startswith(b"#!") else 0
    return at + 1 if _ENCODING.match(b"".join(lines[at : at + 1])) else at


def _only_adds(module: ast.Module, after: bytes) -> bool:
    """Whether the new text is the old program with one import more."""
    try:
        new = ast.parse(after)
    except (SyntaxError, ValueError):
        return False
    added = new.body.pop(len(_head(module)))
    return _imports_us(added) and ast.dump(new) == ast.dump(module)
